/** Titles, covers and pictures for rows: what the catalogue can give in time. What it says does not exist leaves. */

import type { CatalogueAlbum, CatalogueArtist } from '../catalogue/answers.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { inTime } from '../concurrency/in-time.ts'
import { kindOf } from '../identity/entity-ref.ts'
import type { Recommendation } from '../recommendations/recommendation.ts'
import type { AlbumRow, ArtistRow, TrackRow, TrendingRow } from '../statistics/trending-rows.ts'

/** By id; null: the catalogue has none; absent: it does not say now, or can't say. */
type Answers<T> = ReadonlyMap<string, T | null>

/**
 * The same rows in the same order, filled in where the catalogue answers within `budgetMs`; null in the place of what it
 * says does not exist. Each album and artist is asked for once; what comes later is in the cache for the next time. An
 * old answer is better than none.
 */
export async function enrichRows(
  rows: readonly TrendingRow[],
  catalogue: Pick<Catalogue, 'album' | 'artist' | 'known'>,
  budgetMs: number,
): Promise<(TrendingRow | null)[]> {
  const albumIds = rows.map(row => (row.type === 'artist' ? null : row.albumId))
  const artistIds = rows.map(row => (row.type === 'artist' && kindOf(row.key) === 'artist' ? row.id : null))
  const [albums, artists] = await Promise.all([
    answersInTime(albumIds, id => catalogue.album(id), catalogue.known.album, budgetMs),
    answersInTime(artistIds, id => catalogue.artist(id), catalogue.known.artist, budgetMs),
  ])
  return rows.map(row => {
    if (row.type === 'artist') return enriched(row, artists.get(row.id), artistRow)
    const album = albums.get(row.albumId ?? '')
    return row.type === 'album' ? enriched(row, album, albumRow) : enriched(row, album, trackRow)
  })
}

/** The same for recommendations. Albums come from the catalogue in the first place: they are asked for by nobody. */
export async function enrichRecommendations(
  rows: readonly Recommendation[],
  catalogue: Pick<Catalogue, 'artist' | 'known'>,
  budgetMs: number,
): Promise<(Recommendation | null)[]> {
  const ids = rows.map(({ type, id }) => (type === 'artist' ? id : null))
  const artists = await answersInTime(ids, id => catalogue.artist(id), catalogue.known.artist, budgetMs)
  return rows.map(row => {
    if (row.type === 'album') return catalogue.known.album(row.id) === null ? null : row
    return row.type === 'artist' ? enriched(row, artists.get(row.id), recommendedArtist) : row
  })
}

/** The first `limit` of a list that exist, filled in by `enrich`, and those before them that do not. */
export async function existing<T>(
  list: readonly T[],
  limit: number,
  enrich: (some: readonly T[]) => Promise<readonly (T | null)[]>,
): Promise<{ shown: T[]; gone: T[] }> {
  const shown: T[] = []
  const gone: T[] = []
  for (let next = 0; shown.length < limit && next < list.length; ) {
    // No more than are missing: each may cost the catalogue a call.
    const some = list.slice(next, next + limit - shown.length)
    next += some.length
    for (const [i, row] of (await enrich(some)).entries()) {
      if (row === null) gone.push(some[i]!)
      else shown.push(row)
    }
  }
  return { shown, gone }
}

async function answersInTime<T>(
  ids: readonly (string | null)[],
  ask: (id: string) => Promise<T | null | undefined>,
  known: (id: string) => T | null | undefined,
  budgetMs: number,
): Promise<Answers<T>> {
  const found = new Map<string, T | null>()
  const asked = [...new Set(ids)].filter(id => id !== null)
  const answers = asked.map(async id => {
    const answer = await inTime(ask(id), budgetMs)
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

/** A row is enriched only where there is something to call it by: what the catalogue leaves out may come later. */
function artistRow(row: ArtistRow, artist: CatalogueArtist): ArtistRow {
  const name = artist.name ?? row.name
  return { ...row, name, profileImage: artist.profileImage, enriched: name !== null }
}

function albumRow(row: AlbumRow, album: CatalogueAlbum): AlbumRow {
  const title = album.title ?? row.title
  const { coverImage, artistName } = album
  return { ...row, title, coverImage, artistName: artistName ?? row.artistName, enriched: title !== null }
}

/** null where the album has no track of that number; ids that are no number of the album may have come from elsewhere. */
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
