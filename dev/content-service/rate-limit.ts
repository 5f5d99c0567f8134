/** A limit of requests in a window of a minute, which begins with a client's first request. */

const WINDOW_MS = 60_000

export interface Counted {
  isRefused: boolean
  headers: Map<string, string>
}

export class RateLimit {
  #max: number
  #clock: () => number
  #windows = new Map<string, { end: number; count: number }>()

  constructor(max: number, clock: () => number) {
    this.#max = max
    this.#clock = clock
  }

  /** Counts a request of the client. */
  count(client: string): Counted {
    const now = this.#clock()
    const window = this.#windowOf(client, now)
    window.count++
    const seconds = String(Math.ceil((window.end - now) / 1000))
    const isRefused = window.count > this.#max
    const headers = new Map([
      ['RateLimit-Limit', String(this.#max)],
      ['RateLimit-Remaining', String(Math.max(0, this.#max - window.count))],
      ['RateLimit-Reset', seconds],
    ])
    if (isRefused) headers.set('Retry-After', seconds)
    return { isRefused, headers }
  }

  #windowOf(client: string, now: number): { end: number; count: number } {
    const current = this.#windows.get(client)
    if (current && current.end > now) return current
    const next = { end: now + WINDOW_MS, count: 0 }
    this.#windows.set(client, next)
    return next
  }
}
