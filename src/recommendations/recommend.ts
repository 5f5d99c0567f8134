/** Recommendations for one listener without a model: albums of the listener's genres, and popular artists. */
import type { CatalogueAlbum } from '../catalogue/answers.ts'
import { recommendByGenre } from './genre-taste.ts'
import type { ListenerProfile } from './listener-profile.ts'
import { recommendPopular } from './popular.ts'
import type { PopularArtist } from './popular-artists.ts'
import type { Recommendation } from './recommendation.ts'

/** Where the data comes from. A failure of the store rejects; a failure of the catalogue leaves out a genre. */
export interface RecommendationSources {
  albumPlays(albumIds: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Most popular first; more than are needed, since those that the listener has are left out. */
  popularArtists(since: 'lastYear' | 'ever'): Promise<readonly PopularArtist[]>
  /** What the catalogue lists under a (folded) genre; null where there is no catalogue. */
  albumsOfGenre: ((genre: string) => Promise<readonly CatalogueAlbum[]>) | null
}

/** Each genre costs the catalogue a call. */
const MAX_GENRES = 5

/**
 * At most `limit` popular artists of the last year whom the listener does not have, or of all time where the last year has none.
 * @param below as in `recommendPopular`
 */
export async function popularArtistsFor(
  had: Pick<ListenerProfile, 'hadArtists'>,
  limit: number,
  { popularArtists }: Pick<RecommendationSources, 'popularArtists'>,
  below?: number,
): Promise<Recommendation[]> {
  const popular = async (since: 'lastYear' | 'ever') => recommendPopular(await popularArtists(since), had, limit, below)
  const ofLastYear = await popular('lastYear')
  return ofLastYear.length > 0 ? ofLastYear : popular('ever')
}

/** At most `limit` albums of the listener's genres, best first; a shorter list is the beginning of a longer one. */
export async function albumsByGenre(
  profile: ListenerProfile,
  limit: number,
  { albumsOfGenre, albumPlays }: Pick<RecommendationSources, 'albumsOfGenre' | 'albumPlays'>,
): Promise<Recommendation[]> {
  const genres = profile.genres.slice(0, MAX_GENRES).map(({ genre }) => genre)
  if (albumsOfGenre === null || genres.length === 0) return []
  const answers = await Promise.allSettled(genres.map(async genre => albumsOfGenre(genre)))
  const listed = answers.map(answer => (answer.status === 'fulfilled' ? answer.value : []))
  const plays = await albumPlays(listed.flat().map(({ id }) => id))
  return recommendByGenre(profile, new Map(genres.map((genre, i) => [genre, listed[i]!])), plays, limit)
}
