/** Recommendations for one listener: combines the strategies. */
import type { CatalogueAlbum } from '../catalogue/answers.ts'
import { recommendByGenre } from './genre-taste.ts'
import type { ListenerProfile } from './listener-profile.ts'
import { recommendPopular } from './popular.ts'
import type { PopularArtist } from './popular-artists.ts'
import type { Recommendation } from './recommendation.ts'

/** Where the data comes from. A failure of the store rejects; a failure of the catalogue leaves out a genre. */
export interface RecommendationSources {
  profile(userId: string): Promise<ListenerProfile>
  albumPlays(albumIds: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Most popular first; more than are needed, since those that the listener has are left out. */
  popularArtists(since: 'lastYear' | 'ever'): Promise<readonly PopularArtist[]>
  /** What the catalogue lists under a (folded) genre; null where there is no catalogue. */
  albumsOfGenre: ((genre: string) => Promise<readonly CatalogueAlbum[]>) | null
}

/** Each genre costs the catalogue a call. */
const MAX_GENRES = 5

/**
 * At most `limit` recommendations, best first: albums of the listener's genres, then popular artists of the last year, or of
 * all time where the last year has none. A shorter list is the beginning of a longer one. A listener without events, such as
 * `anonymous`, gets popular artists alone.
 */
export async function recommendFor(
  userId: string,
  limit: number,
  sources: RecommendationSources,
): Promise<Recommendation[]> {
  const profile = await sources.profile(userId)
  const byGenre = await albumsByGenre(profile, limit, sources)
  if (byGenre.length >= limit) return byGenre
  const popular = async (since: 'lastYear' | 'ever') =>
    recommendPopular(await sources.popularArtists(since), profile, limit - byGenre.length, byGenre.at(-1)?.score)
  const ofLastYear = await popular('lastYear')
  return [...byGenre, ...(ofLastYear.length > 0 ? ofLastYear : await popular('ever'))]
}

async function albumsByGenre(
  profile: ListenerProfile,
  limit: number,
  { albumsOfGenre, albumPlays }: RecommendationSources,
): Promise<Recommendation[]> {
  const genres = profile.genres.slice(0, MAX_GENRES).map(({ genre }) => genre)
  if (albumsOfGenre === null || genres.length === 0) return []
  const answers = await Promise.allSettled(genres.map(async genre => albumsOfGenre(genre)))
  const listed = answers.map(answer => (answer.status === 'fulfilled' ? answer.value : []))
  const plays = await albumPlays(listed.flat().map(({ id }) => id))
  return recommendByGenre(profile, new Map(genres.map((genre, i) => [genre, listed[i]!])), plays, limit)
}
