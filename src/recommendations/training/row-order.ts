/** Puts sparse rows in an order that depends on nothing but their content. */
import { release } from '../model/sparse-rows.ts'
import type { SparseRows } from '../model/training-data.ts'

/** Sorts the entries of each row by their columns. */
export function sortRows({ starts, columns, values }: SparseRows): void {
  for (let row = 0; row + 1 < starts.length; row++) {
    const from = starts[row]!
    const until = starts[row + 1]!
    const order = Array.from({ length: until - from }, (_, i) => from + i).sort((a, b) => columns[a]! - columns[b]!)
    const sortedColumns = order.map(at => columns[at]!)
    const sortedValues = order.map(at => values[at]!)
    columns.set(sortedColumns, from)
    values.set(sortedValues, from)
  }
}

/** The rows, the one first that ends earlier or has the smaller column where two differ, else the smaller value. */
export function orderByContent({ starts, columns, values }: SparseRows): Int32Array {
  const compare = (a: number, b: number): number => {
    const lengths = [starts[a + 1]! - starts[a]!, starts[b + 1]! - starts[b]!] as const
    const shared = Math.min(...lengths)
    for (let i = 0; i < shared; i++) {
      const difference = columns[starts[a]! + i]! - columns[starts[b]! + i]!
      if (difference !== 0) return difference
    }
    if (lengths[0] !== lengths[1]) return lengths[0] - lengths[1]
    for (let i = 0; i < shared; i++) {
      const difference = values[starts[a]! + i]! - values[starts[b]! + i]!
      if (difference !== 0) return difference
    }
    return 0
  }
  return Int32Array.from({ length: starts.length - 1 }, (_, row) => row).sort(compare)
}

/**
 * These of the rows, in this order; an empty row where there is none (-1). It uses the rows up: of their arrays, which may be most of
 * what a training has in memory, each is gone before the next one is made.
 */
export function rowsInOrder({ starts, columns, values }: SparseRows, order: Int32Array): SparseRows {
  const sizes = order.map(row => (row < 0 ? 0 : starts[row + 1]! - starts[row]!))
  const count = sizes.reduce((sum, size) => sum + size, 0)
  const placed = <Values extends Int32Array | Float32Array>(values: Values, into: Values): Values => {
    let at = 0
    for (const [i, row] of order.entries()) {
      if (row >= 0) into.set(values.subarray(starts[row], starts[row + 1]), at)
      at += sizes[i]!
    }
    release(values)
    return into
  }
  const startsInOrder = new Int32Array(order.length + 1)
  for (const [i, size] of sizes.entries()) startsInOrder[i + 1] = startsInOrder[i]! + size
  return {
    starts: startsInOrder,
    columns: placed(columns, new Int32Array(count)),
    values: placed(values, new Float32Array(count)),
  }
}
