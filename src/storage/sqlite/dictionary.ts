/** Strings as small whole numbers: each id space (subjects, listeners, …) numbers its strings 0, 1, 2, … */
import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** Strings remembered for a space on the writing side, twice: in the current and in the last generation. */
const GENERATION = 60_000

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

/** The writing side: gives new strings their number, inside the caller's transaction. */
export class Interner {
  #dictionary: Dictionary
  #insert: StatementSync
  // Two generations instead of an LRU list: the look-up is the hottest line of the projector.
  #current = new Map<string, number>()
  #last = new Map<string, number>()
  #next: number

  constructor(database: DatabaseSync, space: string) {
    this.#dictionary = new Dictionary(database, space)
    this.#insert = database.prepare(`INSERT INTO ${space}_ids (id, text) VALUES (?, ?)`)
    this.#next = this.#dictionary.size()
  }

  intern(text: string): number {
    const id = this.#current.get(text)
    return id === undefined ? this.#internRarely(text) : id
  }

  /** To be called after a rollback: what was numbered in the transaction is not. */
  forget(): void {
    this.#current.clear()
    this.#last.clear()
    this.#next = this.#dictionary.size()
  }

  #internRarely(text: string): number {
    let id = this.#last.get(text) ?? this.#dictionary.idOf(text)
    if (id === undefined) {
      id = this.#next++
      this.#insert.run(id, text)
    }
    if (this.#current.size >= GENERATION) {
      this.#last = this.#current
      this.#current = new Map()
    }
    this.#current.set(text, id)
    return id
  }
}
