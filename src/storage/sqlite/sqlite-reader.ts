/** The reading side of the embedded store: one connection, snapshots one after the other. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  type Cell,
  type Interval,
  ProjectionsOutdated,
  type Reads,
  type Seq,
  type StorageReader,
  type StoredEntry,
  type TableSpec,
  type Totals,
} from '../storage.ts'
import { CellTable } from './cell-reads.ts'
import { asUnavailable, openForReading } from './database.ts'
import { DocumentReads } from './documents.ts'
import { LogPages } from './event-log.ts'
import { LogTimes } from './log-times.ts'
import { isOutdated } from './projection-tables.ts'

const OUTDATED =
  'the figures of this store were made by another version of the service: start the service, or run `npm run rebuild`, to bring them up'

/**
 * @throws StoreUnavailable where the file is not there
 * @throws ProjectionsOutdated where the projections are laid out for other tables
 */
export function openSqliteReader(directory: string, specs: readonly TableSpec[]): StorageReader {
  try {
    const database = openForReading(directory)
    if (isOutdated(database, specs)) throw new ProjectionsOutdated(OUTDATED)
    return new SqliteReader(database, specs)
  } catch (error) {
    throw asUnavailable(error)
  }
}

export class SqliteReader implements StorageReader {
  #database: DatabaseSync
  #reads: Reads
  #last: Promise<unknown> = Promise.resolve()

  constructor(database: DatabaseSync, specs: readonly TableSpec[]) {
    this.#database = database
    this.#reads = new SqliteReads(database, specs)
  }

  snapshot<T>(question: (reads: Reads) => Promise<T>): Promise<T> {
    const answer = this.#last.then(() => this.#inSnapshot(question))
    this.#last = answer.catch(() => {})
    return answer
  }

  async close(): Promise<void> {
    await this.#last
    this.#database.close()
  }

  async #inSnapshot<T>(question: (reads: Reads) => Promise<T>): Promise<T> {
    try {
      this.#database.exec('BEGIN')
      return await question(this.#reads)
    } catch (error) {
      throw asUnavailable(error)
    } finally {
      if (this.#database.isTransaction) this.#database.exec('COMMIT')
    }
  }
}

class SqliteReads implements Reads {
  #tables: Map<string, CellTable>
  #times: LogTimes
  #checkpoint: StatementSync
  #log: LogPages
  #documents: DocumentReads

  constructor(database: DatabaseSync, specs: readonly TableSpec[]) {
    this.#tables = new Map(specs.map(spec => [spec.name, new CellTable(database, spec)]))
    this.#times = new LogTimes(database)
    this.#checkpoint = database.prepare('SELECT seq FROM checkpoint')
    this.#log = new LogPages(database)
    this.#documents = new DocumentReads(database)
  }

  async documents(collection: string, ids: readonly string[]): Promise<Map<string, string>> {
    return ids.length === 0 ? new Map() : this.#documents.values(collection, ids)
  }

  async documentsIn(collection: string, groups: readonly string[]): Promise<string[]> {
    return groups.length === 0 ? [] : this.#documents.members(collection, groups)
  }

  async checkpoint(): Promise<Seq> {
    return (this.#checkpoint.get() as { seq: Seq }).seq
  }

  async readLog(after: Seq, limit: number): Promise<StoredEntry[]> {
    return this.#log.read(after, limit)
  }

  async sums(table: string, keys: readonly string[], intervals: readonly Interval[]): Promise<Map<string, number>[]> {
    return this.#table(table).sums(keys, intervals)
  }

  async distinct(
    table: string,
    keys: readonly string[],
    intervals: readonly Interval[],
    also: readonly ReadonlySet<string>[],
  ): Promise<number[]> {
    return this.#table(table).distinct(keys, intervals, also)
  }

  async totals(
    table: string,
    fields: { field: string; latest: string },
    windows: readonly Interval[],
    among?: ReadonlySet<string>,
  ): Promise<Totals> {
    return this.#table(table).totals(fields, windows, among)
  }

  async rows(table: string, keys: readonly string[]): Promise<Map<string, number>[]> {
    return this.#table(table).rows(keys)
  }

  async first(table: string, keys: readonly string[]): Promise<number | null> {
    return this.#table(table).first(keys)
  }

  async *scan(table: string): AsyncIterable<Cell> {
    yield* this.#table(table).scan()
  }

  async *logBetween(interval: Interval): AsyncIterable<StoredEntry> {
    yield* this.#times.between(interval)
  }

  #table(name: string): CellTable {
    const table = this.#tables.get(name)
    if (!table) throw new Error(`no table ${name}`)
    return table
  }
}
