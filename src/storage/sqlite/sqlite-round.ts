/** A round as the embedded store writes it: new strings with their numbers, and pages as they will be. */
import type { Round } from '../storage.ts'

export interface SqliteRound extends Round {
  strings: NewStrings[]
  tables: ChangedPages[]
}

export interface NewStrings {
  space: string
  ids: number[]
  texts: string[]
}

/** The changed pages of one table in columns, ascending by place; one without bytes is removed. */
export interface ChangedPages {
  table: string
  places: Float64Array
  lengths: Uint32Array
  bytes: Uint8Array
}

/** Puts the pages of a table together. */
export class PageCollector {
  #table: string
  #places: number[] = []
  #pages: Uint8Array[] = []

  constructor(table: string) {
    this.#table = table
  }

  add(place: number, page: Uint8Array): void {
    this.#places.push(place)
    this.#pages.push(page)
  }

  take(): ChangedPages {
    const lengths = Uint32Array.from(this.#pages, page => page.length)
    const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
    let at = 0
    for (const page of this.#pages) {
      bytes.set(page, at)
      at += page.length
    }
    return { table: this.#table, places: Float64Array.from(this.#places), lengths, bytes }
  }
}

/** Visits the pages of a table. */
export function eachPage(
  { places, lengths, bytes }: ChangedPages,
  visit: (place: number, page: Uint8Array) => void,
): void {
  let at = 0
  for (let i = 0; i < places.length; i++) {
    const end = at + (lengths[i] as number)
    visit(places[i] as number, bytes.subarray(at, end))
    at = end
  }
}
