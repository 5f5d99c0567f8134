/** The rows of a ranking, with titles, albums and names as events give them; `enrichment/` adds what the catalogue says. */
import { labelsOf, ownersOf, trackOriginsOf } from '../attribution/attribution.ts'
import { type EntityRef, idInAlbum, idOf, kindOf } from '../identity/entity-ref.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Ranked, RankingKind } from './ranking.ts'

/** What a row says of its position in the ranking. */
export interface RankingPosition {
  /** Unique among all of its kind: of an artist `artist:<id>` or `name:<folded name>`, else the id alone. */
  key: string
  /** Plays or net follows in the window. */
  count: number
  /** From 1. */
  rank: number
  /** The rank by count in the window before; null where the count was zero then. */
  previousRank: number | null
  previousCount: number
  /** Whether the catalogue has filled the row in; false here. */
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

export interface TrackRow extends RankingPosition, Release {
  type: 'track'
  /** The track's id inside its album: of `<albumId>_1` it is `1`. null where no album is known. */
  trackId: string | null
}

export interface AlbumRow extends RankingPosition, Release {
  type: 'album'
}

export interface ArtistRow extends RankingPosition {
  key: EntityRef<'artist' | 'name'>
  /** The artist's id; of a name that is bound to no artist the `key`, for the name may be another artist's id. */
  id: string
  type: 'artist'
  /** What the artist's KPIs are asked by: the artist's id, or the folded name. */
  entityId: string
  name: string | null
  profileImage: string | null
}

export type TrendingRow = TrackRow | AlbumRow | ArtistRow

export interface RankedEntity extends Pick<Ranked, 'id' | 'entity'> {
  position: RankingPosition
}

/** Adds to each position what events say of the entity: title, album, artist's name. */
export function trendingRows(
  reads: Snapshot,
  kind: RankingKind,
  ranked: readonly RankedEntity[],
): Promise<TrendingRow[]> {
  if (kind === 'artists') return artistRows(reads, ranked)
  return kind === 'albums' ? albumRows(reads, ranked) : trackRows(reads, ranked)
}

async function trackRows(reads: Snapshot, ranked: readonly RankedEntity[]): Promise<TrackRow[]> {
  const tracks = ranked.map(({ id }) => id)
  const origins = await trackOriginsOf(reads, tracks)
  const known = [...origins.values()]
  const labels = await labelsOf(reads, [...tracks, ...known.map(({ owner }) => owner).filter(id => id !== null)])
  const entities = await reads.entitiesOf(known.map(({ album }) => album).filter(id => id !== null))
  return ranked.map(({ id: track, position }) => {
    const origin = origins.get(track)
    const album = lookUp(entities, origin?.album)
    const albumId = album === null ? null : idOf(album)
    return {
      id: position.key,
      ...position,
      type: 'track',
      trackId: albumId === null ? null : idInAlbum(position.key, albumId),
      albumId,
      title: labels.get(track) ?? null,
      coverImage: null,
      artistName: lookUp(labels, origin?.owner),
      url: null,
    }
  })
}

async function albumRows(reads: Snapshot, ranked: readonly RankedEntity[]): Promise<AlbumRow[]> {
  const albums = ranked.map(({ id }) => id)
  const owners = await ownersOf(reads, albums)
  const labels = await labelsOf(reads, [...albums, ...owners.values()])
  return ranked.map(({ id: album, position }) => {
    const owner = owners.get(album)
    const artistName = owner === album ? null : lookUp(labels, owner)
    const title = labels.get(album) ?? null
    return {
      id: position.key,
      ...position,
      type: 'album',
      albumId: position.key,
      title,
      coverImage: null,
      artistName,
      url: null,
    }
  })
}

async function artistRows(reads: Snapshot, ranked: readonly RankedEntity[]): Promise<ArtistRow[]> {
  const labels = await labelsOf(
    reads,
    ranked.map(({ id }) => id),
  )
  return ranked.map(({ id: artist, entity, position }) => {
    const key = entity as ArtistRow['key']
    const entityId = idOf(key)
    const id = kindOf(key) === 'artist' ? entityId : key
    return { id, entityId, ...position, key, type: 'artist', name: labels.get(artist) ?? null, profileImage: null }
  })
}

function lookUp<Text>(texts: ReadonlyMap<number, Text>, id: number | null | undefined): Text | null {
  return id === null || id === undefined ? null : (texts.get(id) ?? null)
}
