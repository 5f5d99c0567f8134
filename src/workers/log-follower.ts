/** Takes in what other instances append, again and again. */
import { BackgroundLoop } from '../concurrency/background-loop.ts'
import { StoreUnavailable } from '../storage/storage.ts'

/** An event of another instance is in the log of this one after this time at most, and the time of the pull. */
const POLL_MS = 100
const RETRY_MS = 500

export class LogFollower {
  readonly #loop: BackgroundLoop
  readonly #caughtUp = Promise.withResolvers<void>()

  /** `pull` takes in a part and says whether there may be more. What it throws beside StoreUnavailable ends the thread. */
  constructor(pull: () => Promise<boolean>) {
    this.#loop = new BackgroundLoop({
      step: async () => {
        if (await pull()) return 0
        this.#caughtUp.resolve()
        return POLL_MS
      },
      retryMs: error => {
        if (!(error instanceof StoreUnavailable)) throw error
        return RETRY_MS
      },
    })
  }

  /** Resolves when, for the first time, nothing was left to be taken in. */
  get caughtUp(): Promise<void> {
    return this.#caughtUp.promise
  }

  start(): void {
    this.#loop.start()
  }

  stop(): Promise<void> {
    return this.#loop.stop()
  }
}
