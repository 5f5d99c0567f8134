/**
 * Applies changes to the cells: `collect` coalesces the changes of a round in memory, cell by cell; `merge` then writes
 * each page once, inside the caller's transaction. This is what makes ingestion fast.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { Change, TableSpec } from '../storage.ts'
import { Interner } from './dictionary.ts'
import { cellAddress, mergePage, PageChanges } from './page.ts'
import { type Level, levelsOf, PageTable, placeId, tableName } from './page-table.ts'
import { DayCursor, MonthCursor, type TimeCursor, Untimed } from './time-buckets.ts'

const CURSORS: Record<Level, new () => TimeCursor> = { day: DayCursor, month: MonthCursor, all: Untimed }

export class CellWriter {
  #tables = new Map<string, WrittenTable>()
  #interners = new Map<string, Interner>()

  constructor(database: DatabaseSync, specs: readonly TableSpec[]) {
    const interner = (space: string) => {
      const known = this.#interners.get(space) ?? new Interner(database, space)
      this.#interners.set(space, known)
      return known
    }
    for (const spec of specs) {
      const levels = levelsOf(spec).map(
        level => new WrittenLevel(level, new PageTable(database, tableName(spec, level))),
      )
      this.#tables.set(spec.name, new WrittenTable(spec, interner(spec.keys), interner(spec.fields), levels))
    }
  }

  /** Needs no transaction, and writes nothing. */
  collect(changes: Iterable<Change>): void {
    for (const change of changes) {
      const table = this.#tables.get(change.table)
      if (!table) throw new Error(`no table ${change.table}`)
      table.collect(change)
    }
  }

  /** Writes what was collected, inside the caller's transaction. */
  merge(): void {
    for (const table of this.#tables.values()) table.merge()
    for (const interner of this.#interners.values()) interner.write()
  }

  /** To be called after the commit. */
  committed(): void {
    for (const table of this.#tables.values()) table.clear()
    for (const interner of this.#interners.values()) interner.written()
  }

  /** To be called after a failure: nothing was collected then. */
  forget(): void {
    for (const table of this.#tables.values()) table.clear()
    for (const interner of this.#interners.values()) interner.forget()
  }
}

class WrittenTable {
  #valued: boolean
  #maxima: readonly string[]
  #keys: Interner
  #fields: Interner
  #levels: readonly WrittenLevel[]

  constructor(spec: TableSpec, keys: Interner, fields: Interner, levels: readonly WrittenLevel[]) {
    this.#valued = spec.kind === 'counters'
    this.#maxima = spec.maxima
    this.#keys = keys
    this.#fields = fields
    this.#levels = levels
  }

  collect(change: Change): void {
    const key = this.#keys.intern(change.key)
    const field = this.#fields.intern(change.field)
    for (const level of this.#levels) level.collect(change, key, field)
  }

  merge(): void {
    const maxima = new Set(this.#maxima.map(field => this.#fields.intern(field)))
    for (const level of this.#levels) level.merge(this.#valued, maxima)
  }

  clear(): void {
    for (const level of this.#levels) level.clear()
  }
}

const NOTHING = new Uint8Array(0)

class WrittenLevel {
  #pages: PageTable
  #cursor: TimeCursor
  #collected = new Map<number, PageChanges>()

  constructor(level: Level, pages: PageTable) {
    this.#pages = pages
    this.#cursor = new CURSORS[level]()
  }

  collect(change: Change, key: number, field: number): void {
    const cursor = this.#cursor
    cursor.moveTo(change.at)
    const place = placeId(cursor.bucket, key, field)
    let page = this.#collected.get(place)
    if (page === undefined) {
      page = new PageChanges()
      this.#collected.set(place, page)
    }
    const address = cellAddress(key, field, cursor.minor)
    if (change.op === 'increment') page.increment(address, change.by)
    else if (change.op === 'max') page.keepMaximum(address, change.at - cursor.start)
    else page.add(address)
  }

  /** Ascending, so that neighbouring pages are written one after the other. */
  merge(valued: boolean, maxima: ReadonlySet<number>): void {
    for (const place of Float64Array.from(this.#collected.keys()).sort()) {
      const changes = this.#collected.get(place) as PageChanges
      this.#pages.put(place, mergePage(this.#pages.get(place) ?? NOTHING, changes, valued, maxima))
    }
  }

  clear(): void {
    this.#collected.clear()
  }
}
