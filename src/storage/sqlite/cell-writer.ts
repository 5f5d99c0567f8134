/**
 * Applies changes to the cells: `collect` coalesces the changes of a round in memory, cell by cell; `merge` then writes
 * each page once, inside the caller's transaction. This is what makes ingestion fast.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { Change, TableSpec } from '../storage.ts'
import { Interner } from './dictionary.ts'
import { cellAddress, mergePage, PageChanges } from './page.ts'
import { type Level, levelsOf, PageTable, pageGroup, placeId, tableName } from './page-table.ts'
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
  /** By time bucket, then by block and chunk: small whole numbers are much faster keys than row ids. */
  #collected = new Map<number, Map<number, PageChanges>>()
  #bucket = Number.NaN
  #inBucket = new Map<number, PageChanges>()

  constructor(level: Level, pages: PageTable) {
    this.#pages = pages
    this.#cursor = new CURSORS[level]()
  }

  collect(change: Change, key: number, field: number): void {
    const cursor = this.#cursor
    cursor.moveTo(change.at)
    if (cursor.bucket !== this.#bucket) this.#moveTo(cursor.bucket)
    const group = pageGroup(key, field)
    let page = this.#inBucket.get(group)
    if (page === undefined) {
      page = new PageChanges()
      this.#inBucket.set(group, page)
    }
    const address = cellAddress(key, field, cursor.minor)
    if (change.op === 'increment') page.increment(address, change.by)
    else if (change.op === 'max') page.keepMaximum(address, change.at - cursor.start)
    else page.add(address)
  }

  /** In the order of the places, so that neighbouring pages are written one after the other. */
  merge(valued: boolean, maxima: ReadonlySet<number>): void {
    for (const [bucket, groups] of [...this.#collected].sort(([a], [b]) => a - b)) {
      for (const group of Uint32Array.from(groups.keys()).sort()) {
        const place = placeId(bucket, group)
        const page = this.#pages.get(place) ?? NOTHING
        this.#pages.put(place, mergePage(page, groups.get(group) as PageChanges, valued, maxima))
      }
    }
  }

  clear(): void {
    this.#collected.clear()
    this.#bucket = Number.NaN
  }

  #moveTo(bucket: number): void {
    this.#bucket = bucket
    this.#inBucket = this.#collected.get(bucket) ?? new Map()
    this.#collected.set(bucket, this.#inBucket)
  }
}
