/** The embedded store: one SQLite file. Built on `node:sqlite`, which is synchronous; it belongs on a thread of its own. */
import type { DatabaseSync } from 'node:sqlite'
import {
  type AppendOutcome,
  type Documents,
  type LogEntry,
  type Seq,
  type Storage,
  type StoredDocument,
  type StoredEntry,
  StoreUnavailable,
} from '../storage.ts'
import { inTransaction, lockDirectory, openForWriting, useFullCache } from './database.ts'
import { DocumentPages, SqliteDocuments } from './documents.ts'
import { EventLog, LogPages } from './event-log.ts'

/** @throws StoreInUse where another process has the directory */
export function openSqliteStorage(directory: string): SqliteStorage {
  const lock = lockDirectory(directory)
  try {
    return new SqliteStorage(openForWriting(directory), lock)
  } catch (error) {
    lock.close()
    throw error
  }
}

export class SqliteStorage implements Storage {
  readonly documents: Documents
  #database: DatabaseSync
  #lock: DatabaseSync
  #log: EventLog
  #pages: LogPages
  #documentPages: DocumentPages

  constructor(database: DatabaseSync, lock: DatabaseSync) {
    this.#database = database
    this.#lock = lock
    this.#log = new EventLog(database)
    useFullCache(database)
    this.#pages = new LogPages(database)
    this.#documentPages = new DocumentPages(database)
    this.documents = new SqliteDocuments(database, work => inTransaction(database, work))
  }

  /** What `append` would say of each entry. */
  compare(entries: readonly LogEntry[]): AppendOutcome[] {
    return this.#log.compare(entries)
  }

  async append(entries: readonly LogEntry[]): Promise<AppendOutcome[]> {
    if (this.#log.idsAreDue) inTransaction(this.#database, () => this.#log.writeIds())()
    const { outcomes, committed } = inTransaction(this.#database, () => this.#log.append(entries))
    committed()
    return outcomes
  }

  async readLog(after: Seq, limit: number): Promise<StoredEntry[]> {
    return this.#pages.read(after, limit)
  }

  async documentsSince(collection: string, after: number, limit: number): Promise<StoredDocument[]> {
    return this.#documentPages.read(collection, after, limit)
  }

  async lastSeq(): Promise<Seq> {
    return this.#log.lastSeq
  }

  async find(id: string): Promise<StoredEntry | null> {
    return this.#log.find(id) ?? null
  }

  async close(): Promise<void> {
    this.#writeAllIds()
    this.#database.close()
    this.#lock.close()
  }

  /** Spares the next start from reading them again; where the store cannot be written now, it does. */
  #writeAllIds(): void {
    try {
      while (this.#log.idsAreUnwritten) inTransaction(this.#database, () => this.#log.writeIds())()
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    }
  }
}
