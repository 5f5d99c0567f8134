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

/** A part of an interval that one level answers: a whole month, or some quarters of a day. */
export type Piece =
  | { level: 'month'; bucket: number }
  | { level: 'day'; bucket: number; fromQuarter: number; toQuarter: number }

/** Cuts an interval into pieces; only `months`, those with any data (ascending), are visited. */
export function* pieces(interval: Interval, months: readonly number[]): Generator<Piece> {
  for (const month of months) {
    const start = monthStart(month)
    const end = monthStart(month + 1)
    if (end <= interval.from) continue
    if (start >= interval.to) return
    if (interval.from <= start && end <= interval.to) yield { level: 'month', bucket: month }
    else yield* dayPieces({ from: Math.max(start, interval.from), to: Math.min(end, interval.to) })
  }
}

function* dayPieces({ from, to }: Interval): Generator<Piece> {
  for (let day = dayOf(from); day * DAY_MS < to; day++) {
    const start = day * DAY_MS
    const fromQuarter = Math.max(0, (from - start) / QUARTER_MS)
    const toQuarter = Math.min(QUARTERS_PER_DAY, (to - start) / QUARTER_MS)
    yield { level: 'day', bucket: day, fromQuarter, toQuarter }
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
