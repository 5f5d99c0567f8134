import type { SparseRows } from './training-data.ts'

export const rowCount = ({ starts }: SparseRows): number => starts.length - 1

/** Gives the memory of an array back at once; the garbage collector takes its time. */
export const release = ({ buffer }: Int32Array | Float32Array): void => void (buffer as ArrayBuffer).transfer(0)

/** How many entries each row has. */
export const rowSizes = ({ starts }: SparseRows): Int32Array =>
  Int32Array.from({ length: starts.length - 1 }, (_, row) => starts[row + 1]! - starts[row]!)

/** The rows of the transposed matrix, whose columns are the rows of this one. */
export function transpose({ starts, columns, values }: SparseRows, columnCount: number): SparseRows {
  const transposed = {
    starts: new Int32Array(columnCount + 1),
    columns: new Int32Array(columns.length),
    values: new Float32Array(columns.length),
  }
  for (const column of columns) transposed.starts[column + 1]!++
  for (let i = 0; i < columnCount; i++) transposed.starts[i + 1]! += transposed.starts[i]!
  const next = transposed.starts.slice()
  for (let row = 0; row + 1 < starts.length; row++) {
    for (let at = starts[row]!; at < starts[row + 1]!; at++) {
      const to = next[columns[at]!]!++
      transposed.columns[to] = row
      transposed.values[to] = values[at]!
    }
  }
  return transposed
}

/** Divides each row by the mean of its values. */
export function divideByMean({ starts, values }: SparseRows): void {
  for (let row = 0; row + 1 < starts.length; row++) {
    let sum = 0
    for (let at = starts[row]!; at < starts[row + 1]!; at++) sum += values[at]!
    const mean = sum / (starts[row + 1]! - starts[row]!)
    for (let at = starts[row]!; at < starts[row + 1]!; at++) values[at]! /= mean
  }
}

/** The value in a row at a column; 0 where there is none. */
export function valueAt({ starts, columns, values }: SparseRows, row: number, column: number): number {
  let from = starts[row]!
  let to = starts[row + 1]!
  while (from < to) {
    const middle = (from + to) >> 1
    if (columns[middle]! < column) from = middle + 1
    else to = middle
  }
  return from < starts[row + 1]! && columns[from] === column ? values[from]! : 0
}

/** The sum of the products of two rows of the same matrix. */
export function dotOfRows({ starts, columns, values }: SparseRows, rowA: number, rowB: number): number {
  let a = starts[rowA]!
  let b = starts[rowB]!
  let sum = 0
  while (a < starts[rowA + 1]! && b < starts[rowB + 1]!) {
    const columnA = columns[a]!
    const columnB = columns[b]!
    if (columnA === columnB) sum += values[a]! * values[b]!
    if (columnA <= columnB) a++
    if (columnB <= columnA) b++
  }
  return sum
}
