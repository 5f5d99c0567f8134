/** The answers about recommendations. */
import type { OwnItem, Recommendation as PlainRecommendation, SimilarAlbum } from '../../http/recommendations.ts'

export type Kind = 'artist' | 'album' | 'track'
export type Strategy = 'model' | 'exploration' | 'similar' | 'genre' | 'popular'
export type Because = OwnItem & { share: number }
export type Recommendation = Omit<PlainRecommendation, 'because'> & {
  because: Because[]
  strategy: Strategy
  exploration: boolean
  recommendationId: string
}
export type SimilarItem = SimilarAlbum
