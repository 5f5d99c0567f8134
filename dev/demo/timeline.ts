/** The days of the demo's history, and what happens on which of them. */
import { DAY_MS } from '../../src/units.ts'

export class Timeline {
  /** Epoch milliseconds of the moment at which history ends and the present begins. */
  readonly now: number
  /** The beginning of today, in UTC. */
  readonly today: number
  /** The beginning of the first day. */
  readonly begin: number
  readonly #days: number

  /** `days`: the whole days before today. */
  constructor(now: number, days: number) {
    this.now = now
    this.today = Math.floor(now / DAY_MS) * DAY_MS
    this.begin = this.today - days * DAY_MS
    this.#days = days
  }

  /** The beginnings of all days, today included. */
  get days(): number[] {
    return Array.from({ length: this.#days + 1 }, (_, day) => this.begin + day * DAY_MS)
  }

  /** The beginning of the day at this share of the history: 0 is the first day, 1 is today. */
  dayAt(share: number): number {
    return this.begin + Math.floor(share * this.#days) * DAY_MS
  }

  /** How much of the history is over at the instant: from 0 to 1, which is the end of today. */
  shareOver(instant: number): number {
    return Math.min(1, Math.max(0, (instant - this.begin) / (this.today + DAY_MS - this.begin)))
  }
}
