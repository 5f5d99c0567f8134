/** Work that is done again and again in the background: with pauses, retries, a bounded share of the time, and an end. */
import { setImmediate as yieldThread } from 'node:timers/promises'
import { type Clock, monotonicClock } from './clock.ts'

export interface BackgroundLoopOptions {
  /**
   * Does one step, and returns the milliseconds until the next one: 0 for at once, `Infinity` for not before `wake`. A step
   * may end early when `signal` aborts, for then the loop stops.
   */
  step: (signal: AbortSignal) => Promise<number>
  /** Returns the milliseconds until a step that failed is tried again. Where it throws, the loop ends with that error. */
  retryMs: (error: unknown) => number
  /** The greatest share of the time that steps take, asked for after each. At 0.05 a step of 10 ms is followed by 190 ms of rest. */
  dutyCycle?: () => number
  clock?: Clock
}

export class BackgroundLoop {
  readonly #options: BackgroundLoopOptions
  readonly #clock: Clock
  readonly #stopping = new AbortController()
  /** When the next step is due, in milliseconds of the clock. */
  #dueAt = Number.NEGATIVE_INFINITY
  /** When the rest after the last step ends. */
  #restUntil = Number.NEGATIVE_INFINITY
  /** Ends the present pause, so that its length is worked out again. */
  #pause = new AbortController()
  #running: Promise<void> | undefined

  constructor(options: BackgroundLoopOptions) {
    this.#options = options
    this.#clock = options.clock ?? monotonicClock
  }

  /** Begins with a first step, which is due at once, or after `delayMs` milliseconds. */
  start(delayMs = 0): void {
    this.#dueAt = this.#clock.now() + delayMs
    this.#running ??= this.#run()
  }

  /** Makes a step due after `delayMs` milliseconds, unless one is due earlier; a rest is kept all the same. */
  wake(delayMs = 0): void {
    const at = this.#clock.now() + delayMs
    if (at >= this.#dueAt) return
    this.#dueAt = at
    this.#pause.abort()
  }

  /** Resolves when the step that is under way has ended; no other one follows. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#pause.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    while (true) {
      await this.#pauseUntilDue()
      if (signal.aborted) return
      // A wake-up during the step asks for another one.
      this.#dueAt = Number.POSITIVE_INFINITY
      const begunAt = this.#clock.now()
      const pauseMs = await this.#step(signal)
      const endedAt = this.#clock.now()
      this.#restUntil = endedAt + (endedAt - begunAt) * (1 / (this.#options.dutyCycle?.() ?? 1) - 1)
      this.#dueAt = Math.min(this.#dueAt, endedAt + pauseMs)
      // Steps that wait for nothing would let nobody else in between.
      await yieldThread()
    }
  }

  async #step(signal: AbortSignal): Promise<number> {
    try {
      return await this.#options.step(signal)
    } catch (error) {
      return this.#options.retryMs(error)
    }
  }

  async #pauseUntilDue(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      this.#pause = new AbortController()
      const ms = Math.max(this.#dueAt, this.#restUntil) - this.#clock.now()
      if (ms <= 0) return
      await this.#clock.sleep(ms, this.#pause.signal)
    }
  }
}
