/**
 * Waits until a stored instant, such as the end of a cooldown. The wall clock may have been wrong when the instant was stored,
 * and may be set at any time. So it is read only once, when this process first sees the wait, and the wait is limited to the
 * longest of its kind. From then on the monotonic clock decides.
 */
import { LRUCache } from 'lru-cache'
import type { Instant } from './storage.ts'

/** With more waits than this, those that were not used for longest are forgotten. */
const MAX_SEEN = 10_000

export class StoredWaits {
  readonly #clock: () => Instant
  readonly #monotonic: () => number
  /** When each wait that has been seen ends, in monotonic milliseconds. */
  readonly #ends = new LRUCache<string, number>({ max: MAX_SEEN })

  /** `clock` gives epoch milliseconds; `monotonic` gives milliseconds that do not change when the clock is set. */
  constructor(clock: () => Instant, monotonic: () => number = () => performance.now()) {
    this.#clock = clock
    this.#monotonic = monotonic
  }

  /**
   * Milliseconds left until the stored instant, at most `longestMs`; 0 where it is over. `name` and `until` together
   * identify the wait.
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
