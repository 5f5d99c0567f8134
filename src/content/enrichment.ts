/** Titles, covers and pictures for the rows of a ranking: what the catalogue can give in time. */
import type { AlbumRow, ArtistRow, TrackRow, TrendingRow } from '../queries/trending-rows.ts'
import type { Recommendation } from '../recommendations/recommendation.ts'
import type { CatalogueAlbum, CatalogueArtist } from './answers.ts'
import type { Catalogue } from './catalogue.ts'
import { inTime } from './in-time.ts'

/** Answers that came in time, by id; absent: late, failing or unknown to the catalogue. */
interface Answers {
  albums: ReadonlyMap<string, CatalogueAlbum>
  artists: ReadonlyMap<string, CatalogueArtist>
}

/**
 * The same rows in the same order, filled in where the catalogue answers within `budgetMs`. Each album and artist is
 * asked for once; what comes later is in the cache for the next time. An old answer is better than none.
 */
export async function enrichRows(
  rows: readonly TrendingRow[],
  catalogue: Pick<Catalogue, 'album' | 'artist' | 'known'>,
  budgetMs: number,
): Promise<TrendingRow[]> {
  const albumIds = rows.map(row => (row.type === 'artist' ? null : row.albumId))
  const artistIds = rows.map(row => (row.type === 'artist' && row.key.startsWith('artist:') ? row.id : null))
  const [albums, artists] = await Promise.all([
    answersInTime(albumIds, id => catalogue.album(id), catalogue.known.album, budgetMs),
    answersInTime(artistIds, id => catalogue.artist(id), catalogue.known.artist, budgetMs),
  ])
  return rows.map(row => enriched(row, { albums, artists }))
}

/** The same for recommended artists; albums come from the catalogue in the first place. */
export async function enrichRecommendations(
  rows: readonly Recommendation[],
  catalogue: Pick<Catalogue, 'artist' | 'known'>,
  budgetMs: number,
): Promise<Recommendation[]> {
  const ids = rows.map(({ type, id }) => (type === 'artist' ? id : null))
  const artists = await answersInTime(ids, id => catalogue.artist(id), catalogue.known.artist, budgetMs)
  return rows.map(row => {
    const artist = row.type === 'artist' ? artists.get(row.id) : undefined
    if (!artist) return row
    const name = artist.name ?? row.title
    return { ...row, title: name, artist: name, coverImage: artist.profileImage }
  })
}

async function answersInTime<T>(
  ids: readonly (string | null)[],
  ask: (id: string) => Promise<T | null>,
  known: (id: string) => T | null | undefined,
  budgetMs: number,
): Promise<Map<string, T>> {
  const found = new Map<string, T>()
  const asked = [...new Set(ids)].filter(id => id !== null)
  const answers = asked.map(async id => {
    const answer = await inTime(ask(id), budgetMs)
    const value = answer === undefined ? known(id) : answer
    if (value) found.set(id, value as T)
  })
  await Promise.all(answers)
  return found
}

function enriched(row: TrendingRow, { albums, artists }: Answers): TrendingRow {
  if (row.type === 'artist') {
    const artist = artists.get(row.id)
    return artist ? artistRow(row, artist) : row
  }
  const album = albums.get(row.albumId ?? '')
  if (!album) return row
  return row.type === 'album' ? albumRow(row, album) : trackRow(row, album)
}

const artistRow = (row: ArtistRow, artist: CatalogueArtist): ArtistRow => ({
  ...row,
  name: artist.name ?? row.name,
  profileImage: artist.profileImage,
  enriched: true,
})

const albumRow = (row: AlbumRow, album: CatalogueAlbum): AlbumRow => ({
  ...row,
  title: album.title ?? row.title,
  coverImage: album.coverImage,
  artistName: album.artistName ?? row.artistName,
  enriched: true,
})

function trackRow(row: TrackRow, album: CatalogueAlbum): TrackRow {
  const track = album.tracks.find(({ id }) => id === row.id)
  return {
    ...row,
    title: track?.title ?? row.title,
    url: track?.url ?? row.url,
    coverImage: album.coverImage,
    artistName: album.artistName ?? row.artistName,
    enriched: true,
  }
}
