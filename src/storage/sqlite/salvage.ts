/** What can be read of a store that may be damaged. */
import { DatabaseSync } from 'node:sqlite'
import type { Seq, StoredEntry } from '../storage.ts'
import { orDamaged } from './damage.ts'
import { formatOf } from './database.ts'
import { LogPages } from './log-pages.ts'
import { LostEntries, type SeqRange } from './lost-entries.ts'

const PAGE = 500
/** Where the end of the log is damaged, entries are looked for so far beyond the last one found. */
const BEYOND = 50_000

/**
 * Opens a file as far as that is possible: also one that is shorter than it says, and one of an earlier version, whose
 * entries have no checksums. @throws StoreUnusable as `formatOf`, and what SQLite says of a file whose log can't be read at all.
 */
export function openForSalvage(file: string, options: { readOnly: boolean }): DatabaseSync {
  const database = new DatabaseSync(file, { ...options, defensive: false, timeout: 2_000 })
  try {
    // A newer format is no damage.
    orDamaged(() => formatOf(database))
    database.exec('PRAGMA writable_schema = ON')
    if (!hasChecksums(database)) {
      // Names of temporary objects come before those of the file.
      database.exec('CREATE TEMP VIEW events AS SELECT seq, at, id, content, ruling, NULL AS checksum FROM main.events')
    }
    if (orDamaged(() => new LostEntries(database)) === undefined) {
      database.exec(`
        CREATE TEMP TABLE lost_entries (first, last);
        CREATE TEMP TABLE unchecked_entries AS SELECT ${Number.MAX_SAFE_INTEGER} AS last`)
    }
    new LogPages(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Whether the file is of a version that wrote checksums. */
export function hasChecksums(database: DatabaseSync): boolean {
  const column = database.prepare("SELECT 1 FROM pragma_table_info('events', 'main') WHERE name = 'checksum'")
  return column.get() !== undefined
}

/** The entries that are as they were written, in pages, and then what is between them. */
export class SalvagedLog {
  /** The positions of what can't be read, below the end of the log as far as it is known. */
  readonly lost: SeqRange[] = []
  /** The last position of which it is known that there was an entry. */
  end: Seq
  /** Whether nothing can have been behind it: the log ends there by its own account. */
  isEndKnown = false
  /** The last entry that was found. */
  lastFound = 0
  #pages: LogPages
  /** The last position that is read, or lost. */
  #last = 0

  /** `known`: an entry that the log had, whatever it says itself. */
  constructor(database: DatabaseSync, known: Seq) {
    this.#pages = new LogPages(database)
    this.end = known
  }

  /** What had been given up before. */
  get given(): LostEntries {
    return this.#pages.lost
  }

  /** What SQLite says that the last entry is. */
  lastSaid(): Seq {
    return this.#pages.last()
  }

  *read(): Generator<StoredEntry[]> {
    for (let seq = 0; seq - Math.max(this.lastFound, this.end) < BEYOND; ) {
      const page = orDamaged(() => this.#pages.read(seq, PAGE))
      if (page?.length === 0 && seq >= this.end) {
        this.isEndKnown = orDamaged(() => this.lastSaid()) === Math.max(this.lastFound, this.end)
        break
      }
      const entries = page ?? this.#readSingly(seq + 1, seq + PAGE)
      for (const { seq } of entries) this.#passTo(seq)
      this.lastFound = entries.at(-1)?.seq ?? this.lastFound
      if (entries.length > 0) yield entries
      // Where SQLite knows of no entry any more, there may have been some even so.
      seq = page === undefined ? seq + PAGE : page.length > 0 ? this.lastFound : this.end
    }
    this.#passTo(Math.max(this.end, this.lastFound) + 1)
  }

  /** Of an unreadable page: what can be read of it one by one. */
  #readSingly(from: Seq, to: Seq): StoredEntry[] {
    const entries: StoredEntry[] = []
    for (let seq = from; seq <= to; seq++) {
      const row = orDamaged(() => (this.#pages.has(seq) ? 'there' : 'nothing'))
      const entry = row === 'nothing' ? undefined : orDamaged(() => this.#pages.at(seq))
      if (entry) entries.push(entry)
      if (row === 'there') this.end = Math.max(this.end, seq)
    }
    return entries
  }

  /** Everything between the last entry and this one is lost, but for what has been given up before. */
  #passTo(seq: Seq): void {
    for (let first = this.#next(this.#last + 1); first < seq; ) {
      const given = this.#pages.lost.ranges.find(range => range.first > first && range.first < seq)
      const last = (given?.first ?? seq) - 1
      this.lost.push({ first, last })
      first = this.#next(last + 1)
    }
    this.#last = seq
  }

  #next(seq: Seq): Seq {
    return this.#pages.lost.next(seq)
  }
}

/** A document as its row has it. */
export interface DocumentRow {
  arrival: number
  collection: string
  id: string
  kind: string
  value: string
}

/** The documents that SQLite can read, in pages: they bear no checksums. */
export class SalvagedDocuments {
  /** Whether any is known to be lost. */
  areLost = false
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  *read(): Generator<DocumentRow[]> {
    const found = new Set<number>()
    for (const page of this.#pages()) {
      for (const { arrival } of page) found.add(arrival)
      yield page
    }
    const missing = this.#listed().filter(arrival => !found.has(arrival))
    if (missing.length === 0) return
    const rows = missing.map(arrival => this.#rows('arrival = ?', arrival)?.[0]).filter(row => row !== undefined)
    this.areLost = rows.length < missing.length
    yield rows
  }

  *#pages(): Generator<DocumentRow[]> {
    for (let after = 0; ; ) {
      const page = this.#rows('arrival > ?', after)
      if (page === undefined) this.areLost = true
      if (page === undefined || page.length === 0) return
      after = page.at(-1)!.arrival
      yield page.filter(row => this.#isReadable(row))
    }
  }

  #rows(condition: string, arrival: number): DocumentRow[] | undefined {
    const sql = `SELECT arrival, collection, id, kind, value FROM documents WHERE ${condition} ORDER BY arrival LIMIT ${PAGE}`
    return orDamaged(() => this.#database.prepare(sql).all(arrival) as unknown as DocumentRow[])
  }

  /** What an index says that there is. */
  #listed(): number[] {
    const sql = 'SELECT arrival FROM documents INDEXED BY documents_by_arrival'
    const rows = orDamaged(() => this.#database.prepare(sql).all())
    if (rows === undefined) this.areLost = true
    return rows?.map(row => row.arrival as number) ?? []
  }

  #isReadable({ collection, id, kind, value }: DocumentRow): boolean {
    return [collection, id, kind, value].every(text => typeof text === 'string')
  }
}
