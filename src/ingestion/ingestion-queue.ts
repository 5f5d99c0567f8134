/**
 * The queue before the log: entries of concurrent requests share one commit, and there is a limit to what waits.
 *
 * While one batch is being written, what arrives meanwhile gathers and becomes the next one. So one event costs no
 * sync of its own, and the busier the service, the larger the batches.
 */
import { unavailable } from '../errors.ts'
import type { AppendOutcome, LogEntry } from '../storage/storage.ts'

/** Entries in one batch; a larger request is one batch all the same. */
const BATCH_ENTRIES = 2_000
/** Characters that may wait or be under way; beyond it, the answer is `503`. */
const LIMIT_CHARACTERS = 16 * 2 ** 20
/** Each entry costs some memory beside its text. */
const ENTRY_OVERHEAD = 100

interface Waiting {
  entries: readonly LogEntry[]
  size: number
  resolve: (outcomes: AppendOutcome[]) => void
  reject: (error: unknown) => void
}

export class IngestionQueue {
  #write: (entries: readonly LogEntry[]) => Promise<AppendOutcome[]>
  #waiting: Waiting[] = []
  #writing = false
  #size = 0
  #events = 0
  #closed = false
  #idle: (() => void)[] = []

  /** `write` appends durably, as `Storage.append` does. */
  constructor(write: (entries: readonly LogEntry[]) => Promise<AppendOutcome[]>) {
    this.#write = write
  }

  /**
   * Resolves when all entries are durable, with one outcome each.
   * @throws ServiceError 503 where the queue is full or closed, StoreUnavailable where the store can't write: nothing of
   * these entries was written then.
   */
  append(entries: readonly LogEntry[]): Promise<AppendOutcome[]> {
    if (this.#closed) return Promise.reject(unavailable('the service is shutting down'))
    const size = entries.reduce((sum, { id, content }) => sum + id.length + content.length + ENTRY_OVERHEAD, 0)
    if (this.#size > 0 && this.#size + size > LIMIT_CHARACTERS) {
      return Promise.reject(unavailable('too many events are waiting to be written'))
    }
    return new Promise((resolve, reject) => {
      this.#size += size
      this.#events += entries.length
      this.#waiting.push({ entries, size, resolve, reject })
      // After this turn of the event loop, so that requests that arrive together are written together.
      if (!this.#writing) setImmediate(() => this.#writeNext())
    })
  }

  /** Events that wait or are under way. */
  get events(): number {
    return this.#events
  }

  /** How full it is, from 0 to 1. */
  get load(): number {
    return Math.min(1, this.#size / LIMIT_CHARACTERS)
  }

  /** Refuses entries from now on; resolves when all that waits has been written or refused. */
  close(): Promise<void> {
    this.#closed = true
    return this.#events === 0 ? Promise.resolve() : new Promise(resolve => this.#idle.push(resolve))
  }

  async #writeNext(): Promise<void> {
    if (this.#writing || this.#waiting.length === 0) return
    const batch = this.#takeBatch()
    this.#writing = true
    try {
      const outcomes = await this.#write(batch.flatMap(({ entries }) => entries))
      let from = 0
      for (const { entries, resolve } of batch) {
        resolve(outcomes.slice(from, from + entries.length))
        from += entries.length
      }
    } catch (error) {
      // What waits behind it would only wait for the same failure.
      batch.push(...this.#waiting.splice(0))
      for (const { reject } of batch) reject(error)
    }
    this.#writing = false
    this.#leave(batch)
    this.#writeNext()
  }

  #takeBatch(): Waiting[] {
    let entries = 0
    let requests = 0
    for (const waiting of this.#waiting) {
      if (requests > 0 && entries + waiting.entries.length > BATCH_ENTRIES) break
      entries += waiting.entries.length
      requests++
    }
    return this.#waiting.splice(0, requests)
  }

  #leave(batch: readonly Waiting[]): void {
    for (const { entries, size } of batch) {
      this.#size -= size
      this.#events -= entries.length
    }
    if (this.#events === 0) for (const resolve of this.#idle.splice(0)) resolve()
  }
}
