/** The embedded store: one SQLite file. Built on `node:sqlite`, which is synchronous; it belongs on a thread of its own. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  type AppendOutcome,
  type Documents,
  type LogEntry,
  type Reads,
  type Round,
  type RoundMaker,
  type Seq,
  type Storage,
  type StorageReader,
  type StoredEntry,
  StoreUnavailable,
  type TableSpec,
} from '../storage.ts'
import { inTransaction, lockDirectory, openForWriting, useFullCache } from './database.ts'
import { insertString } from './dictionary.ts'
import { SqliteDocuments } from './documents.ts'
import { EventLog, LogPages } from './event-log.ts'
import { PageWriter } from './page-table.ts'
import { bringUpProjections, emptyProjections } from './projection-tables.ts'
import { SqliteRoundMaker } from './round-maker.ts'
import { openSqliteReader } from './sqlite-reader.ts'
import { eachPage, type SqliteRound } from './sqlite-round.ts'

/** Projections that are laid out otherwise are emptied. @throws StoreInUse where another process has the directory */
export function openSqliteStorage(directory: string, specs: readonly TableSpec[]): SqliteStorage {
  const lock = lockDirectory(directory)
  try {
    const database = openForWriting(directory)
    const wasOutdated = inTransaction(database, () => bringUpProjections(database, specs))
    return new SqliteStorage(database, lock, openSqliteReader(directory, specs), specs, wasOutdated)
  } catch (error) {
    lock.close()
    throw error
  }
}

export class SqliteStorage implements Storage {
  readonly documents: Documents
  readonly rounds: RoundMaker
  readonly wasOutdated: boolean
  #database: DatabaseSync
  #lock: DatabaseSync
  #reader: StorageReader
  #specs: readonly TableSpec[]
  #log: EventLog
  #pages: LogPages
  #pageWriters = new Map<string, PageWriter>()
  #stringWriters = new Map<string, StatementSync>()
  #checkpoint: StatementSync
  #moveCheckpoint: StatementSync

  constructor(
    database: DatabaseSync,
    lock: DatabaseSync,
    reader: StorageReader,
    specs: readonly TableSpec[],
    wasOutdated: boolean,
  ) {
    this.wasOutdated = wasOutdated
    this.#database = database
    this.#lock = lock
    this.#reader = reader
    this.#specs = specs
    this.#log = new EventLog(database)
    useFullCache(database)
    this.#pages = new LogPages(database)
    this.rounds = new SqliteRoundMaker(database, specs)
    this.#checkpoint = database.prepare('SELECT seq FROM checkpoint')
    this.#moveCheckpoint = database.prepare('UPDATE checkpoint SET seq = ?')
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

  async lastSeq(): Promise<Seq> {
    return this.#log.lastSeq
  }

  async find(id: string): Promise<StoredEntry | null> {
    return this.#log.find(id) ?? null
  }

  async apply(round: Round): Promise<void> {
    const { after, upTo, strings, tables } = round as SqliteRound
    inTransaction(this.#database, () => {
      const { seq } = this.#checkpoint.get() as { seq: Seq }
      if (seq !== after) throw new Error(`a round made for the checkpoint ${after} can't be applied at ${seq}`)
      for (const { space, ids, texts } of strings) this.#writeStrings(space, ids, texts)
      for (const pages of tables) {
        const writer = this.#pageWriter(pages.table)
        eachPage(pages, (place, page) => writer.put(place, page))
      }
      this.#moveCheckpoint.run(upTo)
    })
  }

  async clearProjections(): Promise<void> {
    inTransaction(this.#database, () => emptyProjections(this.#database, this.#specs))
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

  #pageWriter(table: string): PageWriter {
    const writer = this.#pageWriters.get(table) ?? new PageWriter(this.#database, table)
    this.#pageWriters.set(table, writer)
    return writer
  }

  #writeStrings(space: string, ids: readonly number[], texts: readonly string[]): void {
    const insert = this.#stringWriters.get(space) ?? insertString(this.#database, space)
    this.#stringWriters.set(space, insert)
    for (const [i, text] of texts.entries()) insert.run(ids[i] as number, text)
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
