/** The embedded store: one SQLite file. `node:sqlite` is synchronous, so the store belongs on a thread of its own. */
import type { DatabaseSync } from 'node:sqlite'
import {
  type AppendOutcome,
  type Documents,
  type EmbeddedStorage,
  type LogEntry,
  type Seq,
  StoreDamaged,
  type StoredDocument,
  type StoredEntry,
  StoreUnavailable,
} from '../storage.ts'
import { DamageWatch } from './damage.ts'
import { databaseFile, lockDirectory, openForWriting, useFullCache } from './database.ts'
import { DocumentPages, SqliteDocuments } from './documents.ts'
import { EventLog } from './event-log.ts'
import { requireHeader } from './header.ts'
import { type KnownEnd, knownEnd, LastEntry, markClosed, markOpen } from './last-entry.ts'
import { LogPages } from './log-pages.ts'
import { inTransaction } from './transaction.ts'

/**
 * @throws StoreInUse where another process uses the directory
 * @throws StoreDamaged where damage was noticed, now or before
 */
export function openSqliteStorage(directory: string): SqliteStorage {
  const lock = lockDirectory(directory)
  try {
    const watch = new DamageWatch(directory)
    const known = knownEnd(directory, databaseFile(directory))
    const database = watch.write(() => {
      requireWhole(known)
      requireHeader(databaseFile(directory))
      return openForWriting(directory)
    })
    try {
      return watch.read(() => new SqliteStorage(directory, database, lock, watch, known.lastSeq))
    } catch (error) {
      database.close()
      throw error
    }
  } catch (error) {
    lock.close()
    throw error
  }
}

/** @throws StoreDamaged where a file is missing */
export function requireWhole({ missing }: KnownEnd): void {
  if (missing !== null) throw new StoreDamaged(`its file ${missing} is missing`)
}

export class SqliteStorage implements EmbeddedStorage {
  readonly isShared = false
  readonly documents: Documents
  #database: DatabaseSync
  #lock: DatabaseSync
  #log: EventLog
  #pages: LogPages
  #documentPages: DocumentPages
  #watch: DamageWatch
  #lastEntry: LastEntry

  /** `known`: the position of an entry that the log is known to have had; 0 for none. */
  constructor(directory: string, database: DatabaseSync, lock: DatabaseSync, watch: DamageWatch, known: Seq) {
    this.#database = database
    this.#lock = lock
    this.#watch = watch
    this.#log = new EventLog(database, known)
    this.#log.readIdsAgain(work => inTransaction(database, work))
    useFullCache(database)
    this.#pages = new LogPages(database)
    this.#documentPages = new DocumentPages(database)
    this.documents = new SqliteDocuments(database, watch)
    this.#lastEntry = new LastEntry(directory, this.#log.lastSeq)
    markOpen(database)
  }

  /** The outcome that `append` would have for each entry. */
  compare(entries: readonly LogEntry[]): AppendOutcome[] {
    return this.#watch.read(() => this.#log.compare(entries))
  }

  async append(entries: readonly LogEntry[]): Promise<AppendOutcome[]> {
    if (this.#log.idsAreDue) this.#write(() => this.#log.writeIds())()
    const { outcomes, committed } = this.#write(() => this.#log.append(entries))
    committed()
    this.#lastEntry.write(this.#log.lastSeq)
    return outcomes
  }

  async readLog(after: Seq, limit: number): Promise<StoredEntry[]> {
    return this.#watch.read(() => this.#pages.read(after, limit))
  }

  async documentsSince(collection: string, after: number, limit: number): Promise<StoredDocument[]> {
    return this.#watch.read(() => this.#documentPages.read(collection, after, limit))
  }

  async lastSeq(): Promise<Seq> {
    return this.#log.lastSeq
  }

  async find(id: string): Promise<StoredEntry | null> {
    return this.#watch.read(() => this.#log.find(id)) ?? null
  }

  async close(): Promise<void> {
    this.#writeAllIds()
    markClosed(this.#database)
    this.#database.close()
    this.#lastEntry.close()
    this.#lock.close()
  }

  /** Writes the ids that are in memory only, if the store can be written now. Else the next start reads them again. */
  #writeAllIds(): void {
    try {
      while (this.#log.idsAreUnwritten) this.#write(() => this.#log.writeIds())()
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    }
  }

  #write<T>(work: () => T): T {
    return this.#watch.write(() => inTransaction(this.#database, work))
  }
}
