/** The rows of a ranking, with what events taught about each; the catalogue may say more later. */
import { labelsOf, ownersOf, trackOriginsOf } from '../attribution/attribution.ts'
import { idInAlbum, idOf } from '../attribution/ids.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { RankingKind } from './ranking.ts'

/** A place in a ranking. */
export interface Placed {
  /** Unique among all of its kind: of an artist `artist:<id>` or `name:<folded name>`, else the id alone. */
  key: string
  /** Plays or net follows in the window. */
  count: number
  /** Position, from 1. */
  rank: number
  /** The position by count in the window before; null for what was not there. */
  previousRank: number | null
  previousCount: number
  /** Whether the catalogue has been asked; what is here is what events taught. */
  enriched: boolean
  /** `mode=rising`: see `ranking.ts`. */
  score?: number
  /** `mode=rising`: the parts of the score. */
  growth?: { count: number; previousCount: number; shrinkage: number }
}

interface Release {
  /** The same as `key`, for clients that keep rows apart by it. */
  id: string
  albumId: string | null
  title: string | null
  coverImage: string | null
  artistName: string | null
  url: string | null
}

export interface TrackRow extends Placed, Release {
  type: 'track'
  /** The track's id inside its album: of `<albumId>_1` it is `1`. null where no album is known. */
  trackId: string | null
}

export interface AlbumRow extends Placed, Release {
  type: 'album'
}

export interface ArtistRow extends Placed {
  /** The artist's id; of a name that is bound to no artist the `key`, for a name may be another's id. */
  id: string
  type: 'artist'
  /** What figures are asked by: the artist's id, or the folded name. */
  entityId: string
  name: string | null
  profileImage: string | null
}

export type TrendingRow = TrackRow | AlbumRow | ArtistRow

/** A place, and the number of the entity that has it. */
export interface Listed {
  entity: number
  place: Placed
}

/** What events taught of each place: title, album, artist's name. */
export function trendingRows(reads: Snapshot, kind: RankingKind, listed: readonly Listed[]): Promise<TrendingRow[]> {
  if (kind === 'artists') return artistRows(reads, listed)
  return kind === 'albums' ? albumRows(reads, listed) : trackRows(reads, listed)
}

async function trackRows(reads: Snapshot, listed: readonly Listed[]): Promise<TrackRow[]> {
  const tracks = listed.map(({ entity }) => entity)
  const origins = await trackOriginsOf(reads, tracks)
  const known = [...origins.values()]
  const labels = await labelsOf(reads, [...tracks, ...known.map(({ owner }) => owner).filter(id => id !== null)])
  const entities = await reads.entitiesOf(known.map(({ album }) => album).filter(id => id !== null))
  return listed.map(({ entity: track, place }) => {
    const origin = origins.get(track)
    const album = lookUp(entities, origin?.album)
    const albumId = album === null ? null : idOf(album)
    return {
      id: place.key,
      ...place,
      type: 'track',
      trackId: albumId === null ? null : idInAlbum(place.key, albumId),
      albumId,
      title: labels.get(track) ?? null,
      coverImage: null,
      artistName: lookUp(labels, origin?.owner),
      url: null,
    }
  })
}

async function albumRows(reads: Snapshot, listed: readonly Listed[]): Promise<AlbumRow[]> {
  const albums = listed.map(({ entity }) => entity)
  const owners = await ownersOf(reads, albums)
  const labels = await labelsOf(reads, [...albums, ...owners.values()])
  return listed.map(({ entity: album, place }) => {
    const owner = owners.get(album)
    const artistName = owner === album ? null : lookUp(labels, owner)
    const title = labels.get(album) ?? null
    return {
      id: place.key,
      ...place,
      type: 'album',
      albumId: place.key,
      title,
      coverImage: null,
      artistName,
      url: null,
    }
  })
}

async function artistRows(reads: Snapshot, listed: readonly Listed[]): Promise<ArtistRow[]> {
  const labels = await labelsOf(
    reads,
    listed.map(({ entity }) => entity),
  )
  return listed.map(({ entity, place }) => {
    const entityId = idOf(place.key)
    const id = place.key.startsWith('artist:') ? entityId : place.key
    return { id, entityId, ...place, type: 'artist', name: labels.get(entity) ?? null, profileImage: null }
  })
}

function lookUp(texts: ReadonlyMap<number, string>, id: number | null | undefined): string | null {
  return id === null || id === undefined ? null : (texts.get(id) ?? null)
}
