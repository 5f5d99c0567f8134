/** Reads what is still readable of a store that may be damaged. */
import { DatabaseSync } from 'node:sqlite'
import type { Seq, StoredEntry } from '../storage.ts'
import { orDamaged } from './damage.ts'
import { formatOf } from './database.ts'
import { LogPages } from './log-pages.ts'
import { LostEntries, type SeqRange } from './lost-entries.ts'

const PAGE = 500
/** How many positions after the last entry found are searched where the end of the log is damaged. */
const BEYOND = 50_000

/**
 * Opens a file as far as that is possible: it may be cut off, or be of an earlier version, whose entries have no checksums.
 * @throws StoreUnusable as `formatOf`, and SQLite's error where nothing of the log can be read
 */
export function openForSalvage(file: string, options: { readOnly: boolean }): DatabaseSync {
  const database = new DatabaseSync(file, { ...options, defensive: false, timeout: 2_000 })
  try {
    // A format that can't be read may be damaged; one that is newer is not.
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

/** Reads the entries that are as they were written, and finds out which ones are missing between them. */
export class SalvagedLog {
  /** The positions of entries that can't be read and whose loss nobody has accepted; complete when `read` has ended. */
  readonly lost: SeqRange[] = []
  /** The last position of which it is known that there was an entry. */
  end: Seq
  /** Whether nothing can have been after it, because SQLite reads the log to its end and finds no later entry. */
  isEndKnown = false
  /** The last entry that was found. */
  lastFound = 0
  #pages: LogPages
  /** Up to this position every entry is either read or lost. */
  #decidedTo = 0

  /** `known`: the position of an entry that the log is known to have had; 0 for none. */
  constructor(database: DatabaseSync, known: Seq) {
    this.#pages = new LogPages(database)
    this.end = known
  }

  /** The entries whose loss was accepted before. */
  get accepted(): LostEntries {
    return this.#pages.lost
  }

  /** The position of the last entry according to SQLite, which may be wrong. */
  lastOfIndex(): Seq {
    return this.#pages.last()
  }

  /** The readable entries, in pages. */
  *read(): Generator<StoredEntry[]> {
    for (let seq = 0; seq - Math.max(this.lastFound, this.end) < BEYOND; ) {
      const page = orDamaged(() => this.#pages.read(seq, PAGE))
      if (page?.length === 0 && seq >= this.end) {
        this.isEndKnown = orDamaged(() => this.lastOfIndex()) === Math.max(this.lastFound, this.end)
        break
      }
      const entries = page ?? this.#readOneByOne(seq + 1, seq + PAGE)
      for (const { seq } of entries) this.#noteLostBefore(seq)
      this.lastFound = entries.at(-1)?.seq ?? this.lastFound
      if (entries.length > 0) yield entries
      // Where SQLite finds no more entries, there may have been some up to `end`.
      seq = page === undefined ? seq + PAGE : page.length > 0 ? this.lastFound : this.end
    }
    this.#noteLostBefore(Math.max(this.end, this.lastFound) + 1)
  }

  /** The readable entries of a range that can't be read as a whole. */
  #readOneByOne(from: Seq, to: Seq): StoredEntry[] {
    const entries: StoredEntry[] = []
    for (let seq = from; seq <= to; seq++) {
      const hasRow = orDamaged(() => this.#pages.has(seq))
      const entry = hasRow === false ? undefined : orDamaged(() => this.#pages.at(seq))
      if (entry) entries.push(entry)
      if (hasRow) this.end = Math.max(this.end, seq)
    }
    return entries
  }

  /** Everything between the last entry and this one is lost now, except what was accepted as lost before. */
  #noteLostBefore(seq: Seq): void {
    const { ranges } = this.accepted
    for (let first = this.accepted.next(this.#decidedTo + 1); first < seq; ) {
      const next = ranges.find(range => range.first > first && range.first < seq)
      const last = (next?.first ?? seq) - 1
      this.lost.push({ first, last })
      first = this.accepted.next(last + 1)
    }
    this.#decidedTo = seq
  }
}

/** A row of the table of documents. */
export interface DocumentRow {
  arrival: number
  collection: string
  id: string
  kind: string
  value: string
}

/** Reads the documents that SQLite can read. They have no checksums. */
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

  /** The documents that an index lists. */
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
