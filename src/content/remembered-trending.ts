/** Rankings as clients see them: remembered for a while, and filled in from the catalogue. */
import type { AnswerCache } from '../answer-cache.ts'
import { foldText } from '../events/fold-text.ts'
import type { TrendingQuestion } from '../queries/trending.ts'
import type { TrendingRow } from '../queries/trending-rows.ts'
import type { Catalogue } from './catalogue.ts'
import { enrichRows } from './enrichment.ts'

const RANKING_TTL_MS = 300_000
/** What was counted a moment ago may fill an empty ranking, and computing that costs nothing. */
const EMPTY_TTL_MS = 500
/** The longest list that can be asked for: shorter ones are its beginning. */
const LONGEST = 100

export interface TrendingParts {
  cache: AnswerCache
  ask: (question: TrendingQuestion) => Promise<TrendingRow[]>
  /** null: rows stay as events taught them. */
  catalogue: Catalogue | null
  enrichBudgetMs: number
}

/** A ranking, remembered for five minutes; what the catalogue says of its rows is remembered apart from it. */
export async function rememberedTrending(
  { cache, ask, catalogue, enrichBudgetMs }: TrendingParts,
  question: TrendingQuestion,
): Promise<TrendingRow[]> {
  const { kind, genre, period, mode, limit } = question
  const key = `trending:${JSON.stringify([kind, period, mode ?? 'volume', genre === undefined ? null : foldText(genre)])}`
  const begun = performance.now()
  const ttlMs = (found: TrendingRow[]) => (found.length > 0 ? RANKING_TTL_MS : EMPTY_TTL_MS)
  const ranking = await cache.get(key, ttlMs, () => ask({ ...question, limit: LONGEST }))
  const rows = ranking.slice(0, limit)
  // What the ranking took is no longer there for the catalogue.
  const left = Math.max(0, enrichBudgetMs - (performance.now() - begun))
  return catalogue ? enrichRows(rows, catalogue, left) : rows
}
