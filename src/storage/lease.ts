/**
 * A lease for work that one of several instances does at a time. It is a document whose beat its holder keeps raising. It is
 * free for an instance that has seen the same beat for 12 s on its own monotonic clock, so no clocks are compared. For a
 * moment two instances may think that they hold it: a lease avoids doing work twice, and protects nothing.
 */
import { BackgroundLoop } from '../concurrency/background-loop.ts'
import { type Clock, monotonicClock } from '../concurrency/clock.ts'
import { LEASES } from './collections.ts'
import { type Documents, StoreUnavailable } from './storage.ts'

const BEAT_MS = 3_000
/** A holder without a beat for this time is dead, and one that could not raise it no longer counts itself the holder. */
const EXPIRED_MS = 12_000

export interface LeaseOptions {
  documents: Documents
  name: string
  /** Names this run of the process: no other one, before or after, has it. */
  instance: string
  clock?: Clock
}

export class Lease {
  readonly #options: LeaseOptions
  readonly #clock: Clock
  readonly #loop: BackgroundLoop
  /** The document's value when it was read or written last, and since when it has been that. */
  #seen: { value: string; since: number } | undefined
  #isHolder = false
  #beat = 0

  constructor(options: LeaseOptions) {
    this.#options = options
    this.#clock = options.clock ?? monotonicClock
    this.#loop = new BackgroundLoop({
      step: async () => {
        await this.tick()
        return BEAT_MS
      },
      retryMs: error => {
        throw error
      },
      clock: this.#clock,
    })
  }

  /** Whether this instance holds the lease. */
  get isHeld(): boolean {
    return this.#isHolder && this.#unchangedMs < EXPIRED_MS
  }

  /** Begins to try to take it, and to keep it. */
  start(): void {
    this.#loop.start()
  }

  /** Gives it back. */
  async close(): Promise<void> {
    await this.#loop.stop()
    if (!this.#isHolder || !this.#seen) return
    this.#isHolder = false
    await this.#options.documents.swap(LEASES, this.#options.name, this.#seen.value, '').catch(ignoreUnavailable)
  }

  /** Raises the beat, or takes the lease where it is free. Does nothing where the store is unavailable. */
  async tick(): Promise<void> {
    const { documents, name } = this.#options
    try {
      const document = await documents.get(LEASES, name)
      if (!document) {
        const value = this.#nextValue()
        const isAdded = await documents.add(LEASES, { id: name, group: LEASES, value }, Number.POSITIVE_INFINITY)
        return this.#note(value, isAdded)
      }
      const { value } = document
      if (value !== this.#seen?.value) this.#note(value, false)
      const isFree = value === '' || this.#isHolder || this.#unchangedMs >= EXPIRED_MS
      if (!isFree) return
      const next = this.#nextValue()
      if (await documents.swap(LEASES, name, value, next)) this.#note(next, true)
    } catch (error) {
      ignoreUnavailable(error)
    }
  }

  get #unchangedMs(): number {
    return this.#seen ? this.#clock.now() - this.#seen.since : 0
  }

  #nextValue(): string {
    return `${this.#options.instance} ${++this.#beat}`
  }

  #note(value: string, isHolder: boolean): void {
    this.#seen = { value, since: this.#clock.now() }
    this.#isHolder = isHolder
  }
}

function ignoreUnavailable(error: unknown): void {
  if (!(error instanceof StoreUnavailable)) throw error
}
