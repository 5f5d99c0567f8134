/** How many requests each client has made in its window, by the monotonic clock: changing the system's clock locks no client out. */
import type { FastifyRateLimitStore } from '@fastify/rate-limit'
import { LRUCache } from 'lru-cache'

/** Clients that are counted at a time; the one whose last request is longest ago is dropped first. */
const MAX_CLIENTS = 5_000

interface Window {
  count: number
  /** In monotonic milliseconds. */
  end: number
}

type Answer = Parameters<FastifyRateLimitStore['incr']>[1]

export class RateStore implements FastifyRateLimitStore {
  readonly #monotonic: () => number
  readonly #windows = new LRUCache<string, Window>({ max: MAX_CLIENTS })

  /**
   * The plugin passes its settings, which are not used. `monotonic`: a clock in whole milliseconds from any beginning; with
   * fractions, `end - now` could exceed the window by a rounding error, and the header would say 61 s of 60.
   */
  constructor(_settings?: unknown, monotonic: () => number = () => Math.floor(performance.now())) {
    this.#monotonic = monotonic
  }

  /** Counts a request. `ttl`: milliseconds until the window ends. */
  incr(client: string, answer: Answer, windowMs: number): void {
    const now = this.#monotonic()
    const window = this.#current(client, now) ?? { count: 0, end: now + windowMs }
    window.count++
    this.#windows.set(client, window)
    answer(null, { current: window.count, ttl: window.end - now })
  }

  /** As `incr`, without counting. */
  read(client: string, answer: Answer): void {
    const now = this.#monotonic()
    const window = this.#current(client, now)
    answer(null, window ? { current: window.count, ttl: window.end - now } : { current: 0, ttl: 0 })
  }

  /** A store of its own for one route or limit. */
  child(): RateStore {
    return new RateStore(undefined, this.#monotonic)
  }

  #current(client: string, now: number): Window | undefined {
    const window = this.#windows.get(client)
    return window && now < window.end ? window : undefined
  }
}
