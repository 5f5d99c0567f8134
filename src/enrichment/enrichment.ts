/** Enriches rows with titles, covers and pictures of the catalogue, and removes those that it says do not exist. */
import pTimeout from 'p-timeout'
import type { CatalogueAlbum, CatalogueArtist } from '../catalogue/answers.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { kindOf } from '../identity/entity-ref.ts'
import type { Recommendation } from '../recommendations/recommendation.ts'
import type { Album, Artist, Described, Keyed, Track } from '../statistics/describe.ts'

/** By id. null: the catalogue has none; absent: it did not answer in time, or can't say. */
type Answers<T> = ReadonlyMap<string, T | null>

/**
 * The same rows in the same order, enriched where the catalogue answers within `budgetMs` milliseconds, or has answered
 * before; null in place of a row that it says does not exist. Each album and artist is asked for once; an answer that comes
 * too late is cached for the next time.
 */
export async function enrichRows<Row extends Keyed & Described>(
  rows: readonly Row[],
  catalogue: Pick<Catalogue, 'album' | 'artist' | 'known'>,
  budgetMs: number,
): Promise<(Row | null)[]> {
  const albumIds = rows.map(row => (row.type === 'artist' ? null : row.albumId))
  const artistIds = rows.map(row => (row.type === 'artist' && kindOf(row.key) === 'artist' ? row.id : null))
  const [albums, artists] = await Promise.all([
    answersWithin(albumIds, id => catalogue.album(id), catalogue.known.album, budgetMs),
    answersWithin(artistIds, id => catalogue.artist(id), catalogue.known.artist, budgetMs),
  ])
  return rows.map(row => {
    if (row.type === 'artist') return enriched(row, artists.get(row.id), artist => saidOfArtist(row, artist))
    const said = (album: CatalogueAlbum) => (row.type === 'album' ? saidOfAlbum(row, album) : saidOfTrack(row, album))
    return enriched(row, albums.get(row.albumId ?? ''), said)
  })
}

/** As `enrichRows`, but a row that the catalogue says does not exist stays as events have it: it is a part of a sum. */
export async function enrichAll<Row extends Keyed & Described>(
  rows: readonly Row[],
  catalogue: Pick<Catalogue, 'album' | 'artist' | 'known'> | null,
  budgetMs: number,
): Promise<Row[]> {
  if (!catalogue) return [...rows]
  const enriched = await enrichRows(rows, catalogue, budgetMs)
  return rows.map((row, i) => enriched[i] ?? row)
}

/** A track with what the catalogue has said of its album before; the catalogue is not asked. */
export function knownTrack<Row extends Keyed & Track>(row: Row, { known }: Pick<Catalogue, 'known'>): Row {
  const album = row.albumId === null ? undefined : known.album(row.albumId)
  return enriched(row, album, said => saidOfTrack(row, said)) ?? row
}

/**
 * As `enrichRows`, for recommendations; null also in place of what the catalogue says is hidden. It does not ask for albums of a
 * genre, which come from the catalogue.
 */
export async function enrichRecommendations(
  rows: readonly Recommendation[],
  catalogue: Pick<Catalogue, 'album' | 'artist' | 'known'>,
  budgetMs: number,
): Promise<(Recommendation | null)[]> {
  const artistIds = rows.map(({ type, id }) => (type === 'artist' ? id : null))
  const albumIds = rows.map(row => (row.strategy === 'genre' ? null : albumOf(row)))
  const [albums, artists] = await Promise.all([
    answersWithin(albumIds, id => catalogue.album(id), catalogue.known.album, budgetMs),
    answersWithin(artistIds, id => catalogue.artist(id), catalogue.known.artist, budgetMs),
  ])
  return rows.map(row => {
    if (row.type === 'artist') return enriched(row, artists.get(row.id), artist => saidOfRecommended(row, artist))
    if (row.strategy === 'genre') return catalogue.known.album(row.id) === null ? null : row
    return enriched(row, albums.get(albumOf(row) ?? ''), album => saidOfRelease(row, album))
  })
}

const albumOf = ({ type, id, albumId }: Recommendation): string | null => (type === 'album' ? id : (albumId ?? null))

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

/** The row with what the answer says; null where there is no such entity. */
function enriched<R extends object, T>(
  row: R,
  answer: T | null | undefined,
  said: (answer: T) => object | null,
): R | null {
  if (answer === undefined) return row
  const fields = answer === null ? null : said(answer)
  return fields && { ...row, ...fields }
}

/** A row is `enriched` only where it has a name: one that the catalogue does not have yet may come later. */
function saidOfArtist(row: Artist, artist: CatalogueArtist) {
  const name = artist.name ?? row.name
  return { name, profileImage: artist.profileImage, enriched: name !== null }
}

function saidOfAlbum(row: Album, { title: said, coverImage, artistName }: CatalogueAlbum) {
  const title = said ?? row.title
  return { title, coverImage, artistName: artistName ?? row.artistName, enriched: title !== null }
}

/** null where the album has no track of that number. A track id that is no number of the album may come from elsewhere. */
function saidOfTrack(row: Keyed & Track, album: CatalogueAlbum) {
  const track = album.tracks.find(({ id, otherId }) => id === row.trackId || otherId === row.trackId)
  const isNumber = row.trackId !== row.key
  if (!track && isNumber && album.hasAllTracks) return null
  const title = track?.title ?? row.title
  return {
    title,
    url: track?.url ?? row.url,
    coverImage: album.coverImage,
    artistName: album.artistName ?? row.artistName,
    enriched: track !== undefined && title !== null,
  }
}

function saidOfRecommended(row: Recommendation, artist: CatalogueArtist) {
  if (artist.isHidden) return null
  const name = artist.name ?? row.title
  return { title: name, artist: name, coverImage: artist.profileImage }
}

/** null where the album is hidden, or has no track of that number. */
function saidOfRelease(row: Recommendation, album: CatalogueAlbum) {
  if (album.isHidden) return null
  const artist = album.artistName ?? row.artist
  if (row.type === 'album') return { title: album.title ?? row.title, coverImage: album.coverImage, artist }
  const track = album.tracks.find(({ id, otherId }) => id === row.trackId || otherId === row.trackId)
  const isNumber = row.trackId !== row.id
  if (!track && isNumber && album.hasAllTracks) return null
  return { title: track?.title ?? row.title, coverImage: album.coverImage, artist }
}
