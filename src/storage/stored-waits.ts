/**
 * Waits until an instant that is stored, such as the end of a cooldown. The wall clock may have been wrong when the instant
 * was stored, and may be set at any time. So it is asked once, when this process first sees the wait, which then is never
 * longer than a wait of its kind; from then on the monotonic clock alone decides.
 */
import { LRUCache } from 'lru-cache'
import type { Instant } from './storage.ts'

/** Of more waits than this the longest unused are seen as if for the first time. */
const MAX_SEEN = 10_000

export class StoredWaits {
  readonly #clock: () => Instant
  readonly #monotonic: () => number
  /** When each wait that has been seen ends, in monotonic milliseconds. */
  readonly #ends = new LRUCache<string, number>({ max: MAX_SEEN })

  /** `clock`: epoch milliseconds; `monotonic`: milliseconds that no change of the clock touches. */
  constructor(clock: () => Instant, monotonic: () => number = () => performance.now()) {
    this.#clock = clock
    this.#monotonic = monotonic
  }

  /**
   * Milliseconds left until the stored instant, never more than `longestMs`; 0 where it is over. `name` says what waits:
   * the same thing until another instant is another wait.
   */
  left(name: string, until: Instant, longestMs: number): number {
    const key = `${until} ${name}`
    const now = this.#monotonic()
    const end = this.#ends.get(key)
    if (end !== undefined) return Math.max(0, end - now)
    const left = Math.min(longestMs, Math.max(0, until - this.#clock()))
    if (left > 0) this.#ends.set(key, now + left)
    return left
  }
}
