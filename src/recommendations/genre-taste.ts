/** Recommends albums of the genres that a listener likes, each genre in proportion to its share of the listener's taste. */

import type { CatalogueAlbum } from '../catalogue/answers.ts'
import { compareIds } from '../identity/entity-ref.ts'
import { foldText } from '../identity/fold-text.ts'
import type { GenreTaste, ListenerProfile } from './listener-profile.ts'
import type { Because, OwnItem, Recommendation } from './recommendation.ts'

/** A genre, whose albums are recommended one after the other. */
interface GenreQueue {
  taste: GenreTaste
  because: Because[]
  /** The albums that are left, by id, best first. */
  albums: Map<string, CatalogueAlbum>
  taken: number
}

/**
 * At most `limit` albums that the listener does not have. Genres share the list by D'Hondt's method: the next album is of
 * the genre with the greatest score = share / (1 + its albums so far). With shares 0.7 and 0.3 the scores are 0.7, 0.35,
 * 0.3, 0.23, …: they never grow. Within a genre, albums are ordered by the plays of other listeners, ties by id.
 * @param albumsOfGenre what the catalogue lists under each (folded) genre; albums of another genre are left out.
 * @param plays all plays of each album, including the listener's.
 */
export function recommendByGenre(
  profile: ListenerProfile,
  albumsOfGenre: ReadonlyMap<string, readonly CatalogueAlbum[]>,
  plays: ReadonlyMap<string, number>,
  limit: number,
): Recommendation[] {
  const queues = profile.genres.map(taste => queueOf(taste, albumsOfGenre.get(taste.genre) ?? [], profile, plays))
  const found: Recommendation[] = []
  while (found.length < limit) {
    const queue = nextQueue(queues)
    const [album] = queue?.albums.values() ?? []
    if (!queue || !album) break
    found.push(recommendation(album, scoreOf(queue), queue.because))
    queue.taken++
    // An album that the catalogue lists under two genres is recommended once.
    for (const { albums } of queues) albums.delete(album.id)
  }
  return found
}

function queueOf(
  taste: GenreTaste,
  listed: readonly CatalogueAlbum[],
  { hadAlbums, ownAlbumPlays }: ListenerProfile,
  plays: ReadonlyMap<string, number>,
): GenreQueue {
  const albums = new Map(listed.map(album => [album.id, album]))
  const byOthers = ({ id }: CatalogueAlbum) => Math.max(0, (plays.get(id) ?? 0) - (ownAlbumPlays.get(id) ?? 0))
  const fresh = [...albums.values()]
    .filter(({ id, genre }) => genre !== null && foldText(genre) === taste.genre && !hadAlbums.has(id))
    .sort((a, b) => byOthers(b) - byOthers(a) || compareIds(a.id, b.id))
  return {
    taste,
    because: taste.because.map(item => titled(item, albums)),
    albums: new Map(fresh.map(album => [album.id, album])),
    taken: 0,
  }
}

const scoreOf = ({ taste, taken }: GenreQueue): number => taste.share / (taken + 1)

/** The genre with the greatest score; of equal ones, the first of the profile. */
function nextQueue(queues: readonly GenreQueue[]): GenreQueue | undefined {
  let best: GenreQueue | undefined
  for (const queue of queues) {
    if (queue.albums.size > 0 && (!best || scoreOf(queue) > scoreOf(best))) best = queue
  }
  return best
}

/** The listener's item with the catalogue's title, where its album was listed. */
function titled<Item extends OwnItem>(item: Item, albums: ReadonlyMap<string, CatalogueAlbum>): Item {
  const album = albums.get((item.type === 'album' ? item.id : item.albumId) ?? '')
  if (!album || item.type === 'artist') return item
  const title = item.type === 'album' ? album.title : album.tracks.find(({ id }) => id === item.trackId)?.title
  return { ...item, title: title ?? item.title ?? null }
}

/** `items` have their shares in the genre, which add up to 1. */
function recommendation(album: CatalogueAlbum, score: number, items: readonly Because[]): Recommendation {
  const { id, title, coverImage, artistName, genre } = album
  const because = items.map(item => ({ ...item, share: item.share * score }))
  const how = { reason: `genre:${genre}`, score, strategy: 'genre', exploration: false, because } as const
  return { id, type: 'album', title, coverImage, artist: artistName, ...how }
}
