/** Albums of one genre, the same for every listener. */
import type { CatalogueAlbum } from '../catalogue/answers.ts'
import { foldText } from '../identity/fold-text.ts'
import type { Recommendation } from './recommendation.ts'

export interface GenreQuestion {
  genre: string
  /** The album to which the others are similar, and which is left out. */
  excludeId?: string | undefined
  limit: number
}

/**
 * At most `limit` albums of exactly this genre in any case of letters, most plays first, ties in the catalogue's order (newest
 * first). score = plays / greatest number of plays; 0 where no album has plays.
 */
export function similarByGenre(
  albums: readonly CatalogueAlbum[],
  plays: ReadonlyMap<string, number>,
  { genre, excludeId, limit }: GenreQuestion,
): Recommendation[] {
  const folded = foldText(genre)
  const playsOf = ({ id }: CatalogueAlbum) => plays.get(id) ?? 0
  const similar = albums.filter(album => {
    return album.genre !== null && foldText(album.genre) === folded && album.id !== excludeId
  })
  const once = [...new Map(similar.map(album => [album.id, album])).values()]
  const ranked = once.sort((a, b) => playsOf(b) - playsOf(a))
  const greatest = ranked[0] ? Math.max(1, playsOf(ranked[0])) : 1
  return ranked.slice(0, limit).map((album): Recommendation => {
    const { id, title, coverImage, artistName } = album
    const score = playsOf(album) / greatest
    const how = { reason: `genre:${genre}`, score, strategy: 'genre', exploration: false } as const
    return { id, type: 'album', title, coverImage, artist: artistName, ...how, because: [] }
  })
}
