/** Where the points of a series begin and end: hours, days, ISO weeks, months and years of a time zone. */
import { invalidInput } from '../errors.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { DAY_MS, HOUR_MS } from '../units.ts'
import { startOfDay, zoned } from './calendar.ts'

export const SERIES_UNITS = ['hour', 'day', 'week', 'month', 'year'] as const
export type SeriesUnit = (typeof SERIES_UNITS)[number]

const MAX_POINTS = 10_000

/** The longest that each unit can be (zones have repeated whole days): a range that is far too long is refused at once. */
const LONGEST: Record<SeriesUnit, number> = {
  hour: HOUR_MS,
  day: 2 * DAY_MS,
  week: 8 * DAY_MS,
  month: 32 * DAY_MS,
  year: 367 * DAY_MS,
}

/** @throws ServiceError 400 `interval_unknown`. */
export function parseSeriesUnit(interval: string): SeriesUnit {
  const unit = SERIES_UNITS.find(known => known === interval)
  if (unit) return unit
  const message = `is none of ${SERIES_UNITS.join(', ')}`
  throw invalidInput([{ path: 'interval', code: 'interval_unknown', message }])
}

/**
 * The points of a series over a finite range: ascending, without holes, the first and the last cut at the range. A day
 * is from its first instant to that of the next one, whatever its length; an hour is also cut where the zone's offset
 * changes. Empty for an empty range.
 * @throws ServiceError 400 `too_many_points` for more than `MAX_POINTS`.
 */
export function seriesPoints(range: Interval, unit: SeriesUnit, tz: string): Interval[] {
  if ((range.to - range.from) / LONGEST[unit] > MAX_POINTS) throw tooManyPoints()
  const points: Interval[] = []
  for (const point of pointsOf(range, unit, tz)) {
    points.push(point)
    if (points.length > MAX_POINTS) throw tooManyPoints()
  }
  return points
}

/**
 * The last `MAX_POINTS` points of a range that begins with a whole one, and whether that leaves some out. Of 20,000 days
 * up to 2026-11-24 they are those from 1999-07-10 on.
 */
export function lastPoints(range: Interval, unit: SeriesUnit, tz: string): { points: Interval[]; isClipped: boolean } {
  // Points before this instant can't be among the last `MAX_POINTS`, so they are not made.
  const near = range.to - MAX_POINTS * LONGEST[unit]
  const from = near > range.from ? pointAround(near, unit, tz).from : range.from
  const points = [...pointsOf({ from, to: range.to }, unit, tz)]
  return { points: points.slice(-MAX_POINTS), isClipped: from > range.from || points.length > MAX_POINTS }
}

function* pointsOf(range: Interval, unit: SeriesUnit, tz: string): Generator<Interval> {
  if (range.from >= range.to) return
  let from = range.from
  for (const boundary of unit === 'hour' ? hourStarts(range, tz) : dayStarts(range, unit, tz)) {
    if (boundary <= from) continue
    yield { from, to: Math.min(boundary, range.to) }
    if (boundary >= range.to) return
    from = boundary
  }
}

/** The whole point of a series that contains an instant. */
export function pointAround(instant: Instant, unit: SeriesUnit, tz: string): Interval {
  if (unit === 'hour') return hourAround(instant, tz)
  const first = firstDay(instant, unit, tz)
  const [from, to, after] = [0, 1, 2].map(i => startOfDay(first.add({ [`${unit}s`]: i }), tz)) as [
    number,
    number,
    number,
  ]
  // Where clocks went back over midnight (St John's, 1987 to 2011), a day comes again after the next one has begun.
  return to > instant ? { from, to } : { from: to, to: after }
}

function* dayStarts(range: Interval, unit: Exclude<SeriesUnit, 'hour'>, tz: string): Generator<Instant> {
  const first = firstDay(range.from, unit, tz)
  // Always counted from the first, as adding month by month would be from a shortened month.
  for (let i = 1; ; i++) yield startOfDay(first.add({ [`${unit}s`]: i }), tz)
}

function firstDay(instant: Instant, unit: Exclude<SeriesUnit, 'hour'>, tz: string): Temporal.PlainDate {
  const day = zoned(instant, tz).toPlainDate()
  if (unit === 'week') return day.subtract({ days: day.dayOfWeek - 1 })
  if (unit === 'month') return day.with({ day: 1 })
  if (unit === 'year') return day.with({ month: 1, day: 1 })
  return day
}

function* hourStarts({ from, to }: Interval, tz: string): Generator<Instant> {
  let start = from
  while (start < to) {
    const { offset, end } = offsetAt(start, tz)
    for (let hour = nextHour(start, offset); hour < Math.min(end, to); hour += HOUR_MS) yield hour
    start = end
    yield Math.min(end, to)
  }
}

function hourAround(instant: Instant, tz: string): Interval {
  const { offset, start, end } = offsetAt(instant, tz)
  const to = nextHour(instant, offset)
  return { from: Math.max(to - HOUR_MS, start), to: Math.min(to, end) }
}

function nextHour(instant: Instant, offset: number): Instant {
  const past = (instant + offset) % HOUR_MS
  return instant - (past < 0 ? past + HOUR_MS : past) + HOUR_MS
}

/** The offset of a zone in milliseconds at an instant, and the time over which it does not change. */
export function offsetAt(instant: Instant, tz: string): { offset: number; start: Instant; end: Instant } {
  const moment = zoned(instant, tz)
  return {
    offset: moment.offsetNanoseconds / 1e6,
    // One millisecond later, because a transition at the instant itself would not count as a previous one.
    start: zoned(instant + 1, tz).getTimeZoneTransition('previous')?.epochMilliseconds ?? Number.NEGATIVE_INFINITY,
    end: moment.getTimeZoneTransition('next')?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
  }
}

function tooManyPoints() {
  const message = `gives more than ${MAX_POINTS} points: ask for a longer one, or for less time between startDate and endDate`
  return invalidInput([{ path: 'interval', code: 'too_many_points', message }])
}
