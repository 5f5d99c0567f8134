/** The day, the ISO week and the month in which an artist was played most. */
import { KEYS_OF_OWNER } from '../attribution/attribution.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../units.ts'
import { formatInstant } from './calendar.ts'
import { pointAround } from './series.ts'

/** The first instant that JavaScript knows, at which a UTC day begins: what is counted from it is never negative. */
export const EARLIEST = -8.64e15

/** ISO 8601 in the zone of the question; `end` is excluded. */
export interface BestPeriod {
  start: string
  end: string
  plays: number
}

/** Null where nothing was ever played. */
export interface BestPeriods {
  day: BestPeriod | null
  week: BestPeriod | null
  month: BestPeriod | null
}

interface Period extends Interval {
  plays: number
}

/**
 * The best periods of all time in a zone; of equals, the earliest. `utcDays`: the beginnings of all UTC days with plays of
 * the owner, ascending.
 */
export async function bestPeriods(
  reads: Snapshot,
  owner: number | undefined,
  utcDays: readonly Instant[],
  tz: string,
): Promise<BestPeriods> {
  if (owner === undefined || utcDays.length === 0) return { day: null, week: null, month: null }
  const days = await playsOf(reads, owner, localDays(utcDays, tz))
  const best = (unit: 'day' | 'week' | 'month'): BestPeriod => {
    const { from, to, plays } = bestOf(unit, days, tz)
    return { start: formatInstant(from, tz), end: formatInstant(to, tz), plays }
  }
  return { day: best('day'), week: best('week'), month: best('month') }
}

/** The days of a zone that these UTC days overlap, ascending. */
function localDays(utcDays: readonly Instant[], tz: string): Interval[] {
  const days: Interval[] = []
  for (const start of utcDays) {
    let end = days.at(-1)?.to ?? Number.NEGATIVE_INFINITY
    while (end < start + DAY_MS) {
      const day = pointAround(Math.max(end, start), 'day', tz)
      days.push(day)
      end = day.to
    }
  }
  return days
}

/** What plays are summed by before they are assigned to days: the longest by which all days begin. */
const GRANULES = [HOUR_MS, 15 * MINUTE_MS, 1] as const

/** The plays of each day. All plays of the owner have to be in one of them. */
async function playsOf(reads: Snapshot, owner: number, days: readonly Interval[]): Promise<Period[]> {
  const granule = GRANULES.find(length => days.every(({ from }) => from % length === 0))!
  const rows = await reads.rows<{ start: Instant; plays: number }>(
    `WITH granules AS MATERIALIZED (
       SELECT (instant - $earliest) // $granule * $granule + $earliest AS instant, count(*) AS plays
       FROM facts WHERE key IN ${KEYS_OF_OWNER} AND measure = 'plays'::measure
       GROUP BY ALL
     )
     SELECT start, sum(plays)::BIGINT AS plays
     FROM granules ASOF JOIN (SELECT unnest($starts::BIGINT[]) AS start) ON instant >= start
     GROUP BY start`,
    { owner, granule, earliest: EARLIEST, starts: JSON.stringify(days.map(({ from }) => from)) },
  )
  const plays = new Map(rows.map(row => [row.start, row.plays]))
  return days.map(day => ({ ...day, plays: plays.get(day.from) ?? 0 }))
}

/** Weeks and months begin where days do, so that their plays are sums of those of days. */
function bestOf(unit: 'day' | 'week' | 'month', days: readonly Period[], tz: string): Period {
  let current: Period = { from: 0, to: Number.NEGATIVE_INFINITY, plays: 0 }
  let best = current
  for (const day of days) {
    if (day.from >= current.to) current = { ...pointAround(day.from, unit, tz), plays: 0 }
    current.plays += day.plays
    if (current.plays > best.plays) best = current
  }
  return best
}
