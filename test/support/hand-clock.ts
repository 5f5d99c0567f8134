/** A clock that moves only when a test moves it. */
import { setImmediate as yieldThread } from 'node:timers/promises'
import type { Clock } from '../../src/concurrency/clock.ts'

export class HandClock implements Clock {
  #now = 0
  #sleepers: { at: number; end: () => void }[] = []

  now(): number {
    return this.#now
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#sleepers.push({ at: this.#now + ms, end: resolve })
    signal.addEventListener('abort', () => resolve())
    return promise
  }

  /** Moves on millisecond by millisecond, and lets everything happen that is due at each. */
  async pass(ms: number): Promise<void> {
    await othersAct()
    for (const end = this.#now + ms; this.#now < end; ) {
      this.#now++
      for (const sleeper of this.#sleepers) if (sleeper.at <= this.#now) sleeper.end()
      this.#sleepers = this.#sleepers.filter(({ at }) => at > this.#now)
      await othersAct()
    }
  }

  /** Moves on at once, as for work that takes so many milliseconds. */
  work(ms: number): void {
    this.#now += ms
  }
}

/** Lets promises and I/O that are ready go on. */
export async function othersAct(): Promise<void> {
  for (let i = 0; i < 5; i++) await yieldThread()
}
