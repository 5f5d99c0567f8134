/**
 * Collects the changes of a round in memory, cell by cell, and then merges them into their pages, each page once: this
 * is what makes ingestion fast.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { Change, TableSpec } from '../storage.ts'
import { CollectedCells } from './collected-cells.ts'
import { Interner } from './dictionary.ts'
import { cellAddress, mergePage, type PageChanges } from './page.ts'
import { type Level, levelsOf, PageTable, pageGroup, placeId, tableName } from './page-table.ts'
import { type ChangedPages, type NewStrings, PageCollector } from './sqlite-round.ts'
import { DayCursor, MonthCursor, type TimeCursor, Untimed } from './time-buckets.ts'

const CURSORS: Record<Level, new () => TimeCursor> = { day: DayCursor, month: MonthCursor, all: Untimed }

export class CellCollector {
  #tables = new Map<string, CollectedTable>()
  #interners = new Map<string, Interner>()

  constructor(database: DatabaseSync, specs: readonly TableSpec[]) {
    const interner = (space: string) => {
      const known = this.#interners.get(space) ?? new Interner(database, space)
      this.#interners.set(space, known)
      return known
    }
    for (const spec of specs) {
      const levels = levelsOf(spec).map(level => new CollectedLevel(database, spec, level))
      this.#tables.set(spec.name, new CollectedTable(spec, interner(spec.keys), interner(spec.fields), levels))
    }
  }

  collect(changes: Iterable<Change>): void {
    const late: Change[] = []
    const missing = new Map<Interner, Set<string>>()
    for (const change of changes) {
      if (!this.#table(change).collect(change, missing)) late.push(change)
    }
    for (const [interner, texts] of missing) interner.learn(texts)
    for (const change of late) this.#table(change).collect(change, missing)
    for (const interner of this.#interners.values()) interner.tidy()
  }

  /** The pages of each table with what was collected merged in. */
  *pages(): Generator<ChangedPages> {
    for (const table of this.#tables.values()) yield* table.pages()
  }

  /** The strings that got their number since the last call; until `settled`, nobody else knows them. */
  newStrings(): NewStrings[] {
    return [...this.#interners].map(([space, interner]) => {
      const strings = interner.takeNew()
      return { space, ids: [...strings.values()], texts: [...strings.keys()] }
    })
  }

  /** Forgets what was collected. */
  clear(): void {
    for (const table of this.#tables.values()) table.clear()
  }

  /** To be called when the strings of the last round were written, or never will be. */
  settled(written: boolean): void {
    for (const interner of this.#interners.values()) {
      if (written) interner.written()
      else interner.forget()
    }
  }

  #table({ table: name }: Change): CollectedTable {
    const table = this.#tables.get(name)
    if (!table) throw new Error(`no table ${name}`)
    return table
  }
}

class CollectedTable {
  #valued: boolean
  #maxima: readonly string[]
  #keys: Interner
  #fields: Interner
  #levels: readonly CollectedLevel[]

  constructor(spec: TableSpec, keys: Interner, fields: Interner, levels: readonly CollectedLevel[]) {
    this.#valued = spec.kind === 'counters'
    this.#maxima = spec.maxima
    this.#keys = keys
    this.#fields = fields
    this.#levels = levels
  }

  /** False where a string has to be learnt before; it is added to `missing` then. */
  collect(change: Change, missing: Map<Interner, Set<string>>): boolean {
    const key = this.#keys.known(change.key)
    const field = this.#fields.known(change.field)
    if (key === undefined) addTo(missing, this.#keys, change.key)
    if (field === undefined) addTo(missing, this.#fields, change.field)
    if (key === undefined || field === undefined) return false
    for (const level of this.#levels) level.collect(change, key, field)
    return true
  }

  *pages(): Generator<ChangedPages> {
    const maxima = new Set(this.#maxima.map(field => this.#fields.lookUp(field)))
    for (const level of this.#levels) yield level.pages(this.#valued, maxima)
  }

  clear(): void {
    for (const level of this.#levels) level.clear()
  }
}

function addTo(missing: Map<Interner, Set<string>>, interner: Interner, text: string): void {
  const texts = missing.get(interner)
  if (texts) texts.add(text)
  else missing.set(interner, new Set([text]))
}

const NOTHING = new Uint8Array(0)

class CollectedLevel {
  #name: string
  #pages: PageTable
  #cursor: TimeCursor
  #cells = new CollectedCells()
  #places = new Places()

  constructor(database: DatabaseSync, spec: TableSpec, level: Level) {
    this.#name = tableName(spec, level)
    this.#pages = new PageTable(database, this.#name)
    this.#cursor = new CURSORS[level]()
  }

  collect(change: Change, key: number, field: number): void {
    const cursor = this.#cursor
    cursor.moveTo(change.at)
    const page = this.#places.numberOf(cursor.bucket, pageGroup(key, field))
    const value = change.op === 'increment' ? change.by : change.op === 'max' ? change.at - cursor.start : 1
    this.#cells.push(page, cellAddress(key, field, cursor.minor), value)
  }

  pages(valued: boolean, maxima: ReadonlySet<number>): ChangedPages {
    const changes = this.#cells.byPage(this.#places.count)
    const merged = new PageCollector(this.#name)
    for (const { id, number } of this.#places.sorted()) {
      merged.add(id, mergePage(this.#pages.get(id) ?? NOTHING, changes[number] as PageChanges, valued, maxima))
    }
    return merged.take()
  }

  clear(): void {
    this.#cells.clear()
    this.#places.clear()
  }
}

/** Numbers the pages of a round 0, 1, 2, … */
class Places {
  /** By time bucket, then by block and chunk: small whole numbers are much faster keys than row ids. */
  #buckets = new Map<number, Map<number, number>>()
  #bucket = Number.NaN
  #inBucket = new Map<number, number>()
  #count = 0

  get count(): number {
    return this.#count
  }

  numberOf(bucket: number, group: number): number {
    if (bucket !== this.#bucket) this.#moveTo(bucket)
    let number = this.#inBucket.get(group)
    if (number === undefined) {
      number = this.#count++
      this.#inBucket.set(group, number)
    }
    return number
  }

  /** Ascending by row id, so that neighbouring pages are written one after the other. */
  sorted(): { id: number; number: number }[] {
    const all = [...this.#buckets].flatMap(([bucket, groups]) =>
      Array.from(groups, ([group, number]) => ({ id: placeId(bucket, group), number })),
    )
    return all.sort((a, b) => a.id - b.id)
  }

  clear(): void {
    this.#buckets.clear()
    this.#bucket = Number.NaN
    this.#count = 0
  }

  #moveTo(bucket: number): void {
    this.#bucket = bucket
    this.#inBucket = this.#buckets.get(bucket) ?? new Map()
    this.#buckets.set(bucket, this.#inBucket)
  }
}
