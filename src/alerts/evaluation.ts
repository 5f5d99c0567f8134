/** When automatic evaluation runs: soon after events came in, once a minute, and never for more than its share. */
import { StoreUnavailable } from '../storage/storage.ts'

/** Events that come in within this time are evaluated together. */
const GATHER_MS = 250
const EVERY_MS = 60_000
/** A run is followed by a pause of so many times its length, so that a thread gives it 5 % of its time at most. */
const REST = 20
const STORE_RETRY_MS = 1000

export class EvaluationLoop {
  readonly #evaluate: () => Promise<unknown>
  readonly #log: (error: unknown) => void
  #timer: NodeJS.Timeout | undefined
  /** When the timer fires, and before when it may not, in monotonic milliseconds. */
  #at = Number.POSITIVE_INFINITY
  #restUntil = 0
  #running: Promise<void> | undefined
  #stopped = true

  constructor(evaluate: () => Promise<unknown>, log: (error: unknown) => void) {
    this.#evaluate = evaluate
    this.#log = log
  }

  start(): void {
    this.#stopped = false
    this.ingested()
  }

  /** Events were projected. */
  ingested(): void {
    this.#runIn(GATHER_MS)
  }

  /** Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#running
  }

  #runIn(delay: number): void {
    const now = performance.now()
    const at = Math.max(now + delay, this.#restUntil)
    if (this.#stopped || at >= this.#at) return
    clearTimeout(this.#timer)
    this.#at = at
    this.#timer = setTimeout(() => this.#fire(), at - now)
    this.#timer.unref()
  }

  #fire(): void {
    this.#at = Number.POSITIVE_INFINITY
    // A timer set during a run knows nothing of the rest after it.
    if (this.#running || performance.now() < this.#restUntil) {
      this.#runIn(GATHER_MS)
      return
    }
    this.#running = this.#run().finally(() => {
      this.#running = undefined
    })
  }

  async #run(): Promise<void> {
    const start = performance.now()
    let next = EVERY_MS
    try {
      await this.#evaluate()
    } catch (error) {
      if (error instanceof StoreUnavailable) next = STORE_RETRY_MS
      else this.#log(error)
    }
    const end = performance.now()
    this.#restUntil = end + REST * (end - start)
    this.#runIn(next)
  }
}
