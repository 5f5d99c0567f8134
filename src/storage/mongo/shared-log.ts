/** Reads the shared log as MongoDB has it, past every replica. */
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

  #rest(after: Seq): StoredEntry[] | undefined {
    const place = after + 1 - (this.#batch[0]?.seq ?? Number.POSITIVE_INFINITY)
    return place >= 0 && place < this.#batch.length ? this.#batch.slice(place) : undefined
  }
}
