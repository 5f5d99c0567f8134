/** Albums of the genres that a listener likes, each genre in proportion to its share. */

import type { CatalogueAlbum } from '../catalogue/answers.ts'
import { compareIds } from '../identity/entity-ref.ts'
import { foldText } from '../identity/fold-text.ts'
import type { GenreTaste, ListenerProfile } from './listener-profile.ts'
import type { OwnItem, Recommendation } from './recommendation.ts'

/** A genre whose albums are given one after the other. */
interface Queue {
  taste: GenreTaste
  because: OwnItem[]
  /** What is left, by id, best first. */
  albums: Map<string, CatalogueAlbum>
  given: number
}

/**
 * At most `limit` albums that the listener does not have. Within a genre those come first that others play most, then
 * the smaller id. Among genres, places are shared by D'Hondt's method: the next goes to the genre with the greatest
 * score = share / (1 + places it has); so a genre of twice the share has twice the places, and scores never grow.
 * @param albumsOfGenre what the catalogue lists under each (folded) genre; albums of another one are left out.
 * @param plays all plays of each album, the listener's included.
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
    queue.given++
    // Where two lists disagree about an album's genre, it comes once.
    for (const { albums } of queues) albums.delete(album.id)
  }
  return found
}

function queueOf(
  taste: GenreTaste,
  listed: readonly CatalogueAlbum[],
  { hadAlbums, ownAlbumPlays }: ListenerProfile,
  plays: ReadonlyMap<string, number>,
): Queue {
  const albums = new Map(listed.map(album => [album.id, album]))
  const byOthers = ({ id }: CatalogueAlbum) => Math.max(0, (plays.get(id) ?? 0) - (ownAlbumPlays.get(id) ?? 0))
  const fresh = [...albums.values()]
    .filter(({ id, genre }) => genre !== null && foldText(genre) === taste.genre && !hadAlbums.has(id))
    .sort((a, b) => byOthers(b) - byOthers(a) || compareIds(a.id, b.id))
  return {
    taste,
    because: taste.because.map(item => titled(item, albums)),
    albums: new Map(fresh.map(album => [album.id, album])),
    given: 0,
  }
}

const scoreOf = ({ taste, given }: Queue): number => taste.share / (given + 1)

/** Of equal scores, the genre that comes first in the profile. */
function nextQueue(queues: readonly Queue[]): Queue | undefined {
  let best: Queue | undefined
  for (const queue of queues) {
    if (queue.albums.size > 0 && (!best || scoreOf(queue) > scoreOf(best))) best = queue
  }
  return best
}

/** With the catalogue's title, where the listener's item is among what was listed. */
function titled(item: OwnItem, albums: ReadonlyMap<string, CatalogueAlbum>): OwnItem {
  const album = albums.get((item.type === 'album' ? item.id : item.albumId) ?? '')
  if (!album || item.type === 'artist') return item
  const title = item.type === 'album' ? album.title : album.tracks.find(({ id }) => id === item.trackId)?.title
  return { ...item, title: title ?? item.title ?? null }
}

function recommendation(album: CatalogueAlbum, score: number, because: OwnItem[]): Recommendation {
  const { id, title, coverImage, artistName, genre } = album
  return { id, type: 'album', title, coverImage, artist: artistName, reason: `genre:${genre}`, score, because }
}
