/** Makes rounds: coalesces changes cell by cell, and merges them into the pages as the store has them. */
import type { DatabaseSync } from 'node:sqlite'
import type { ChangeSlices, FoldingStore, RoundMaker, Seq, StoredEntry, TableSpec } from '../storage.ts'
import { CellCollector } from './cell-collector.ts'
import { asUnavailable, openForReading } from './database.ts'
import { LogPages } from './event-log.ts'
import { LogTimesCollector } from './log-times.ts'
import type { ChangedPages, SqliteRound } from './sqlite-round.ts'

export class SqliteRoundMaker implements RoundMaker {
  #database: DatabaseSync
  #cells: CellCollector
  #times: LogTimesCollector

  /** `database` may be a reading connection, or one that is used for writing too. */
  constructor(database: DatabaseSync, specs: readonly TableSpec[]) {
    this.#database = database
    this.#cells = new CellCollector(database, specs)
    this.#times = new LogTimesCollector(database)
  }

  async prepare(slices: ChangeSlices, after: Seq, upTo: Seq, earlier?: Promise<void>): Promise<SqliteRound> {
    try {
      for await (const slice of slices) this.#cells.collect(slice)
      await earlier
      const tables = this.#merge(after, upTo).filter(({ places }) => places.length > 0)
      return { after, upTo, strings: this.#cells.newStrings(), tables }
    } catch (error) {
      throw asUnavailable(error)
    } finally {
      this.#cells.clear()
    }
  }

  /** In one reading transaction: with one for each page, SQLite would forget its cache each time that somebody writes. */
  #merge(after: Seq, upTo: Seq): ChangedPages[] {
    this.#database.exec('BEGIN')
    try {
      return [this.#times.pages(after, upTo), ...this.#cells.pages()]
    } finally {
      this.#database.exec('COMMIT')
    }
  }

  settled(written: boolean): void {
    this.#cells.settled(written)
  }
}

/** Opens the folding side on a connection of its own. @throws StoreUnavailable where the file is not there. */
export function openSqliteFolding(directory: string, specs: readonly TableSpec[]): FoldingStore {
  try {
    return new SqliteFolding(openForReading(directory), specs)
  } catch (error) {
    throw asUnavailable(error)
  }
}

class SqliteFolding implements FoldingStore {
  readonly rounds: RoundMaker
  #database: DatabaseSync
  #log: LogPages

  constructor(database: DatabaseSync, specs: readonly TableSpec[]) {
    this.#database = database
    this.rounds = new SqliteRoundMaker(database, specs)
    this.#log = new LogPages(database)
  }

  async readLog(after: Seq, limit: number): Promise<StoredEntry[]> {
    return this.#log.read(after, limit)
  }

  async close(): Promise<void> {
    this.#database.close()
  }
}
