/** Takes in what other instances append, again and again. */
import { setTimeout as wait } from 'node:timers/promises'
import { StoreUnavailable } from '../storage/storage.ts'

/** So much later, at the most, an event of another instance is in the log of this one. */
const POLL_MS = 100
const RETRY_MS = 500

export class LogFollower {
  readonly #pull: () => Promise<boolean>
  readonly #stopping = new AbortController()
  readonly #caughtUp = Promise.withResolvers<void>()
  #running: Promise<void> | undefined

  /** `pull` takes in a part and says whether there may be more. */
  constructor(pull: () => Promise<boolean>) {
    this.#pull = pull
  }

  /** Resolves when, for the first time, nothing was left to be taken in. */
  get caughtUp(): Promise<void> {
    return this.#caughtUp.promise
  }

  start(): void {
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const pause = await this.#step()
      if (pause > 0) await wait(pause, undefined, { signal }).catch(() => {})
    }
  }

  /** The milliseconds until the next step. */
  async #step(): Promise<number> {
    try {
      if (await this.#pull()) return 0
      this.#caughtUp.resolve()
      return POLL_MS
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      return RETRY_MS
    }
  }
}
