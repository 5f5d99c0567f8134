/** Reads the shared log from MongoDB itself, without a replica. */
import type { MongoClient } from 'mongodb'
import type { LogReader, Seq, StoredEntry } from '../storage.ts'
import { connect, type MongoLocation } from './connection.ts'
import { EventChain } from './event-chain.ts'

export class SharedLog implements LogReader {
  readonly #client: MongoClient
  readonly #chain: EventChain
  /** The batch that was read last: the next pages are likely to be in it. */
  #batch: StoredEntry[] = []

  constructor(location: MongoLocation) {
    const { client, db } = connect(location)
    this.#client = client
    this.#chain = new EventChain(db)
  }

  /** The entries behind `after`, at most `limit`, but no more than one batch has; none where the log ends. */
  async readLog(after: Seq, limit: number): Promise<StoredEntry[]> {
    if (!this.#rest(after)) this.#batch = await this.#chain.batchOf(after + 1)
    return (this.#rest(after) ?? []).slice(0, limit)
  }

  async close(): Promise<void> {
    await this.#client.close()
  }

  /** The entries behind `after` of the batch that was read last; undefined where it has none. */
  #rest(after: Seq): StoredEntry[] | undefined {
    const start = after + 1 - (this.#batch[0]?.seq ?? Number.POSITIVE_INFINITY)
    return start >= 0 && start < this.#batch.length ? this.#batch.slice(start) : undefined
  }
}
