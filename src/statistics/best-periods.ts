/** The day, the ISO week and the month in which an artist was played most. */
import { KEYS_OF_OWNER } from '../attribution/attribution.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { HOUR_MS, MINUTE_MS } from '../units.ts'
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

/** An hour of UTC. */
export interface HourOfPlays {
  from: Instant
  plays: number
}

interface Period extends Interval {
  plays: number
}

/** The best periods of all time in a zone; of equals, the earliest. `hours`: all with plays of the owner, ascending. */
export async function bestPeriods(
  reads: Snapshot,
  owner: number | undefined,
  hours: readonly HourOfPlays[],
  tz: string,
): Promise<BestPeriods> {
  if (owner === undefined || hours.length === 0) return { day: null, week: null, month: null }
  const found = daysOf(hours, tz)
  const isWhole = found.every(({ from }) => from % HOUR_MS === 0)
  const days = isWhole ? sumsOfHours(found, hours) : await playsOf(reads, owner, found)
  const best = (unit: 'day' | 'week' | 'month'): BestPeriod => {
    const { from, to, plays } = bestOf(unit, days, tz)
    return { start: formatInstant(from, tz), end: formatInstant(to, tz), plays }
  }
  return { day: best('day'), week: best('week'), month: best('month') }
}

/** The days of a zone that these hours overlap, ascending. */
function daysOf(hours: readonly HourOfPlays[], tz: string): Interval[] {
  const days: Interval[] = []
  for (const { from } of hours) {
    let end = days.at(-1)?.to ?? Number.NEGATIVE_INFINITY
    while (end < from + HOUR_MS) {
      const day = pointAround(Math.max(end, from), 'day', tz)
      days.push(day)
      end = day.to
    }
  }
  return days
}

/** The plays of days that begin with an hour of UTC. */
function sumsOfHours(days: readonly Interval[], hours: readonly HourOfPlays[]): Period[] {
  let next = 0
  return days.map(day => {
    let plays = 0
    for (; next < hours.length && hours[next]!.from < day.to; next++) plays += hours[next]!.plays
    return { ...day, plays }
  })
}

/** What plays are summed by before they are assigned to days: the longest by which all days begin. */
const GRANULES = [15 * MINUTE_MS, 1] as const

/** The plays of each day, as India's, which begin at half past an hour of UTC. All plays of the owner are in one of them. */
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
