/** Trending: tracks and albums ranked by plays, artists by net follows, over the last days up to now. */
import type { Snapshot } from '../storage/figures.ts'
import type { Instant } from '../storage/storage.ts'
import { DAY_MS } from '../units.ts'
import { describe, keyOf } from './describe.ts'
import { type Ranked, type RankingKind, ranking, SHRINKAGE, type Windows } from './ranking.ts'
import type { RankingPosition, TrendingRow } from './trending-rows.ts'

export const TRENDING_PERIODS = { day: 1, week: 7, month: 30, year: 365 } as const

export interface TrendingQuestion {
  kind: RankingKind
  /** A musical genre, of tracks only; compared without case. */
  genre?: string
  period: keyof typeof TRENDING_PERIODS
  limit: number
  mode?: 'rising'
}

/**
 * The best of a kind, best first; none at or below zero. The window is (now - period, now], exact to the millisecond, and
 * the one before it is as long. Ties: the most recent counted event of the window first, then the smaller id.
 */
export async function trending(
  reads: Snapshot,
  { kind, genre, period, limit, mode }: TrendingQuestion,
  now: Instant,
): Promise<TrendingRow[]> {
  const isRising = mode === 'rising'
  const ranked = await ranking(reads, { kind, genre, isRising, limit }, windowsOf(period, now))
  const entities = ranked.map((each, i) => ({ ...each, row: positionOf(kind, each, i + 1, isRising) }))
  return describe(reads, kind, entities)
}

function positionOf(kind: RankingKind, ranked: Ranked, rank: number, isRising: boolean): RankingPosition {
  const { entity, count, previousCount, value, previousRank } = ranked
  const position: RankingPosition = {
    key: keyOf(kind, entity),
    count,
    rank,
    previousRank,
    previousCount,
    enriched: false,
  }
  if (isRising) Object.assign(position, { score: value, growth: { count, previousCount, shrinkage: SHRINKAGE } })
  return position
}

/** The window of a period up to now, now included, and the one before it. */
function windowsOf(period: TrendingQuestion['period'], now: Instant): Windows {
  const length = TRENDING_PERIODS[period] * DAY_MS
  const from = now + 1 - length
  return { start: from - length, from, until: now + 1 }
}
