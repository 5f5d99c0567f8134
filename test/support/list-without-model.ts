/** What a listener gets where there is no model: albums of genres, then popular artists. */
import type { ListenerProfile } from '../../src/recommendations/listener-profile.ts'
import { albumsByGenre, popularArtistsFor, type RecommendationSources } from '../../src/recommendations/recommend.ts'
import type { Recommendation } from '../../src/recommendations/recommendation.ts'

export interface ListSources extends RecommendationSources {
  profile(userId: string): Promise<ListenerProfile>
}

export async function listWithoutModel(userId: string, limit: number, sources: ListSources): Promise<Recommendation[]> {
  const profile = await sources.profile(userId)
  const albums = await albumsByGenre(profile, limit, sources)
  if (albums.length >= limit) return albums
  return [...albums, ...(await popularArtistsFor(profile, limit - albums.length, sources, albums.at(-1)?.score))]
}
