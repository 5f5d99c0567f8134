/**
 * The nearest items of each item, by P3 (Cooper, Lee, Radinsky, Siantos, 'Random Walks in Recommender Systems', 2014): the probability of
 * getting from item i to a listener of it and on to an item j of that listener, each step with equal chances.
 *
 * Example: i has two listeners, of whom one has 2 items and the other 4, and both have j: the strength is (1/2) · (1/2 + 1/4) = 0.375.
 */
import { rowCount } from './sparse-rows.ts'
import type { SparseRows } from './training-data.ts'

/**
 * At most `most` items of each item; of equal strength, those with the smaller numbers.
 * @param byItem `listeners`, transposed: a row for each item.
 */
export function nearestItems(listeners: SparseRows, byItem: SparseRows, most: number): SparseRows {
  const itemCount = rowCount(byItem)
  const strengths = new Float64Array(itemCount)
  const reached = new Int32Array(itemCount)
  const starts = new Int32Array(itemCount + 1)
  const columns = new Int32Array(itemCount * most)
  const values = new Float32Array(itemCount * most)
  let end = 0
  for (let item = 0; item < itemCount; item++) {
    let count = 0
    const from = byItem.starts[item]!
    const to = byItem.starts[item + 1]!
    for (let l = from; l < to; l++) {
      const listener = byItem.columns[l]!
      const begin = listeners.starts[listener]!
      const finish = listeners.starts[listener + 1]!
      for (let at = begin; at < finish; at++) {
        const other = listeners.columns[at]!
        if (strengths[other] === 0) reached[count++] = other
        strengths[other]! += 1 / ((to - from) * (finish - begin))
      }
    }
    strengths[item] = 0
    const others = reached.subarray(0, count).filter(other => other !== item)
    const nearest = others
      .sort((a, b) => strengths[b]! - strengths[a]! || a - b)
      .subarray(0, most)
      .sort()
    for (const other of nearest) {
      columns[end] = other
      values[end++] = strengths[other]!
    }
    starts[item + 1] = end
    for (const other of others) strengths[other] = 0
  }
  return { starts, columns: columns.subarray(0, end), values: values.subarray(0, end) }
}
