/** Reads the embedded store on a connection of its own, beside the one that writes. */
import type { DatabaseSync } from 'node:sqlite'
import type { Seq, StorageReader, StoredDocument, StoredEntry } from '../storage.ts'
import { DamageWatch } from './damage.ts'
import { openForReading } from './database.ts'
import { DocumentPages } from './documents.ts'
import { LogPages } from './log-pages.ts'

/** @throws StoreUnavailable where the file is missing @throws StoreDamaged */
export function openSqliteReader(directory: string): StorageReader {
  const watch = new DamageWatch(directory)
  return watch.read(() => new SqliteReader(openForReading(directory), watch))
}

class SqliteReader implements StorageReader {
  #database: DatabaseSync
  #log: LogPages
  #documents: DocumentPages
  #watch: DamageWatch

  constructor(database: DatabaseSync, watch: DamageWatch) {
    this.#database = database
    this.#watch = watch
    this.#log = new LogPages(database)
    this.#documents = new DocumentPages(database)
  }

  async readLog(after: Seq, limit: number): Promise<StoredEntry[]> {
    return this.#watch.read(() => this.#log.read(after, limit))
  }

  async documentsSince(collection: string, after: number, limit: number): Promise<StoredDocument[]> {
    return this.#watch.read(() => this.#documents.read(collection, after, limit))
  }

  async lastSeq(): Promise<Seq> {
    return this.#watch.read(() => this.#log.last())
  }

  async close(): Promise<void> {
    this.#database.close()
  }
}
