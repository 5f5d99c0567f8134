/** Event timestamps: what clients write, read as epoch milliseconds. */
import type { Instant } from '../storage/storage.ts'
import { DAY_MS } from '../units.ts'

export type TimestampFault = 'timestamp_invalid' | 'timestamp_in_future'

/** The first instant of the year 1: no event happened before. */
export const MIN_INSTANT = Date.parse('0001-01-01T00:00:00Z')
/** Longer than any ISO 8601 date-time; keeps longer texts away from the parser. */
export const MAX_TIMESTAMP_LENGTH = 48

/**
 * The instant of an ISO 8601 date-time (without an offset: UTC), of a date alone (its midnight UTC), or of integer
 * epoch milliseconds. Digits beyond the millisecond are cut off.
 * `timestamp_in_future`: more than 24 hours after `now`.
 */
export function parseTimestamp(value: string | number, now: Instant): Instant | TimestampFault {
  const instant = typeof value === 'number' ? epochMs(value) : (commonForm(value) ?? anyForm(value))
  if (instant === undefined || instant < MIN_INSTANT) return 'timestamp_invalid'
  return instant - now > DAY_MS ? 'timestamp_in_future' : instant
}

function epochMs(value: number): Instant | undefined {
  return Number.isSafeInteger(value) ? value + 0 : undefined
}

/** `YYYY-MM-DDTHH:MM:SSZ` and `YYYY-MM-DDTHH:MM:SS.mmmZ`, which nearly all clients send: far faster than Temporal. */
function commonForm(text: string): Instant | undefined {
  const withMs = text.length === 24
  if (!withMs && text.length !== 20) return undefined
  const punctuated =
    text[4] === '-' && text[7] === '-' && text[10] === 'T' && text[13] === ':' && text[16] === ':' && text.endsWith('Z')
  if (!punctuated || (withMs && text[19] !== '.')) return undefined
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 7)
  const day = digits(text, 8, 10)
  const hour = digits(text, 11, 13)
  const minute = digits(text, 14, 16)
  const second = digits(text, 17, 19)
  const ms = withMs ? digits(text, 20, 23) : 0
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  if (!(year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return undefined
  if (!(hour <= 23 && minute <= 59 && second <= 59 && ms >= 0)) return undefined
  const instant = Date.UTC(year, month - 1, day, hour, minute, second, ms)
  return Number.isNaN(instant) ? undefined : instant
}

/** NaN where one of the characters is no digit. */
function digits(text: string, from: number, to: number): number {
  let number = 0
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return Number.NaN
    number = number * 10 + digit
  }
  return number
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function anyForm(text: string): Instant | undefined {
  // Brackets name a time zone or calendar in RFC 9557, which ISO 8601 has not.
  if (text.length > MAX_TIMESTAMP_LENGTH || text.includes('[')) return undefined
  try {
    if (/[t ].*[z+-]/i.test(text)) return Temporal.Instant.from(text).epochMilliseconds
    return Temporal.PlainDateTime.from(text).toZonedDateTime('UTC').epochMilliseconds
  } catch {
    return undefined
  }
}
