/** The rows of a ranking, with what events taught about each; the catalogue may say more later. */
import { type Bindings, idInAlbum, idOf } from './bindings.ts'
import type { TrendingKind } from './trending-board.ts'

/** A place in a ranking. */
export interface Placed {
  /** Unique among all of its kind. */
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
    const artistName = nameOf(owners.get(track), labels)
    return {
      id: key,
      ...place,
      key,
      type: 'track',
      trackId: albumId === null ? null : idInAlbum(key, albumId),
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
    const entityId = idOf(place.key)
    const id = place.key.startsWith('artist:') ? entityId : place.key
    return { id, entityId, ...place, type: 'artist', name: nameOf(place.key, labels), profileImage: null }
  })
}

function nameOf(owner: string | undefined, labels: ReadonlyMap<string, string>): string | null {
  return owner?.startsWith('album:') ? null : (labels.get(owner ?? '') ?? null)
}
