/**
 * Where pages lie: one SQLite table for each level of a `TableSpec`, with the page's place as its row id.
 *
 * The row id is made of time bucket, block of keys and chunk of fields, in this order. Time comes first because events
 * arrive more or less in the order of their time: a round of the projector then rewrites a few neighbouring pages.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { TableSpec } from '../storage.ts'
import { FIELDS_PER_PAGE, KEYS_PER_PAGE } from './page.ts'

export type Level = 'day' | 'month' | 'all'

/** Together with the days since the year 0, which take 20 bits, a place stays a safe integer. */
const CHUNKS = 2 ** 12
const BLOCKS = 2 ** 20
const PLACES = BLOCKS * CHUNKS

/** The levels at which a table is kept, the finest first. */
export const levelsOf = (spec: TableSpec): readonly Level[] =>
  spec.bucket === 'quarter' ? ['day', 'month'] : spec.bucket === 'month' ? ['month'] : ['all']

export const tableName = (spec: TableSpec, level: Level): string => `${spec.name}_by_${level}`

export interface Place {
  bucket: number
  /** `floor(key id / KEYS_PER_PAGE)` */
  block: number
  /** `floor(field id / FIELDS_PER_PAGE)` */
  chunk: number
}

/**
 * The page of a bucket that a cell lies in: block of keys, then chunk of fields, as one whole number below 2^32.
 * @throws RangeError beyond 67 million keys or 536 million fields, the most that there is room for.
 */
export function pageGroup(keyId: number, fieldId: number): number {
  const block = Math.floor(keyId / KEYS_PER_PAGE)
  const chunk = Math.floor(fieldId / FIELDS_PER_PAGE)
  if (block >= BLOCKS || chunk >= CHUNKS) throw new RangeError('too many keys or members in one table')
  return block * CHUNKS + chunk
}

export const placeId = (bucket: number, group: number): number => bucket * PLACES + group

export function placeOf(id: number): Place {
  const bucket = Math.floor(id / PLACES)
  const rest = id - bucket * PLACES
  const block = Math.floor(rest / CHUNKS)
  return { bucket, block, chunk: rest - block * CHUNKS }
}

export interface Page {
  id: number
  cells: Uint8Array
}

/** Reads the pages of one level of one table. */
export class PageTable {
  #get: StatementSync
  #range: StatementSync
  #blocks: StatementSync
  #next: StatementSync

  constructor(database: DatabaseSync, name: string) {
    this.#get = database.prepare(`SELECT cells FROM ${name} WHERE id = ?`)
    this.#range = database.prepare(`SELECT id, cells FROM ${name} WHERE id BETWEEN ? AND ? ORDER BY id`)
    this.#blocks = database.prepare(
      `SELECT pages.id, cells FROM json_each(?) AS places
       CROSS JOIN ${name} AS pages ON pages.id BETWEEN places.value AND places.value + ${CHUNKS - 1}`,
    )
    this.#next = database.prepare(`SELECT id FROM ${name} WHERE id >= ? ORDER BY id LIMIT 1`)
  }

  static create(database: DatabaseSync, name: string): void {
    database.exec(`CREATE TABLE IF NOT EXISTS ${name} (id INTEGER PRIMARY KEY, cells BLOB NOT NULL) STRICT`)
  }

  get(id: number): Uint8Array | undefined {
    return (this.#get.get(id) as { cells: Uint8Array } | undefined)?.cells
  }

  /** All chunks of the blocks in each of the buckets, bucket by bucket: one statement, for a call costs ten look-ups. */
  blocks(buckets: readonly number[], blocks: readonly number[]): Iterable<Page> {
    const firsts = buckets.flatMap(bucket => blocks.map(block => bucket * PLACES + block * CHUNKS))
    return this.#blocks.iterate(JSON.stringify(firsts)) as unknown as Iterable<Page>
  }

  /** All pages of one bucket, in the order of their keys. */
  bucket(bucket: number): Iterable<Page> {
    const first = bucket * PLACES
    return this.#range.iterate(first, first + PLACES - 1) as unknown as Iterable<Page>
  }

  /** The buckets that hold anything, ascending: one look-up each. */
  buckets(): number[] {
    const found: number[] = []
    let from = Number.MIN_SAFE_INTEGER
    for (;;) {
      const row = this.#next.get(from) as { id: number } | undefined
      if (!row) return found
      const { bucket } = placeOf(row.id)
      found.push(bucket)
      from = (bucket + 1) * PLACES
    }
  }
}

/** Writes pages, inside the caller's transaction. */
export class PageWriter {
  #put: StatementSync
  #remove: StatementSync

  constructor(database: DatabaseSync, name: string) {
    this.#put = database.prepare(`INSERT OR REPLACE INTO ${name} (id, cells) VALUES (?, ?)`)
    this.#remove = database.prepare(`DELETE FROM ${name} WHERE id = ?`)
  }

  /** An empty page is removed. */
  put(id: number, cells: Uint8Array): void {
    if (cells.length === 0) this.#remove.run(id)
    else this.#put.run(id, cells)
  }
}
