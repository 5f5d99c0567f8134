/** Strings as small whole numbers: each id space (subjects, listeners, …) numbers its strings 0, 1, 2, … */
import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** Strings remembered for a space on the writing side, twice: in the current and in the last generation. */
const GENERATION = 80_000

export function createDictionary(database: DatabaseSync, space: string): void {
  database.exec(`CREATE TABLE IF NOT EXISTS ${space}_ids (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT`)
}

/** The statement that writes a string with its number. */
export function insertString(database: DatabaseSync, space: string): StatementSync {
  return database.prepare(`INSERT INTO ${space}_ids (id, text) VALUES (?, ?)`)
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
 * Gives new strings their numbers; they are written with the round that needs them.
 *
 * What was looked up is remembered in two generations instead of an LRU list: this is the hottest line of the projector.
 */
export class Interner {
  #dictionary: Dictionary
  #find: StatementSync
  #current = new Map<string, number>()
  #last = new Map<string, number>()
  #new = new Map<string, number>()
  /** New strings of rounds that are not written yet, the oldest first. */
  #underWay: Map<string, number>[] = []
  #next: number

  constructor(database: DatabaseSync, space: string) {
    this.#dictionary = new Dictionary(database, space)
    // One statement for many strings: a call costs as much as several look-ups.
    this.#find = database.prepare(
      `SELECT ids.text, ids.id FROM json_each(?) AS asked CROSS JOIN ${space}_ids AS ids ON ids.text = asked.value`,
    )
    this.#next = this.#dictionary.size()
  }

  /** The number of a string, or undefined where it has to be looked up, with `learn`. */
  known(text: string): number | undefined {
    return this.#current.get(text) ?? this.#remember(text)
  }

  /** The number of a string where it has one, else -1, which no cell has. */
  lookUp(text: string): number {
    return this.known(text) ?? this.#dictionary.idOf(text) ?? -1
  }

  /** Looks strings up, and gives the new ones their numbers: all of them are known then. */
  learn(texts: ReadonlySet<string>): void {
    if (texts.size === 0) return
    const unknown = new Set(texts)
    for (const row of this.#find.iterate(JSON.stringify([...texts]))) {
      this.#current.set(row.text as string, row.id as number)
      unknown.delete(row.text as string)
    }
    for (const text of unknown) {
      this.#new.set(text, this.#next)
      this.#current.set(text, this.#next++)
    }
  }

  /** Forgets what was not used for long. Not to be called between `learn` and what was learnt for. */
  tidy(): void {
    if (this.#current.size < GENERATION) return
    this.#last = this.#current
    this.#current = new Map()
  }

  /** The strings that were given a number since the last call, which go with a round now. */
  takeNew(): ReadonlyMap<string, number> {
    const taken = this.#new
    this.#underWay.push(taken)
    this.#new = new Map()
    return taken
  }

  /** To be called when the strings of the oldest round that is under way are written. */
  written(): void {
    this.#underWay.shift()
  }

  /** To be called where they will not be written: they have no number then. */
  forget(): void {
    this.#current.clear()
    this.#last.clear()
    this.#new.clear()
    this.#underWay = []
    this.#next = this.#dictionary.size()
  }

  #remember(text: string): number | undefined {
    let id = this.#last.get(text) ?? this.#new.get(text)
    for (const strings of this.#underWay) id ??= strings.get(text)
    if (id !== undefined) this.#current.set(text, id)
    return id
  }
}
