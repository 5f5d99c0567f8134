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

export interface ListFigures {
  ndcgAt10: number
  recallAt20: number
  coverageAt10: number
  listenersAt10: number
}

export interface ModelState {
  version: string | null
  trainedAt: string | null
  seq: number | null
  tookMs: number | null
  kinds: { kind: Kind; listeners: number; items: number; pairs: number; dimensions: number }[]
  training: { state: 'idle' | 'training' | 'failed'; since: string; error: string | null; lastFailedAt: string | null }
  evaluation: {
    version: string
    from: string
    kinds: { kind: Kind; listeners: number; model: ListFigures; popularity: ListFigures }[]
  } | null
}
