/** What is hot: tracks and albums by plays, artists by net follows, over the last days up to now. */
import { idOf } from '../attribution/ids.ts'
import { foldText } from '../identity/fold-text.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant } from '../storage/storage.ts'
import { DAY_MS } from '../units.ts'
import { type Ranked, type RankingKind, ranking, SHRINKAGE, type Windows } from './ranking.ts'
import { type Listed, type Placed, type TrendingRow, trendingRows } from './trending-rows.ts'

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
 * The best of a kind, best first. The window is (now - period, now], both to the millisecond, the one before it is as
 * long; nothing at or below zero. Ties: the most recent counted event of the window first, then the smaller id.
 */
export async function trending(
  reads: Snapshot,
  { kind, genre, period, limit, mode }: TrendingQuestion,
  now: Instant,
): Promise<TrendingRow[]> {
  const isRising = mode === 'rising'
  const folded = genre === undefined ? undefined : foldText(genre)
  const ranked = await ranking(reads, { kind, genre: folded, isRising, limit }, windowsOf(period, now))
  const listed = ranked.map((each, i): Listed => ({ entity: each.id, place: placed(kind, each, i + 1, isRising) }))
  return trendingRows(reads, kind, listed)
}

function placed(kind: RankingKind, ranked: Ranked, rank: number, isRising: boolean): Placed {
  const { entity, count, previousCount, value, previousRank } = ranked
  const key = kind === 'artists' ? entity : idOf(entity)
  const place: Placed = { key, count, rank, previousRank, previousCount, enriched: false }
  if (isRising) Object.assign(place, { score: value, growth: { count, previousCount, shrinkage: SHRINKAGE } })
  return place
}

/** The window of a period up to now, now included, and the one before it. */
function windowsOf(period: TrendingQuestion['period'], now: Instant): Windows {
  const length = TRENDING_PERIODS[period] * DAY_MS
  const from = now + 1 - length
  return { start: from - length, from, until: now + 1 }
}
