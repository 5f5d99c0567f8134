/** How a point of a series is called: a minute, an hour, a day, a month, or its first and its last day. Pure. */
import type { Formats } from '../../language/formats.ts'
import { localTimes } from './local-times.ts'
import type { Interval, Point } from './points.ts'

const DAY_MS = 24 * 60 * 60_000

type DateFormats = Pick<Formats, 'date' | 'dateTime' | 'dateParts'>

export function pointLabel({ start, end }: Point, interval: Interval, tz: string, formats: DateFormats): string {
  const part = (at: string, fields: Intl.DateTimeFormatOptions) => formats.dateParts(at, tz, fields)
  if (interval === 'minute') return formats.dateTime(start, tz)
  if (interval === 'hour') {
    const [from, to] = [start, end].map(at => part(at, { hour: 'numeric', minute: '2-digit' }))
    return `${part(start, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })}, ${from} – ${to}`
  }
  if (interval === 'day') return part(start, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
  if (interval === 'month' && isWhole(start, end, tz)) return part(start, { month: 'long', year: 'numeric' })
  if (interval === 'year' && isWhole(start, end, tz)) return part(start, { year: 'numeric' })
  return daysLabel(start, end, tz, formats)
}

/** The first and the last day of a time, its end excluded. */
export function daysLabel(start: string, end: string, tz: string, { date }: Pick<Formats, 'date'>): string {
  const [first, last] = [date(start, tz), date(Date.parse(end) - 1, tz)]
  return first === last ? first : `${first} – ${last}`
}

/** Whether a point of months or years begins and ends with one: the range may have cut it. */
function isWhole(start: string, end: string, tz: string): boolean {
  return localTimes([Date.parse(start), Date.parse(end)], tz).every(
    local => new Date(local).getUTCDate() === 1 && local % DAY_MS === 0,
  )
}
