/**
 * What one of several instances does at a time. A lease is a document whose beat its holder keeps raising; one whose beat
 * an instance has seen unchanged for long enough, on its own monotonic clock, is free: nobody compares clocks. For a moment
 * two may think that they hold it, so it saves work twice done and protects nothing.
 */
import { LEASES } from './collections.ts'
import { type Documents, StoreUnavailable } from './storage.ts'

const BEAT_MS = 3_000
/** A holder without a beat for so long is dead, and one that could not raise it no longer counts itself the holder. */
const EXPIRED_MS = 12_000

export interface LeaseOptions {
  documents: Documents
  name: string
  /** Names this run of the process: no other one, before or after, has it. */
  instance: string
  /** Milliseconds that no change of the clock touches. */
  monotonic?: () => number
}

export class Lease {
  readonly #options: LeaseOptions
  readonly #monotonic: () => number
  /** What the document held when it was read or written last, and since when. */
  #seen: { value: string; since: number } | undefined
  #isHolder = false
  #beat = 0
  #timer: NodeJS.Timeout | undefined
  #beating: Promise<void> | undefined

  constructor(options: LeaseOptions) {
    this.#options = options
    this.#monotonic = options.monotonic ?? (() => performance.now())
  }

  /** Whether this instance is the one. */
  get isHeld(): boolean {
    return this.#isHolder && this.#unchangedMs < EXPIRED_MS
  }

  /** Begins to try for it, and to keep it. */
  start(): void {
    this.#beating = this.tick().then(() => {
      this.#timer = setTimeout(() => this.start(), BEAT_MS)
      this.#timer.unref()
    })
  }

  /** Gives it back. */
  async close(): Promise<void> {
    await this.#beating
    clearTimeout(this.#timer)
    if (!this.#isHolder || !this.#seen) return
    this.#isHolder = false
    await this.#options.documents.swap(LEASES, this.#options.name, this.#seen.value, '').catch(ignoreUnavailable)
  }

  /** Raises the beat, or looks whether the lease is free. Where the store is away, it is left for the next time. */
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
    return this.#seen ? this.#monotonic() - this.#seen.since : 0
  }

  #nextValue(): string {
    return `${this.#options.instance} ${++this.#beat}`
  }

  #note(value: string, isHolder: boolean): void {
    this.#seen = { value, since: this.#monotonic() }
    this.#isHolder = isHolder
  }
}

function ignoreUnavailable(error: unknown): void {
  if (!(error instanceof StoreUnavailable)) throw error
}
