/** Rate limits as a setting writes them: `60/minute`, `3 per minute`, `200/day;3/minute`, `10 per 5 minutes`, `off`. */

import { DAY_MS, SECOND_MS } from '../units.ts'
import type { Parsed } from './settings-reader.ts'

/** At most `max` requests in a window of time. */
export interface RateLimit {
  max: number
  windowMs: number
}

/** The old service's settings had these units, with these lengths. */
const UNITS_MS = {
  second: SECOND_MS,
  minute: 60 * SECOND_MS,
  hour: 3600 * SECOND_MS,
  day: DAY_MS,
  month: 30 * DAY_MS,
  year: 360 * DAY_MS,
}
const ONE_LIMIT = /^(\d{1,9})\s*(?:\/|per)\s*(\d{1,4})?\s*(second|minute|hour|day|month|year)s?$/i
const RULE =
  'must be N/second, N/minute, N/hour, N/day, N/month or N/year with N at least 1 ("N per minute" and "N per 5 minutes" are the same form), several of them with ; between, or off'

/** All limits of a setting, the shortest window first; none for `off`. They apply at the same time. */
export function parseRateLimits(text: string): Parsed<readonly RateLimit[]> {
  if (/^off$/i.test(text)) return { value: [] }
  const limits = text.split(/[;,|]/).map(part => parseOne(part.trim()))
  if (!limits.every(limit => limit !== null)) return { rule: RULE }
  return { value: limits.sort((a, b) => a.windowMs - b.windowMs) }
}

function parseOne(text: string): RateLimit | null {
  const [, max, times = '1', unit] = ONE_LIMIT.exec(text) ?? []
  if (unit === undefined || Number(max) === 0 || Number(times) === 0) return null
  return { max: Number(max), windowMs: Number(times) * UNITS_MS[unit.toLowerCase() as keyof typeof UNITS_MS] }
}
