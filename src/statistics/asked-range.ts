/** The range of time that a question asks for, and the earlier one that it is compared with. */
import { invalidInput } from '../errors.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { COMPARISONS, type Comparison, comparedRange, parseRange, parseTimeZone, type Range } from './calendar.ts'

/** As a client puts it; an empty text counts as absent. */
export interface RangeQuestion {
  /** ISO 8601 dates or date-times; `endDate` is included. */
  startDate?: string | undefined
  endDate?: string | undefined
  /** IANA time zone; UTC where absent. */
  tz?: string | undefined
  compare?: string | undefined
}

export interface AskedRange {
  tz: string
  range: Range
  isCompared: boolean
  /** Null where nothing is compared, or there is no earlier range: see `comparedRange`. */
  before: Interval | null
}

/** @throws ServiceError 400 for a wrong date, range, time zone or `compare` */
export function askedRange(question: RangeQuestion, now: Instant): AskedRange {
  const tz = parseTimeZone(question.tz)
  const range = parseRange(question, tz)
  const comparison = question.compare ? parseComparison(question.compare) : undefined
  const before = comparison ? comparedRange(range, comparison, tz, now) : null
  return { tz, range, isCompared: comparison !== undefined, before }
}

function parseComparison(compare: string): Comparison {
  const comparison = COMPARISONS.find(known => known === compare)
  if (comparison) return comparison
  throw invalidInput([{ path: 'compare', code: 'compare_unknown', message: `is none of ${COMPARISONS.join(', ')}` }])
}

/** The change in per cent, rounded to two decimals; null where it was zero before. */
export function changeInPercent(before: number, after: number): number | null {
  return before === 0 ? null : Math.round(((after - before) / before) * 10_000) / 100
}
