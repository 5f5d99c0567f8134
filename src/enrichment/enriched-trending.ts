/** Rankings as clients see them: remembered for a while, and filled in from the catalogue. */
import type { AnswerCaches } from '../caching/answer-caches.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { MAX_TEXT_LENGTH } from '../events/field-reading.ts'
import { foldText } from '../identity/fold-text.ts'
import type { TrendingQuestion } from '../statistics/trending.ts'
import type { TrendingRow } from '../statistics/trending-rows.ts'
import { SERVICE_CLIENT } from '../storage/figures.ts'
import { enrichRows, existing } from './enrichment.ts'

const RANKING_TTL_MS = 300_000
/** What was counted a moment ago may fill an empty ranking, and computing that costs nothing. */
const EMPTY_TTL_MS = 500
/** More than can be asked for, since rows leave of which the catalogue has nothing; shorter lists are the beginning. */
const RANKED = 300

export interface TrendingParts {
  caches: AnswerCaches
  ask: (question: TrendingQuestion, client: string) => Promise<TrendingRow[]>
  /** null: rows stay as events taught them. */
  catalogue: Catalogue | null
  enrichBudgetMs: number
}

/**
 * A ranking, remembered for five minutes; what the catalogue says of its rows is remembered apart from it. What it says
 * does not exist leaves, and the next ones move up, in this window and in the one before.
 */
export async function rememberedTrending(
  { caches, ask, catalogue, enrichBudgetMs }: TrendingParts,
  question: TrendingQuestion,
  client: string,
): Promise<TrendingRow[]> {
  const { limit, genre } = question
  // Neither an event nor an album has a longer one.
  if (genre !== undefined && genre.length > MAX_TEXT_LENGTH) return []
  const begun = performance.now()
  const ttlMs = (found: TrendingRow[]) => (found.length > 0 ? RANKING_TTL_MS : EMPTY_TTL_MS)
  // A ranking that everybody asks for is asked for by nobody, so that no client's turn has to come for it.
  const [cache, asker] = genre === undefined ? [caches.lasting, SERVICE_CLIENT] : [caches.asked, client]
  const ranking = await cache.get(keyOf(question), ttlMs, () => ask({ ...question, limit: RANKED }, asker))
  if (!catalogue) return ranking.slice(0, limit)
  // What the ranking took is no longer there for the catalogue.
  const left = () => Math.max(0, enrichBudgetMs - (performance.now() - begun))
  const { shown, gone } = await existing(ranking, limit, rows => enrichRows(rows, catalogue, left()))
  return gone.length === 0 ? shown : shown.map((row, i) => movedUp(row, i + 1, gone))
}

/** Without it, all that come after something that was taken down would seem to climb or fall. */
function movedUp<R extends TrendingRow>(row: R, rank: number, gone: readonly TrendingRow[]): R {
  const before = row.previousRank
  if (before === null) return { ...row, rank }
  const left = gone.filter(({ previousRank }) => previousRank !== null && previousRank < before)
  return { ...row, rank, previousRank: before - left.length }
}

/** Such as `trending:tracks:week`, or `trending:tracks:week:rising:genre:rock`; the genre is last, for it may hold anything. */
function keyOf({ kind, genre, period, mode }: TrendingQuestion): string {
  const parts = [
    'trending',
    kind,
    period,
    ...(mode ? [mode] : []),
    ...(genre === undefined ? [] : ['genre', foldText(genre)]),
  ]
  return parts.join(':')
}
