/**
 * Calendar arithmetic of questions: what `startDate`, `endDate` and `tz` mean as instants. Pure; instants are integer
 * epoch milliseconds, intervals half-open.
 */

import { type Fault, invalidInput } from '../errors.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { DAY_MS } from '../units.ts'

/** A range of time. Where it was asked for in days it has them too, because the range before it then has as many days. */
export interface Range extends Interval {
  startDay?: Temporal.PlainDate
  endDay?: Temporal.PlainDate
}

const ZONE_NAME = /^[a-z][\w+/-]*$/i
const DATE = /^\d{4}-?\d{2}-?\d{2}$/
const DATE_TIME = /^(\d{4}-?\d{2}-?\d{2})[T ](\d[\d:.,]*(z|[+-]\d[\d:.,]*)?)$/i

/**
 * The time zone that was asked for; UTC where none was.
 * @throws ServiceError 400 `time_zone_unknown` unless it is the name of an IANA time zone.
 */
export function parseTimeZone(tz: string | undefined): string {
  if (!tz) return 'UTC'
  try {
    if (ZONE_NAME.test(tz)) return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(tz).timeZoneId
  } catch {
    // Not a known zone: the same fault as for a text that is no name at all.
  }
  throw invalidInput([{ path: 'tz', code: 'time_zone_unknown', message: 'is not an IANA time zone' }])
}

/**
 * The range between two ISO 8601 dates or date-times, each of which may be absent or empty (an open end). A date alone
 * is that whole day in `tz`, as end included; a date-time is taken to the millisecond, as end included, and is local
 * time in `tz` unless it has an offset ('compatible' where it is doubled or missing). Years 0000 to 9999.
 * @throws ServiceError 400 with `date_invalid` or `range_reversed`.
 */
export function parseRange(dates: { startDate?: string | undefined; endDate?: string | undefined }, tz: string): Range {
  const start = dates.startDate ? parseMoment(dates.startDate, tz) : undefined
  const end = dates.endDate ? parseMoment(dates.endDate, tz) : undefined
  const [fault, ...more] = [
    ...(start === null ? [invalidDate('startDate')] : []),
    ...(end === null ? [invalidDate('endDate')] : []),
  ]
  if (fault) throw invalidInput([fault, ...more])
  const range: Range = { from: start?.first ?? Number.NEGATIVE_INFINITY, to: end?.after ?? Number.POSITIVE_INFINITY }
  if (start?.day) range.startDay = start.day
  if (end?.day) range.endDay = end.day
  if (isReversed(range)) {
    throw invalidInput([{ path: 'startDate', code: 'range_reversed', message: 'is after endDate' }])
  }
  return range
}

// A day that a zone skipped (Apia, 2011-12-30) is empty, not reversed.
function isReversed({ from, to, startDay, endDay }: Range): boolean {
  return startDay && endDay ? Temporal.PlainDate.compare(startDay, endDay) > 0 : from >= to
}

const invalidDate = (path: string): Fault => ({ path, code: 'date_invalid', message: 'is not an ISO 8601 date' })

/** The first instant of a day or moment, and the first one after it; null where the text is neither. */
function parseMoment(text: string, tz: string): { first: Instant; after: Instant; day?: Temporal.PlainDate } | null {
  try {
    if (DATE.test(text)) {
      const day = Temporal.PlainDate.from(text)
      return { first: startOfDay(day, tz), after: startOfDay(day.add({ days: 1 }), tz), day }
    }
    const [, , time, offset] = DATE_TIME.exec(text) ?? []
    if (time === undefined) return null
    const first = offset
      ? Temporal.Instant.from(text).epochMilliseconds
      : Temporal.PlainDateTime.from(text).toZonedDateTime(tz, { disambiguation: 'compatible' }).epochMilliseconds
    return { first, after: first + 1 }
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Which earlier range a range is compared with. */
export const COMPARISONS = ['previous', 'weekday', 'year'] as const
export type Comparison = (typeof COMPARISONS)[number]

const WEEK_DAYS = 7
/** Whole weeks, so that weekdays match. */
const YEAR_DAYS = 52 * WEEK_DAYS

/**
 * The earlier range that `range` is compared with. `previous`: the range before it, with as many days, or else as many
 * milliseconds. `weekday`: the range shifted back by as many whole weeks as it needs, so that weekdays match: 10 days by two
 * weeks. `year`: the range shifted back by 364 days, which may overlap it.
 *
 * An open end counts as now (for days: as today). Of a range that is not over, what has passed is compared with as much of
 * the earlier one, to the same time of the same day: on 2026-11-10 at 12:00, the range before 2026-11-01 to 2026-11-30 (30
 * days) is from 2026-10-02 to 2026-10-11 at 12:00, now included. Null where the range has no start, or begins after now.
 */
export function comparedRange(range: Range, comparison: Comparison, tz: string, now: Instant): Interval | null {
  if (range.from === Number.NEGATIVE_INFINITY || range.from > now) return null
  const passed = Math.min(range.to, now + 1)
  if (range.startDay && (range.endDay || range.to === Number.POSITIVE_INFINITY)) {
    const lastDay = range.endDay ?? zoned(now, tz).toPlainDate()
    const days = daysBack(range.startDay.until(lastDay, { largestUnit: 'days' }).days + 1, comparison)
    const from = startOfDay(range.startDay.subtract({ days }), tz)
    const to = startOfDay(lastDay.add({ days: 1 }).subtract({ days }), tz)
    if (passed === range.to) return { from, to }
    const sameTime = zoned(now, tz).subtract({ days }).epochMilliseconds + 1
    // Where clocks were changed over midnight, the time of day may be that of another day.
    return { from, to: Math.min(Math.max(sameTime, from), to) }
  }
  const length = (range.to === Number.POSITIVE_INFINITY ? passed : range.to) - range.from
  if (comparison === 'previous') return { from: range.from - length, to: passed - length }
  const days = daysBack(Math.ceil(length / DAY_MS), comparison)
  const [from, last] = [range.from, passed - 1].map(
    instant => zoned(instant, tz).subtract({ days }).epochMilliseconds,
  ) as [Instant, Instant]
  return { from, to: Math.max(from, last + 1) }
}

/** By how many days a range of so many days is shifted back. */
function daysBack(days: number, comparison: Comparison): number {
  if (comparison === 'previous') return days
  return comparison === 'year' ? YEAR_DAYS : Math.ceil(days / WEEK_DAYS) * WEEK_DAYS
}

/** The first instant of a day in a zone: not always midnight. */
export function startOfDay(day: Temporal.PlainDate, tz: string): Instant {
  return day.toZonedDateTime({ timeZone: tz }).epochMilliseconds
}

export function zoned(instant: Instant, tz: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(tz)
}

/**
 * An instant in ISO 8601 to the millisecond, with the zone's offset; with `Z` in UTC, and where the offset is no whole number of minutes,
 * which ISO 8601 can't write.
 */
export function formatInstant(instant: Instant, tz: string): string {
  const moment = Temporal.Instant.fromEpochMilliseconds(instant)
  if (tz === 'UTC' || moment.toZonedDateTimeISO(tz).offsetNanoseconds % 60e9 !== 0)
    return moment.toString({ fractionalSecondDigits: 3 })
  return moment.toString({ timeZone: tz, fractionalSecondDigits: 3 })
}

/** `start/end` in ISO 8601, the end excluded, `..` for an open end; null for all of time. */
export function formatPeriod({ from, to }: Interval, tz: string): string | null {
  if (from === Number.NEGATIVE_INFINITY && to === Number.POSITIVE_INFINITY) return null
  const format = (instant: Instant) => (Number.isFinite(instant) ? formatInstant(instant, tz) : '..')
  return `${format(from)}/${format(to)}`
}
