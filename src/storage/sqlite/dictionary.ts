/**
 * Gives strings small whole numbers, 1, 2, 3, …: the figures keep these in place of entities and listeners.
 *
 * A number is never given twice, even where the process is killed: strings and the next number are written in one
 * transaction, before anything that uses them. The dictionary is derived from the log, as the figures are. A token tells
 * which figures belong to it.
 */
import { randomUUID } from 'node:crypto'
import { backup, DatabaseSync, type StatementSync } from 'node:sqlite'
import { setImmediate as turn } from 'node:timers/promises'
import { FiguresDamaged } from '../figures.ts'
import { asUnavailable, isDamage } from './transaction.ts'

/** Strings in a generation of the cache, which has two: the current and the last one. */
const GENERATION = 150_000
const CACHE_KIB = 8_192
/** Pages of 4 KiB in the write-ahead log before it is copied into the file: new strings change pages all over the index. */
const WAL_PAGES = 16_384
const BUSY_TIMEOUT_MS = 2_000
/** Strings written before other work of the thread gets its turn: some 2 ms. */
const SLICE = 500

/** A string that has got its number. */
export interface Numbered {
  id: number
  text: string
}

export class Dictionary {
  /** Tells this dictionary from any other. */
  readonly token: string
  #database: DatabaseSync
  #find: StatementSync
  #findAll: StatementSync
  #insert: StatementSync
  #count: StatementSync
  /** Two generations instead of an LRU list, because the projector does nothing as often as this look-up. */
  #current = new Map<string, number>()
  #last = new Map<string, number>()
  /** Strings whose numbers are not on disk yet. `tidy` does not forget these. */
  #new = new Map<string, number>()
  #next: number

  /** @throws FiguresDamaged as everything that reads or writes */
  static open(file: string): Dictionary {
    const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS })
    try {
      database.exec(`
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA cache_size = -${CACHE_KIB};
        PRAGMA wal_autocheckpoint = ${WAL_PAGES};
        CREATE TABLE IF NOT EXISTS strings (text TEXT PRIMARY KEY, id INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS counter (next INTEGER NOT NULL, token TEXT NOT NULL) STRICT;
        INSERT INTO counter SELECT 1, '${randomUUID()}' WHERE NOT EXISTS (SELECT * FROM counter)`)
      return new Dictionary(database)
    } catch (error) {
      database.close()
      throw asFault(error)
    }
  }

  /** Opens it beside the process that writes it. `add` and `commit` must not be called. */
  static openForReading(file: string): Dictionary {
    return new Dictionary(new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS }))
  }

  private constructor(database: DatabaseSync) {
    this.#database = database
    this.#find = database.prepare('SELECT id FROM strings WHERE text = ?')
    // One statement for many strings: a call costs as much as several look-ups.
    this.#findAll = database.prepare(
      'SELECT strings.text, strings.id FROM json_each(?) AS asked CROSS JOIN strings ON strings.text = asked.value',
    )
    this.#insert = database.prepare('INSERT INTO strings (text, id) VALUES (?, ?)')
    this.#count = database.prepare('UPDATE counter SET next = ?')
    const { next, token } = database.prepare('SELECT next, token FROM counter').get() as { next: number; token: string }
    this.#next = next
    this.token = token
  }

  /** The number of a string, where it has one. */
  idOf(text: string): number | undefined {
    const written = writable(text)
    return this.known(written) ?? unlessFaulty(() => this.#find.get(written) as { id: number } | undefined)?.id
  }

  /** The number of a writable string where it is in memory; after `add` it is. */
  known(text: string): number | undefined {
    return this.#current.get(text) ?? this.#remember(text)
  }

  /** Looks up writable strings, and gives numbers to new ones. `known` finds all of them until `tidy`. */
  add(texts: ReadonlySet<string>): void {
    const unknown = new Set<string>()
    for (const text of texts) {
      const id = this.#new.get(text)
      if (id === undefined) unknown.add(text)
      else this.#current.set(text, id)
    }
    if (unknown.size === 0) return
    const found = unlessFaulty(() => this.#findAll.all(JSON.stringify([...unknown]))) as unknown as Numbered[]
    for (const { id, text } of found) {
      this.#current.set(text, id)
      unknown.delete(text)
    }
    for (const text of unknown) {
      this.#new.set(text, this.#next)
      this.#current.set(text, this.#next++)
    }
  }

  /** Makes the new numbers durable, and returns them. @throws StoreUnavailable, and then the strings have no numbers */
  async commit(): Promise<Numbered[]> {
    const numbered = [...this.#new].map(([text, id]) => ({ id, text }))
    this.#new.clear()
    if (numbered.length === 0) return numbered
    try {
      this.#database.exec('BEGIN IMMEDIATE')
      for (const [i, { id, text }] of numbered.entries()) {
        this.#insert.run(text, id)
        if (i % SLICE === SLICE - 1) await turn()
      }
      this.#count.run(this.#next)
      this.#database.exec('COMMIT')
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      this.#forget(numbered[0]!.id)
      throw asFault(error)
    }
    return numbered
  }

  /** Removes strings from memory that were not used for long. Not to be called between `add` and `known`. */
  tidy(): void {
    if (this.#current.size < GENERATION) return
    this.#last = this.#current
    this.#current = new Map()
  }

  /** The strings with a number greater than `id`, in the order of their numbers. */
  after(id: number): Numbered[] {
    const statement = this.#database.prepare('SELECT id, text FROM strings WHERE id > ? ORDER BY id')
    return unlessFaulty(() => statement.all(id)) as unknown as Numbered[]
  }

  /** All strings, in no particular order. */
  *all(): Generator<Numbered> {
    for (const row of this.#database.prepare('SELECT id, text FROM strings').iterate()) yield row as unknown as Numbered
  }

  /** Copies all strings into a file. The copy leaves out the next `skipped` numbers. */
  async copyTo(file: string, skipped = 0): Promise<void> {
    await backup(this.#database, file)
    if (skipped === 0) return
    const copy = new DatabaseSync(file)
    copy.prepare('UPDATE counter SET next = next + ?').run(skipped)
    copy.close()
  }

  close(): void {
    this.#database.close()
  }

  #remember(text: string): number | undefined {
    const id = this.#last.get(text)
    if (id !== undefined) this.#current.set(text, id)
    return id
  }

  #forget(next: number): void {
    this.#current.clear()
    this.#last.clear()
    this.#next = next
  }
}

function unlessFaulty<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw asFault(error)
  }
}

/** The error as users of the figures know it. */
function asFault(error: unknown): unknown {
  if (!isDamage(error)) return asUnavailable(error)
  return new FiguresDamaged(`their strings cannot be read: ${(error as Error).message}`, { cause: error })
}

/** A string as SQLite can keep it: earlier versions let halves of surrogate pairs and NUL into the log. */
export function writable(text: string): string {
  return (text.isWellFormed() ? text : text.toWellFormed()).replaceAll('\0', '\ufffd')
}
