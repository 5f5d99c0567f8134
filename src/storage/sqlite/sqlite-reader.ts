/** The reading side of the embedded store: a connection of its own, beside the one that writes. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Seq, StorageReader, StoredDocument, StoredEntry } from '../storage.ts'
import { asUnavailable, openForReading } from './database.ts'
import { DocumentPages } from './documents.ts'
import { LogPages } from './event-log.ts'

/** @throws StoreUnavailable where the file is not there */
export function openSqliteReader(directory: string): StorageReader {
  return unlessUnavailable(() => new SqliteReader(openForReading(directory)))
}

class SqliteReader implements StorageReader {
  #database: DatabaseSync
  #log: LogPages
  #documents: DocumentPages
  #lastSeq: StatementSync

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#log = new LogPages(database)
    this.#documents = new DocumentPages(database)
    this.#lastSeq = database.prepare('SELECT coalesce(max(seq), 0) AS seq FROM events')
  }

  async readLog(after: Seq, limit: number): Promise<StoredEntry[]> {
    return unlessUnavailable(() => this.#log.read(after, limit))
  }

  async documentsSince(collection: string, after: number, limit: number): Promise<StoredDocument[]> {
    return unlessUnavailable(() => this.#documents.read(collection, after, limit))
  }

  async lastSeq(): Promise<Seq> {
    return unlessUnavailable(() => (this.#lastSeq.get() as { seq: Seq }).seq)
  }

  async close(): Promise<void> {
    this.#database.close()
  }
}

function unlessUnavailable<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw asUnavailable(error)
  }
}
