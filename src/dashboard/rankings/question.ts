/** What a ranking is asked for: what is ranked, over how many days, and by what. */
import type { TrendingQuestion } from '../../statistics/trending.ts'
import type { Parameters } from '../requests/request.ts'

type Kind = TrendingQuestion['kind']
type Period = TrendingQuestion['period']

export const KINDS = ['tracks', 'artists', 'albums'] as const satisfies readonly Kind[]
/** The last 1, 7, 30 or 365 days; the first is what the service means where none is named. */
export const PERIODS = ['week', 'day', 'month', 'year'] as const satisfies readonly Period[]
/** By volume, or by growth against the period before. */
export const MODES = ['most', 'rising'] as const

export interface RankingQuestion {
  kind: Kind
  period: Period
  mode: (typeof MODES)[number]
  /** A musical genre, of tracks only; empty for all. */
  genre?: string
  limit: number
}

export const TRENDING = '/api/stats/trending'

/** The parameters of `TRENDING`. */
export function trendingQuery({ kind, period, mode, genre, limit }: RankingQuestion): Parameters {
  return {
    type: kind,
    genre: kind === 'tracks' && genre ? genre : undefined,
    period,
    mode: mode === 'rising' ? mode : undefined,
    limit,
  }
}

/** The parameters of the page of charts that shows the same ranking; what the page shows without them is left out. */
export function chartParameters({ kind, period, mode }: Omit<RankingQuestion, 'limit'>): Record<string, string> {
  return {
    ...(kind !== KINDS[0] && { kind }),
    ...(period !== PERIODS[0] && { period }),
    ...(mode !== MODES[0] && { mode }),
  }
}

/** The figure that the order of a ranking is by, as the definitions name it. */
export function figureOf({ kind, mode }: Pick<RankingQuestion, 'kind' | 'mode'>) {
  if (mode === 'rising') return 'score'
  return kind === 'artists' ? 'follows' : 'eligiblePlays'
}
