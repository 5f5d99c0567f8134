/** Rankings as clients see them: cached, and enriched from the catalogue. */
import type { AnswerCaches } from '../caching/answer-caches.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { MAX_TEXT_LENGTH } from '../events/bounds.ts'
import { foldText } from '../identity/fold-text.ts'
import type { TrendingQuestion } from '../statistics/trending.ts'
import type { TrendingRow } from '../statistics/trending-rows.ts'
import { SERVICE_CLIENT } from '../storage/figures.ts'
import type { Instant } from '../storage/storage.ts'
import { enrichRows, firstExisting } from './enrichment.ts'

const RANKING_TTL_MS = 300_000
/** An empty ranking is cheap to compute, and the next event may fill it. */
const EMPTY_TTL_MS = 500
/** More than a client can ask for, since rows are removed that the catalogue does not have. */
const RANKED = 300

export interface TrendingParts {
  caches: AnswerCaches
  figures: { trending(question: TrendingQuestion, now: Instant, client: string): Promise<TrendingRow[]> }
  clock: () => Instant
  /** null: rows stay as the figures have them. */
  catalogue: Catalogue | null
  /** How long a client waits for the ranking and the catalogue together, in milliseconds. */
  enrichBudgetMs: number
}

/**
 * The first `limit` rows of a ranking, which is cached for five minutes; the catalogue's answers are cached separately. Rows
 * that the catalogue does not have are removed, and the next ones move up, in this window and in the previous one.
 */
export async function enrichedTrending(
  { caches, figures, clock, catalogue, enrichBudgetMs }: TrendingParts,
  question: TrendingQuestion,
  client: string,
): Promise<TrendingRow[]> {
  const { limit, genre } = question
  // Neither an event nor an album has a longer genre.
  if (genre !== undefined && genre.length > MAX_TEXT_LENGTH) return []
  const begun = performance.now()
  const ttlMs = (found: TrendingRow[]) => (found.length > 0 ? RANKING_TTL_MS : EMPTY_TTL_MS)
  // A ranking without a genre is the same for everybody, so it does not wait for the turn of the client that asks first.
  const [cache, asker] = genre === undefined ? [caches.main, SERVICE_CLIENT] : [caches.clientKeyed, client]
  const ranking = await cache.get(keyOf(question), ttlMs, () =>
    figures.trending({ ...question, limit: RANKED }, clock(), asker),
  )
  if (!catalogue) return ranking.slice(0, limit)
  const leftMs = () => enrichBudgetMs - (performance.now() - begun)
  const { shown, gone } = await firstExisting(ranking, limit, rows => enrichRows(rows, catalogue, leftMs()))
  return gone.length === 0 ? shown : shown.map((row, i) => movedUp(row, i + 1, gone))
}

/**
 * The row with the ranks that it has without the rows that are gone. Where rank 2 was removed, ranks 3 and previously 3
 * become 2 and previously 2; otherwise all rows below would seem to climb.
 */
function movedUp<R extends TrendingRow>(row: R, rank: number, gone: readonly TrendingRow[]): R {
  const before = row.previousRank
  if (before === null) return { ...row, rank }
  const goneBefore = gone.filter(({ previousRank }) => previousRank !== null && previousRank < before)
  return { ...row, rank, previousRank: before - goneBefore.length }
}

/** `trending:tracks:week`, or `trending:tracks:week:rising:genre:rock`. The genre is last, since it may contain colons. */
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
