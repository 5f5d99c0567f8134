/** What is hot: tracks and albums by plays, artists by net follows, over the last days up to now. */
import type { Instant, Interval, Reads } from '../storage/storage.ts'
import { Bindings } from './bindings.ts'
import { bestOf, previousRanks } from './ranking.ts'
import { type TrendingKind, trendingBoard } from './trending-board.ts'
import { type Placed, type TrendingRow, trendingRows } from './trending-rows.ts'

export const TRENDING_PERIODS = { day: 1, week: 7, month: 30, year: 365 } as const

export interface TrendingQuestion {
  kind: TrendingKind
  /** A musical genre, of tracks only; compared without case. */
  genre?: string
  period: keyof typeof TRENDING_PERIODS
  limit: number
  mode?: 'rising'
}

const DAY_MS = 86_400_000
/** In events. */
const SHRINKAGE = 10

/**
 * The best of a kind, best first. The window is (now - period, now], both to the millisecond, the one before it is as
 * long; nothing at or below zero. Ties: the most recent counted event of the window first, then the smaller id.
 */
export async function trending(reads: Reads, question: TrendingQuestion, now: Instant): Promise<TrendingRow[]> {
  const bindings = new Bindings(reads)
  const board = await trendingBoard(reads, bindings, question, windows(question.period, now))
  const isRising = question.mode === 'rising'
  const ranked = bestOf(board, isRising ? risingScore : count => count, question.limit)
  const ranks = previousRanks(board, ranked)
  const placed = ranked.map(({ key, value, counts: [count, before] }, i): Placed => {
    const previousCount = Math.max(0, before)
    const place: Placed = { key, count, rank: i + 1, previousRank: ranks[i] ?? null, previousCount, enriched: false }
    if (isRising) Object.assign(place, { score: value, growth: { count, previousCount, shrinkage: SHRINKAGE } })
    return place
  })
  return trendingRows(bindings, question.kind, placed)
}

/**
 * How surely something rises: the score statistic of the test that two Poisson counts over equal times have one rate,
 * (x - y) / sqrt(x + y) (Gu et al. 2008, 'Testing the ratio of two Poisson rates'), shrunk by ten events in the root,
 * so that from 0 to 1 (0.3) is less than from 40 to 60 (1.9). Counts below zero are taken as zero.
 */
export function risingScore(count: number, previousCount: number): number {
  const before = Math.max(0, previousCount)
  return count > before ? (count - before) / Math.sqrt(count + before + SHRINKAGE) : 0
}

/** The window of a period up to now, now included, and the one before it. */
export function windows(period: TrendingQuestion['period'], now: Instant): [Interval, Interval] {
  const length = TRENDING_PERIODS[period] * DAY_MS
  const from = now + 1 - length
  return [
    { from, to: now + 1 },
    { from: from - length, to: from },
  ]
}
