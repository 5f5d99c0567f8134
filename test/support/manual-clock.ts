/** A clock that moves only when a test moves it. */
import { setImmediate as yieldThread } from 'node:timers/promises'
import type { Clock } from '../../src/concurrency/clock.ts'

export class ManualClock implements Clock {
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

  /** Moves on from one sleeper's end to the next, and lets each act in between. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms
    while (this.#now < end) {
      await othersAct()
      this.#now = Math.min(end, ...this.#sleepers.map(({ at }) => at).filter(at => at > this.#now))
      for (const sleeper of this.#sleepers) if (sleeper.at <= this.#now) sleeper.end()
      this.#sleepers = this.#sleepers.filter(({ at }) => at > this.#now)
    }
    await othersAct()
  }

  /** Moves on at once, as for work that takes so many milliseconds. */
  work(ms: number): void {
    this.#now += ms
  }
}

/** Lets promises and I/O that are ready go on. */
export async function othersAct(): Promise<void> {
  for (let i = 0; i < 10; i++) await yieldThread()
}
