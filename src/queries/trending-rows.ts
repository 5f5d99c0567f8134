/** The rows of a ranking, with what events taught about each; the catalogue may say more later. */
import { type Bindings, idInAlbum, idOf } from './bindings.ts'
import type { TrendingKind } from './trending-board.ts'

/** A place in a ranking. */
export interface Placed {
  /** What is unique: a track's id is so only inside its album, an artist's only among artists. */
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
  /** `mode=rising`: see `risingScore` in `trending.ts`. */
  score?: number
  /** `mode=rising`: the parts of the score. */
  growth?: { count: number; previousCount: number; shrinkage: number }
}

interface Release {
  id: string
  albumId: string | null
  title: string | null
  coverImage: string | null
  artistName: string | null
  url: string | null
}

export interface TrackRow extends Placed, Release {
  type: 'track'
}

export interface AlbumRow extends Placed, Release {
  type: 'album'
}

export interface ArtistRow extends Placed {
  id: string
  type: 'artist'
  /** The same as `id`; of a name that is bound to no artist, the folded name. */
  entityId: string
  name: string | null
  profileImage: string | null
}

export type TrendingRow = TrackRow | AlbumRow | ArtistRow

/** What events taught of each place: title, album, artist's name. */
export function trendingRows(
  bindings: Bindings,
  kind: TrendingKind,
  places: readonly Placed[],
): Promise<TrendingRow[]> {
  if (kind === 'artists') return artistRows(bindings, places)
  return kind === 'albums' ? albumRows(bindings, places) : trackRows(bindings, places)
}

async function trackRows(bindings: Bindings, places: readonly Placed[]): Promise<TrackRow[]> {
  const tracks = places.map(({ key }) => key)
  const albums = await bindings.albumsOf(tracks)
  const owners = await bindings.trackOwnersOf(tracks)
  const labels = await bindings.labelsOf([...tracks, ...owners.values()])
  return places.map((place, i) => {
    const track = tracks[i]!
    const album = albums.get(track)
    const albumId = album === undefined ? null : idOf(album)
    const key = idOf(track)
    const id = albumId === null ? key : idInAlbum(key, albumId)
    const artistName = nameOf(owners.get(track), labels)
    return {
      id,
      ...place,
      key,
      type: 'track',
      albumId,
      title: labels.get(track) ?? null,
      coverImage: null,
      artistName,
      url: null,
    }
  })
}

async function albumRows(bindings: Bindings, places: readonly Placed[]): Promise<AlbumRow[]> {
  const albums = places.map(({ key }) => key)
  const owners = await bindings.ownersOf(albums)
  const labels = await bindings.labelsOf([...albums, ...owners.values()])
  return places.map((place, i) => {
    const album = albums[i]!
    const key = idOf(album)
    const artistName = nameOf(owners.get(album), labels)
    const title = labels.get(album) ?? null
    return { id: key, ...place, key, type: 'album', albumId: key, title, coverImage: null, artistName, url: null }
  })
}

async function artistRows(bindings: Bindings, places: readonly Placed[]): Promise<ArtistRow[]> {
  const labels = await bindings.labelsOf(places.map(({ key }) => key))
  return places.map(place => {
    const id = idOf(place.key)
    return { id, entityId: id, ...place, type: 'artist', name: nameOf(place.key, labels), profileImage: null }
  })
}

function nameOf(owner: string | undefined, labels: ReadonlyMap<string, string>): string | null {
  return owner?.startsWith('album:') ? null : (labels.get(owner ?? '') ?? null)
}
