/** The plays of an artist by weekday and hour of local time. */
import { KEYS_OF_OWNER, ownerAskedFor } from '../attribution/attribution.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { DAY_MS, HOUR_MS } from '../units.ts'
import { askedRange, changeInPercent, type RangeQuestion } from './asked-range.ts'
import { formatPeriod } from './calendar.ts'
import { extentOf } from './extent.ts'
import { JOIN_INTERVALS, lookupOf } from './interval-lookup.ts'
import { offsetAt } from './series.ts'

export interface RhythmQuestion extends RangeQuestion {
  artistId: string
}

/** `weekday` is that of ISO 8601: 1 is Monday, 7 Sunday; `hour` is 0 to 23, as the clocks of the zone show it. */
export interface RhythmCell {
  weekday: number
  hour: number
  plays: number
}

interface RhythmFigures {
  total: number
  /** The cell with most plays, the first of several; null without plays. */
  peak: RhythmCell | null
  /** All 168, by weekday and hour. */
  cells: RhythmCell[]
}

export interface PreviousRhythm extends RhythmFigures {
  period: string | null
  /** `change`: of the cell, per cent; null where it had no plays before. */
  cells: (RhythmCell & { change: number | null })[]
  change: { total: number | null }
}

export interface Rhythm extends RhythmFigures {
  artistId: string
  /** As that of the KPIs. */
  period: string | null
  /** Null where the range has no start. */
  previous?: PreviousRhythm | null
}

/** @throws ServiceError 400 for a wrong date, range, time zone or `compare` */
export async function rhythm(
  reads: Snapshot,
  { artistId, ...question }: RhythmQuestion,
  now: Instant,
): Promise<Rhythm> {
  const { tz, range, isCompared, before } = askedRange(question, now)
  const owner = await ownerAskedFor(reads, artistId)
  const playsIn = async (interval: Interval) => (owner === undefined ? noPlays() : playsOf(reads, owner, interval, tz))
  const figures = figuresOf(await playsIn(range))
  const answer: Rhythm = { artistId, period: formatPeriod(range, tz), ...figures }
  if (isCompared) answer.previous = before && previousOf(figuresOf(await playsIn(before)), figures, before, tz)
  return answer
}

const DAY_HOURS = DAY_MS / HOUR_MS
const WEEK_MS = 7 * DAY_MS
/** 1970-01-05, in local time. */
const A_MONDAY_MS = 4 * DAY_MS

const noPlays = (): number[] => new Array<number>(WEEK_MS / HOUR_MS).fill(0)

/** The plays of each hour of the week, from Monday 0:00. */
async function playsOf(reads: Snapshot, owner: number, interval: Interval, tz: string): Promise<number[]> {
  const plays = noPlays()
  // The range is cut at the events, because it may be of ten thousand years, with two changes of clocks in each.
  const { first, last } = await extentOf(reads, owner, interval)
  if (first === null || last === null) return plays
  const periods = offsetPeriods({ from: first, to: last + 1 }, tz)
  const rows = await reads.rows<{ hour: number; plays: number }>(
    `WITH own AS MATERIALIZED (
       SELECT instant FROM facts
       WHERE key IN ${KEYS_OF_OWNER} AND measure = 'plays'::measure AND instant >= $from AND instant < $to
     )
     SELECT (instant + ($shifts::BIGINT[])[position + 1]) % ${WEEK_MS} // ${HOUR_MS} AS hour, count(*) AS plays
     FROM own ${JOIN_INTERVALS} GROUP BY hour`,
    { owner, from: first, to: last + 1, ...lookupOf(periods), shifts: JSON.stringify(periods.map(shiftOf)) },
  )
  for (const row of rows) plays[row.hour] = row.plays
  return plays
}

/** A time over which the offset of a zone, in milliseconds, is the same. */
interface OffsetPeriod extends Interval {
  offset: number
}

function offsetPeriods({ from, to }: Interval, tz: string): OffsetPeriod[] {
  const periods: OffsetPeriod[] = []
  for (let start = from; start < to; ) {
    const { offset, end } = offsetAt(start, tz)
    periods.push({ from: start, to: Math.min(end, to), offset })
    start = end
  }
  return periods
}

/** What makes an instant of the period the time since a local Monday, 0:00: the last one before the period, so that it is not negative. */
function shiftOf({ from, offset }: OffsetPeriod): number {
  const shift = offset - A_MONDAY_MS
  return shift - Math.floor((from + shift) / WEEK_MS) * WEEK_MS
}

function figuresOf(plays: readonly number[]): RhythmFigures {
  const cells = plays.map((count, i): RhythmCell => {
    return { weekday: Math.floor(i / DAY_HOURS) + 1, hour: i % DAY_HOURS, plays: count }
  })
  const most = cells.reduce((best, cell) => (cell.plays > best.plays ? cell : best))
  return { total: plays.reduce((sum, count) => sum + count, 0), peak: most.plays > 0 ? most : null, cells }
}

function previousOf(then: RhythmFigures, now: RhythmFigures, before: Interval, tz: string): PreviousRhythm {
  const cells = then.cells.map((cell, i) => ({ ...cell, change: changeInPercent(cell.plays, now.cells[i]!.plays) }))
  return { period: formatPeriod(before, tz), ...then, cells, change: { total: changeInPercent(then.total, now.total) } }
}
