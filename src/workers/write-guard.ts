/** Keeps writes from waiting in turn for a store that fails: one probe tries it, and all writes are refused at once. */
import { BackgroundLoop } from '../concurrency/background-loop.ts'
import type { Clock } from '../concurrency/clock.ts'
import { StoreUnavailable } from '../storage/storage.ts'

const PROBE_MS = 500

export class WriteGuard {
  readonly #loop: BackgroundLoop
  #fault: StoreUnavailable | undefined

  /** `probe` is a small write; where it succeeds, the store is taken to work again. */
  constructor(probe: () => Promise<unknown>, clock?: Clock) {
    this.#loop = new BackgroundLoop({
      step: async () => {
        await probe()
        this.#fault = undefined
        return Number.POSITIVE_INFINITY
      },
      retryMs: error => {
        this.#note(error)
        return PROBE_MS
      },
      ...(clock && { clock }),
    })
    this.#loop.start(Number.POSITIVE_INFINITY)
  }

  /** Why the store can't be written; undefined while it can. */
  get fault(): string | undefined {
    return this.#fault?.message
  }

  /** @throws StoreUnavailable where the store fails, or has failed and no probe has succeeded since */
  async run<T>(write: () => Promise<T>): Promise<T> {
    if (this.#fault) throw new StoreUnavailable(this.#fault.message)
    try {
      return await write()
    } catch (error) {
      if (error instanceof StoreUnavailable) {
        this.#note(error)
        this.#loop.wake(PROBE_MS)
      }
      throw error
    }
  }

  /** Ends the probing. */
  stop(): Promise<void> {
    return this.#loop.stop()
  }

  #note(error: unknown): void {
    if (!(error instanceof StoreUnavailable)) throw error
    this.#fault = error
  }
}
