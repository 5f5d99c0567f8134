/** Strings as small whole numbers: each id space (subjects, listeners, …) numbers its strings 0, 1, 2, … */
import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** Strings remembered for a space on the writing side, twice: in the current and in the last generation. */
const GENERATION = 80_000

export function createDictionary(database: DatabaseSync, space: string): void {
  database.exec(`CREATE TABLE IF NOT EXISTS ${space}_ids (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT`)
}

/** Looks strings and numbers up, each in the state of the database at that moment. */
export class Dictionary {
  #idOf: StatementSync
  #textOf: StatementSync
  #size: StatementSync

  constructor(database: DatabaseSync, space: string) {
    this.#idOf = database.prepare(`SELECT id FROM ${space}_ids WHERE text = ?`)
    this.#textOf = database.prepare(`SELECT text FROM ${space}_ids WHERE id = ?`)
    this.#size = database.prepare(`SELECT coalesce(max(id) + 1, 0) AS size FROM ${space}_ids`)
  }

  /** The number of a string; undefined where it has none yet. */
  idOf(text: string): number | undefined {
    return (this.#idOf.get(text) as { id: number } | undefined)?.id
  }

  textOf(id: number): string {
    return (this.#textOf.get(id) as { text: string }).text
  }

  /** How many strings there are: all numbers are below it. */
  size(): number {
    return (this.#size.get() as { size: number }).size
  }
}

/**
 * The writing side: gives new strings their number at once, and writes them when the caller's transaction comes.
 *
 * What was looked up is remembered in two generations instead of an LRU list: this is the hottest line of the projector.
 */
export class Interner {
  #dictionary: Dictionary
  #insert: StatementSync
  #current = new Map<string, number>()
  #last = new Map<string, number>()
  #unwritten = new Map<string, number>()
  #next: number
  #lastText = ''
  #lastId = -1

  constructor(database: DatabaseSync, space: string) {
    this.#dictionary = new Dictionary(database, space)
    this.#insert = database.prepare(`INSERT INTO ${space}_ids (id, text) VALUES (?, ?)`)
    this.#next = this.#dictionary.size()
  }

  intern(text: string): number {
    // Changes come in runs with one key.
    if (text === this.#lastText && this.#lastId >= 0) return this.#lastId
    const id = this.#current.get(text) ?? this.#internRarely(text)
    this.#lastText = text
    this.#lastId = id
    return id
  }

  /** Writes the new strings, inside the caller's transaction; `written` is to be called after the commit. */
  write(): void {
    for (const [text, id] of this.#unwritten) this.#insert.run(id, text)
  }

  written(): void {
    this.#unwritten.clear()
  }

  /** To be called where the transaction failed: new strings have no number then. */
  forget(): void {
    this.#current.clear()
    this.#last.clear()
    this.#unwritten.clear()
    this.#lastId = -1
    this.#next = this.#dictionary.size()
  }

  #internRarely(text: string): number {
    let id = this.#last.get(text) ?? this.#unwritten.get(text) ?? this.#dictionary.idOf(text)
    if (id === undefined) {
      id = this.#next++
      this.#unwritten.set(text, id)
    }
    if (this.#current.size >= GENERATION) {
      this.#last = this.#current
      this.#current = new Map()
    }
    this.#current.set(text, id)
    return id
  }
}
