/** Trending: tracks and albums ranked by eligible plays, artists by net follows, over the last days up to now. */
import type { Snapshot } from '../storage/figures.ts'
import type { Instant } from '../storage/storage.ts'
import { DAY_MS } from '../units.ts'
import { describe, keyOf } from './describe.ts'
import type { EligiblePlays } from './eligible-plays.ts'
import type { ExcludedPlays } from './excluded-plays.ts'
import { type Ranked, type RankingKind, ranking, SHRINKAGE, type Windows } from './ranking.ts'
import type { RankedPlays, RankingPosition, TrendingRow } from './trending-rows.ts'

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
  { now, eligible }: { now: Instant; eligible: EligiblePlays },
): Promise<TrendingRow[]> {
  const isRising = mode === 'rising'
  const ranked = await ranking(reads, { kind, genre, isRising, limit }, windowsOf(period, now), eligible)
  const entities = ranked.map((each, i) => {
    const position = positionOf(kind, each, i + 1, isRising)
    return { ...each, row: kind === 'artists' ? position : { ...position, ...playsOf(each) } }
  })
  return describe(reads, kind, entities) as Promise<TrendingRow[]>
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

function playsOf({ count, excluded }: Ranked): RankedPlays {
  const reasons = excluded ? shownExclusions(excluded) : []
  return { plays: count + sumOf(reasons), eligiblePlays: count, excluded: reasons }
}

function shownExclusions({ listenerLimit, anonymousLimit }: ExcludedPlays): RankedPlays['excluded'] {
  const reasons: RankedPlays['excluded'] = [
    { reason: 'listener_limit', plays: listenerLimit },
    { reason: 'anonymous_limit', plays: anonymousLimit },
  ]
  return reasons.filter(({ plays }) => plays > 0)
}

const sumOf = (excluded: RankedPlays['excluded']): number => excluded.reduce((sum, { plays }) => sum + plays, 0)

/** The window of a period up to now, now included, and the one before it. */
function windowsOf(period: TrendingQuestion['period'], now: Instant): Windows {
  const length = TRENDING_PERIODS[period] * DAY_MS
  const from = now + 1 - length
  return { start: from - length, from, until: now + 1 }
}
