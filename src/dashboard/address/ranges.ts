/** The ranges of time that the page offers, and the days that they mean. */

import { memoize } from '../memoize.ts'

export const RANGES = ['today', '7d', '28d', '90d', '12m', 'year', 'all', 'own'] as const
export type RangeName = (typeof RANGES)[number]

/** The key that chooses a range. */
export const rangeKey = (range: RangeName) => String(RANGES.indexOf(range) + 1)

export const DEFAULT_RANGE: RangeName = '28d'

/** Days as `YYYY-MM-DD`, both included; both absent for all time. */
export interface Days {
  startDate?: string
  endDate?: string
}

const INTERVALS = ['hour', 'day', 'week', 'month', 'year'] as const
export type Interval = (typeof INTERVALS)[number]

const DAY_MS = 86_400_000
const DAY = /^\d{4}-\d{2}-\d{2}$/

const dayFormat = memoize(
  (tz: string) => new Intl.DateTimeFormat('en-CA', { timeZone: tz, year: 'numeric', month: '2-digit', day: '2-digit' }),
)

/** The present day in a time zone. */
export function today(tz: string, now: number): string {
  return dayFormat(tz).format(now)
}

/** The day so many days later, or earlier. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)
}

/** The days of a range that ends today: `7d` on 2026-11-26 is from 2026-11-20 to 2026-11-26. */
export function daysOf(range: Exclude<RangeName, 'own'>, present: string): Days {
  switch (range) {
    case 'all':
      return {}
    case 'today':
      return { startDate: present, endDate: present }
    case 'year':
      return { startDate: `${present.slice(0, 4)}-01-01`, endDate: present }
    case '12m':
      return { startDate: addDays(yearBefore(present), 1), endDate: present }
    case '7d':
    case '28d':
    case '90d':
      return { startDate: addDays(present, 1 - Number.parseInt(range, 10)), endDate: present }
  }
}

/** The same day of the year before; of February 29th, the 28th. */
function yearBefore(day: string): string {
  const monthAndDay = day.endsWith('-02-29') ? '-02-28' : day.slice(4)
  return `${Number(day.slice(0, 4)) - 1}${monthAndDay}`
}

export function isDay(text: string | null): text is string {
  if (text === null || !DAY.test(text)) return false
  const at = Date.parse(text)
  // The browser reads February 30th as March 2nd.
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text
}

/** The intervals whose points a graph can show: at least 2 of them where possible, and at most 800. */
export function intervalsOf(days: Days): [Interval, ...Interval[]] {
  if (days.startDate === undefined || days.endDate === undefined) return ['month', 'week', 'day', 'year']
  const count = (Date.parse(days.endDate) - Date.parse(days.startDate)) / DAY_MS + 1
  if (count <= 2) return ['hour']
  if (count <= 13) return ['day', 'hour']
  if (count <= 31) return ['day', 'hour', 'week']
  if (count <= 100) return ['day', 'week', 'month']
  if (count <= 800) return ['week', 'day', 'month']
  return ['month', 'week', 'year']
}
