/**
 * The changes of a round, cell by cell, before they are merged into their pages: plain columns that grow, because some
 * hundred thousand small objects that live for a whole round would keep the garbage collector busy.
 */
import type { PageChanges } from './page.ts'

const FIRST_CAPACITY = 1_024
/** A cell's address takes 30 bits of a sort key, its position among those of its page the 22 below. */
const POSITIONS = 2 ** 22

export class CollectedCells {
  #pages = new Uint32Array(FIRST_CAPACITY)
  #addresses = new Uint32Array(FIRST_CAPACITY)
  #values = new Float64Array(FIRST_CAPACITY)
  #length = 0

  /** `page`: a number of the caller's, from 0 on without holes. */
  push(page: number, address: number, value: number): void {
    const at = this.#length++
    if (at === this.#values.length) this.#grow()
    this.#pages[at] = page
    this.#addresses[at] = address
    this.#values[at] = value
  }

  /** The changes of each page, by its number. */
  byPage(pageCount: number): PageChanges[] {
    const ends = this.#endsOfPages(pageCount)
    const starts = ends.slice()
    const keys = new Float64Array(this.#length)
    const values = new Float64Array(this.#length)
    // Backwards, so that `starts` comes down to where each page begins.
    for (let i = this.#length - 1; i >= 0; i--) {
      const page = this.#pages[i] as number
      const place = (starts[page] as number) - 1
      starts[page] = place
      keys[place] = this.#addresses[i] as number
      values[place] = this.#values[i] as number
    }
    return Array.from(ends, (end, page) => sorted(keys.subarray(starts[page], end), values.subarray(starts[page], end)))
  }

  clear(): void {
    this.#length = 0
  }

  #endsOfPages(pageCount: number): Uint32Array {
    const ends = new Uint32Array(pageCount)
    for (let i = 0; i < this.#length; i++) ends[this.#pages[i] as number]!++
    for (let page = 1; page < pageCount; page++) ends[page]! += ends[page - 1] as number
    return ends
  }

  #grow(): void {
    const capacity = this.#values.length * 2
    const enlarge = <T extends Uint32Array | Float64Array>(column: T, larger: T): T => {
      larger.set(column)
      return larger
    }
    this.#pages = enlarge(this.#pages, new Uint32Array(capacity))
    this.#addresses = enlarge(this.#addresses, new Uint32Array(capacity))
    this.#values = enlarge(this.#values, new Float64Array(capacity))
  }
}

/** Sorts by address: as numbers that carry their position, which is many times as fast as with a comparison of ours. */
function sorted(keys: Float64Array, unsorted: Float64Array): PageChanges {
  if (keys.length >= POSITIONS) throw new RangeError('too many changes of one page in a round')
  for (let i = 0; i < keys.length; i++) keys[i] = (keys[i] as number) * POSITIONS + i
  keys.sort()
  const addresses = new Uint32Array(keys.length)
  const values = new Float64Array(keys.length)
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number
    const address = Math.floor(key / POSITIONS)
    addresses[i] = address
    values[i] = unsorted[key - address * POSITIONS] as number
  }
  return { addresses, values }
}
