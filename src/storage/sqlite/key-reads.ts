/** Reading the cells of a few keys: the pages are found in bulk, and each is decoded once. */
import { type Instant, type Interval, QUARTER_MS } from '../storage.ts'
import type { Dictionary } from './dictionary.ts'
import { FIELDS_PER_PAGE, fieldOf, KEYS_PER_PAGE, minorOf, PageReader, slotOf } from './page.ts'
import { type Level, type PageTable, placeOf } from './page-table.ts'
import { bucketStart, type Piece } from './time-buckets.ts'

/** Buckets whose pages are held in memory at a time. */
const BATCH_BUCKETS = 64

/** Told of a cell: its bucket, the position of its key among those asked for, its field and value, and its time. */
type VisitIn = (bucket: number, key: number, field: number, value: number, start: Instant) => void

/** Cells in columns. */
export interface Cells {
  /** Position of the key among those asked for. */
  keys: number[]
  fields: number[]
  /** Start of the cell's quarter, or of its bucket. */
  starts: Instant[]
  values: number[]
}

/** Keys that were asked for, by the place of their cells. Unknown ones are nowhere. */
export class WantedKeys {
  /** Block → for each of its slots, the position of the key asked for, or -1. */
  #slots = new Map<number, Int32Array>()

  constructor(keys: readonly string[], dictionary: Dictionary) {
    for (const [position, key] of keys.entries()) {
      const id = dictionary.idOf(key)
      if (id === undefined) continue
      const block = Math.floor(id / KEYS_PER_PAGE)
      const slots = this.#slots.get(block) ?? new Int32Array(KEYS_PER_PAGE).fill(-1)
      slots[id % KEYS_PER_PAGE] = position
      this.#slots.set(block, slots)
    }
  }

  /** Visits the cells of these keys in some buckets of one level. */
  visit(level: Level, table: PageTable, buckets: readonly number[], valued: boolean, visit: VisitIn): void {
    for (const { id, cells } of table.blocks(buckets, [...this.#slots.keys()])) {
      const { bucket, block, chunk } = placeOf(id)
      const slots = this.#slots.get(block) as Int32Array
      const last = slots.findLastIndex(position => position >= 0)
      const start = bucketStart(level, bucket)
      const reader = new PageReader(cells, valued)
      while (reader.next()) {
        const { address } = reader
        const slot = slotOf(address)
        // Cells are sorted by slot.
        if (slot > last) break
        const position = slots[slot] as number
        if (position < 0) continue
        const field = chunk * FIELDS_PER_PAGE + fieldOf(address)
        visit(bucket, position, field, reader.value, start + minorOf(address) * QUARTER_MS)
      }
    }
  }

  /** The same, in columns, by bucket. */
  read(level: Level, table: PageTable, buckets: readonly number[], valued: boolean): Map<number, Cells> {
    const found = new Map<number, Cells>()
    this.visit(level, table, buckets, valued, (bucket, key, field, value, start) => {
      let cells = found.get(bucket)
      if (cells === undefined) {
        cells = { keys: [], fields: [], starts: [], values: [] }
        found.set(bucket, cells)
      }
      cells.keys.push(key)
      cells.fields.push(field)
      cells.starts.push(start)
      cells.values.push(value)
    })
    return found
  }
}

/** A piece of the interval at `interval`. */
export type IntervalPiece = (Piece | (Interval & { level: 'all'; bucket: 0 })) & { interval: number }

/** Groups pieces so that each group lies in a bounded number of buckets; their order stays. */
export function* batches(all: Iterable<IntervalPiece>): Generator<IntervalPiece[]> {
  let batch: IntervalPiece[] = []
  let buckets = 0
  for (const piece of all) {
    const last = batch.at(-1)
    if (!last || last.bucket !== piece.bucket || last.level !== piece.level) buckets++
    if (buckets > BATCH_BUCKETS) {
      yield batch
      batch = []
      buckets = 1
    }
    batch.push(piece)
  }
  if (batch.length > 0) yield batch
}
