/** Puts sparse rows in an order that depends on nothing but their content. */
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

/** The same rows, the one first that ends earlier or has the smaller column where two differ, else the smaller value. */
export function sortedByContent({ starts, columns, values }: SparseRows): SparseRows {
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
  const order = Int32Array.from({ length: starts.length - 1 }, (_, row) => row).sort(compare)
  const sorted: SparseRows = {
    starts: new Int32Array(starts.length),
    columns: new Int32Array(columns.length),
    values: new Float32Array(values.length),
  }
  let at = 0
  for (const [i, row] of order.entries()) {
    const until = starts[row + 1]!
    sorted.columns.set(columns.subarray(starts[row]!, until), at)
    sorted.values.set(values.subarray(starts[row]!, until), at)
    at += until - starts[row]!
    sorted.starts[i + 1] = at
  }
  return sorted
}
