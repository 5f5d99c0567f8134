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

/** These of the rows, in this order; an empty row where there is none (-1). */
export function rowsInOrder({ starts, columns, values }: SparseRows, order: Int32Array): SparseRows {
  const sizes = order.map(row => (row < 0 ? 0 : starts[row + 1]! - starts[row]!))
  const count = sizes.reduce((sum, size) => sum + size, 0)
  const rows = {
    starts: new Int32Array(order.length + 1),
    columns: new Int32Array(count),
    values: new Float32Array(count),
  }
  for (const [i, row] of order.entries()) {
    const at = rows.starts[i]!
    rows.starts[i + 1] = at + sizes[i]!
    if (row < 0) continue
    rows.columns.set(columns.subarray(starts[row], starts[row + 1]), at)
    rows.values.set(values.subarray(starts[row], starts[row + 1]), at)
  }
  return rows
}
