/** The embedded store: one SQLite file. Built on `node:sqlite`, which is synchronous; it belongs on a thread of its own. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  type AppendOutcome,
  type ChangeSlices,
  type Documents,
  type LogEntry,
  type Reads,
  type Seq,
  type Storage,
  type StorageReader,
  type StoredEntry,
  StoreUnavailable,
  type TableSpec,
} from '../storage.ts'
import { CellWriter } from './cell-writer.ts'
import { inTransaction, lockDirectory, openForWriting, useFullCache } from './database.ts'
import { SqliteDocuments } from './documents.ts'
import { EventLog } from './event-log.ts'
import { LogTimesWriter } from './log-times.ts'
import { levelsOf, tableName } from './page-table.ts'
import { openSqliteReader } from './sqlite-reader.ts'

/** @throws StoreInUse where another process has the directory. */
export function openSqliteStorage(directory: string, specs: readonly TableSpec[]): Storage {
  const lock = lockDirectory(directory)
  const database = openForWriting(directory, specs)
  return new SqliteStorage(database, lock, openSqliteReader(directory, specs), specs)
}

class SqliteStorage implements Storage {
  readonly documents: Documents
  #database: DatabaseSync
  #lock: DatabaseSync
  #reader: StorageReader
  #specs: readonly TableSpec[]
  #log: EventLog
  #times: LogTimesWriter
  #cells: CellWriter
  #checkpoint: StatementSync
  #moveCheckpoint: StatementSync

  constructor(database: DatabaseSync, lock: DatabaseSync, reader: StorageReader, specs: readonly TableSpec[]) {
    this.#database = database
    this.#lock = lock
    this.#reader = reader
    this.#specs = specs
    this.#log = new EventLog(database)
    useFullCache(database)
    this.#times = new LogTimesWriter(database)
    this.#cells = new CellWriter(database, specs)
    this.#checkpoint = database.prepare('SELECT seq FROM checkpoint')
    this.#moveCheckpoint = database.prepare('UPDATE checkpoint SET seq = ?')
    this.documents = new SqliteDocuments(database, work => inTransaction(database, work))
  }

  async append(entries: readonly LogEntry[]): Promise<AppendOutcome[]> {
    if (this.#log.idsAreDue) inTransaction(this.#database, () => this.#log.writeIds())()
    const { outcomes, committed } = inTransaction(this.#database, () => this.#log.append(entries))
    committed()
    return outcomes
  }

  async readLog(after: Seq, limit: number): Promise<StoredEntry[]> {
    return this.#log.read(after, limit)
  }

  async lastSeq(): Promise<Seq> {
    return this.#log.lastSeq
  }

  async apply(slices: ChangeSlices, upTo: Seq): Promise<void> {
    try {
      for await (const slice of slices) this.#cells.collect(slice)
      inTransaction(this.#database, () => {
        const { seq: before } = this.#checkpoint.get() as { seq: Seq }
        this.#cells.merge()
        this.#times.add(before, upTo)
        this.#moveCheckpoint.run(upTo)
      })
      this.#cells.committed()
    } catch (error) {
      this.#cells.forget()
      throw error
    }
  }

  async clearProjections(): Promise<void> {
    inTransaction(this.#database, () => {
      const tables = this.#specs.flatMap(spec => levelsOf(spec).map(level => tableName(spec, level)))
      for (const table of [...tables, 'log_times']) this.#database.exec(`DELETE FROM ${table}`)
      this.#moveCheckpoint.run(0)
    })
  }

  snapshot<T>(question: (reads: Reads) => Promise<T>): Promise<T> {
    return this.#reader.snapshot(question)
  }

  async close(): Promise<void> {
    await this.#reader.close()
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
