/** Keeps everybody from waiting in turn for a store that fails: one probe tries it, all others are refused at once. */
import { StoreUnavailable } from '../storage/storage.ts'

const PROBE_MS = 500

export class WriteGuard {
  readonly #probe: () => Promise<unknown>
  #fault: StoreUnavailable | undefined
  #timer: NodeJS.Timeout | undefined

  /** `probe` is a small write; where it succeeds, the store is taken to work again. */
  constructor(probe: () => Promise<unknown>) {
    this.#probe = probe
  }

  /** Why the store can't be written; undefined while it can. */
  get fault(): string | undefined {
    return this.#fault?.message
  }

  /** @throws StoreUnavailable where the store fails, or is known to */
  async run<T>(write: () => Promise<T>): Promise<T> {
    if (this.#fault) throw new StoreUnavailable(this.#fault.message)
    return this.attempt(write)
  }

  /** Tries it even so: for what may work while other writes fail. @throws StoreUnavailable where the store fails */
  async attempt<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write()
    } catch (error) {
      if (error instanceof StoreUnavailable) this.#note(error)
      throw error
    }
  }

  #note(fault: StoreUnavailable): void {
    this.#fault = fault
    this.#timer ??= setTimeout(() => this.#try(), PROBE_MS)
  }

  /** Ends the probing. */
  stop(): void {
    clearTimeout(this.#timer)
  }

  async #try(): Promise<void> {
    this.#timer = undefined
    try {
      await this.#probe()
      this.#fault = undefined
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      this.#note(error)
    }
  }
}
