/**
 * The two levels at which the embedded store keeps time: days of UTC, whose cells remember their quarter of an hour,
 * and months of UTC, the roll-up for long ranges.
 */
import { type Instant, type Interval, QUARTER_MS } from '../storage.ts'

export const DAY_MS = 86_400_000
export const QUARTERS_PER_DAY = DAY_MS / QUARTER_MS

export const dayOf = (at: Instant): number => Math.floor(at / DAY_MS)

/** Months since the year 0. */
export function monthOf(at: Instant): number {
  const date = new Date(at)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

export function monthStart(month: number): Instant {
  const year = Math.floor(month / 12)
  // Date.UTC takes the years 0 to 99 for 1900 to 1999; setUTCFullYear does not.
  return new Date(0).setUTCFullYear(year, month - year * 12, 1)
}

/** Where a bucket of a level begins. */
export function bucketStart(level: 'day' | 'month' | 'all', bucket: number): Instant {
  return level === 'day' ? bucket * DAY_MS : level === 'month' ? monthStart(bucket) : 0
}

/** A month that holds data, with its limits: they are asked for with every interval. */
export interface Month extends Interval {
  bucket: number
}

export const monthAt = (bucket: number): Month => ({
  bucket,
  from: monthStart(bucket),
  to: monthStart(bucket + 1),
})

/** A part of an interval that one level answers: a whole month, or what of a day is in `from` to `to`. */
export interface Piece extends Interval {
  level: 'day' | 'month'
  bucket: number
}

/**
 * Cuts an interval into pieces. `months`: those that hold anything, ascending. Others are skipped, but for those that the
 * interval cuts: a month that comes to nothing altogether may still have something on one of its days.
 */
export function* pieces(interval: Interval, months: readonly Month[]): Generator<Piece> {
  for (const month of monthsOf(interval, months)) {
    if (interval.from <= month.from && month.to <= interval.to) yield { level: 'month', ...month }
    else yield* dayPieces({ from: Math.max(month.from, interval.from), to: Math.min(month.to, interval.to) })
  }
}

function monthsOf({ from, to }: Interval, months: readonly Month[]): Month[] {
  if (from >= to) return []
  const touched = months.filter(month => month.to > from && month.from < to)
  for (const end of new Set([from, to - 1].filter(Number.isFinite).map(monthOf))) {
    if (!touched.some(({ bucket }) => bucket === end)) touched.push(monthAt(end))
  }
  return touched.sort((a, b) => a.bucket - b.bucket)
}

function* dayPieces({ from, to }: Interval): Generator<Piece> {
  for (let day = dayOf(from); day * DAY_MS < to; day++) {
    const start = day * DAY_MS
    yield { level: 'day', bucket: day, from: Math.max(from, start), to: Math.min(to, start + DAY_MS) }
  }
}

/** Where an instant falls at one level; moved from instant to instant, for it is asked for every change. */
export interface TimeCursor {
  moveTo(at: Instant): void
  bucket: number
  /** The quarter of the day; 0 at the other levels. */
  minor: number
  /** Where the bucket, and within a day the quarter, begins. */
  start: Instant
}

export class DayCursor implements TimeCursor {
  bucket = 0
  minor = 0
  start = 0

  moveTo(at: Instant): void {
    const quarter = Math.floor(at / QUARTER_MS)
    this.start = quarter * QUARTER_MS
    this.bucket = Math.floor(quarter / QUARTERS_PER_DAY)
    this.minor = quarter - this.bucket * QUARTERS_PER_DAY
  }
}

export class MonthCursor implements TimeCursor {
  bucket = 0
  minor = 0
  start = 0
  #end = 0

  moveTo(at: Instant): void {
    if (at >= this.start && at < this.#end) return
    this.bucket = monthOf(at)
    this.start = monthStart(this.bucket)
    this.#end = monthStart(this.bucket + 1)
  }
}

export class Untimed implements TimeCursor {
  bucket = 0
  minor = 0
  start = 0
  moveTo(): void {}
}
