/** Enriches rows with titles, covers and pictures of the catalogue, and removes those that it says do not exist. */
import pTimeout from 'p-timeout'
import type { CatalogueAlbum, CatalogueArtist } from '../catalogue/answers.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Recommendation } from '../recommendations/recommendation.ts'
import type { AlbumRow, ArtistRow, TrackRow, TrendingRow } from '../statistics/trending-rows.ts'

/** By id. null: the catalogue has none; absent: it did not answer in time, or can't say. */
type Answers<T> = ReadonlyMap<string, T | null>

/**
 * The same rows in the same order, enriched where the catalogue answers within `budgetMs` milliseconds, or has answered
 * before; null in place of a row that it says does not exist. Each album and artist is asked for once; an answer that comes
 * too late is cached for the next time.
 */
export async function enrichRows(
  rows: readonly TrendingRow[],
  catalogue: Pick<Catalogue, 'album' | 'artist' | 'known'>,
  budgetMs: number,
): Promise<(TrendingRow | null)[]> {
  const albumIds = rows.map(row => (row.type === 'artist' ? null : row.albumId))
  const artistIds = rows.map(row => (row.type === 'artist' && row.key.startsWith('artist:') ? row.id : null))
  const [albums, artists] = await Promise.all([
    answersWithin(albumIds, id => catalogue.album(id), catalogue.known.album, budgetMs),
    answersWithin(artistIds, id => catalogue.artist(id), catalogue.known.artist, budgetMs),
  ])
  return rows.map(row => {
    if (row.type === 'artist') return enriched(row, artists.get(row.id), artistRow)
    const album = albums.get(row.albumId ?? '')
    return row.type === 'album' ? enriched(row, album, albumRow) : enriched(row, album, trackRow)
  })
}

/** As `enrichRows`, for recommendations. It asks for artists only: recommended albums come from the catalogue. */
export async function enrichRecommendations(
  rows: readonly Recommendation[],
  catalogue: Pick<Catalogue, 'artist' | 'known'>,
  budgetMs: number,
): Promise<(Recommendation | null)[]> {
  const ids = rows.map(({ type, id }) => (type === 'artist' ? id : null))
  const artists = await answersWithin(ids, id => catalogue.artist(id), catalogue.known.artist, budgetMs)
  return rows.map(row => {
    if (row.type === 'album') return catalogue.known.album(row.id) === null ? null : row
    return row.type === 'artist' ? enriched(row, artists.get(row.id), recommendedArtist) : row
  })
}

/** The first `limit` rows that exist, as `enrich` returns them, and the rows before them for which it returns null. */
export async function firstExisting<T>(
  list: readonly T[],
  limit: number,
  enrich: (some: readonly T[]) => Promise<readonly (T | null)[]>,
): Promise<{ shown: T[]; gone: T[] }> {
  const shown: T[] = []
  const gone: T[] = []
  for (let next = 0; shown.length < limit && next < list.length; ) {
    // No more than are still needed: each may cost the catalogue a call.
    const some = list.slice(next, next + limit - shown.length)
    next += some.length
    for (const [i, row] of (await enrich(some)).entries()) {
      if (row === null) gone.push(some[i]!)
      else shown.push(row)
    }
  }
  return { shown, gone }
}

/** The answer; undefined where it fails, or does not come within `budgetMs` milliseconds. */
export async function answerWithin<T>(answer: Promise<T>, budgetMs: number): Promise<T | undefined> {
  // At 0 ms only a cached answer comes in time; the library takes no limit below 1 ms.
  const milliseconds = Math.max(1, budgetMs)
  return pTimeout<T | undefined>(answer, { milliseconds, fallback: () => undefined }).catch(() => undefined)
}

async function answersWithin<T>(
  ids: readonly (string | null)[],
  ask: (id: string) => Promise<T | null | undefined>,
  known: (id: string) => T | null | undefined,
  budgetMs: number,
): Promise<Answers<T>> {
  const found = new Map<string, T | null>()
  const asked = [...new Set(ids)].filter(id => id !== null)
  const answers = asked.map(async id => {
    const answer = await answerWithin(ask(id), budgetMs)
    const value = answer === undefined ? known(id) : answer
    if (value !== undefined) found.set(id, value)
  })
  await Promise.all(answers)
  return found
}

function enriched<R, T>(row: R, answer: T | null | undefined, fill: (row: R, answer: T) => R | null): R | null {
  if (answer === undefined) return row
  return answer === null ? null : fill(row, answer)
}

/** A row is `enriched` only where it has a name: one that the catalogue does not have yet may come later. */
function artistRow(row: ArtistRow, artist: CatalogueArtist): ArtistRow {
  const name = artist.name ?? row.name
  return { ...row, name, profileImage: artist.profileImage, enriched: name !== null }
}

function albumRow(row: AlbumRow, album: CatalogueAlbum): AlbumRow {
  const title = album.title ?? row.title
  const { coverImage, artistName } = album
  return { ...row, title, coverImage, artistName: artistName ?? row.artistName, enriched: title !== null }
}

/** null where the album has no track of that number. A track id that is no number of the album may come from elsewhere. */
function trackRow(row: TrackRow, album: CatalogueAlbum): TrackRow | null {
  const track = album.tracks.find(({ id, otherId }) => id === row.trackId || otherId === row.trackId)
  const isNumber = row.trackId !== row.key
  if (!track && isNumber && album.hasAllTracks) return null
  const title = track?.title ?? row.title
  return {
    ...row,
    title,
    url: track?.url ?? row.url,
    coverImage: album.coverImage,
    artistName: album.artistName ?? row.artistName,
    enriched: track !== undefined && title !== null,
  }
}

function recommendedArtist(row: Recommendation, artist: CatalogueArtist): Recommendation {
  const name = artist.name ?? row.title
  return { ...row, title: name, artist: name, coverImage: artist.profileImage }
}
