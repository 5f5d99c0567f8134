/**
 * How good lists of recommendations are. A list has items by number, best first; `wanted` are the items that the listener turned
 * out to have, which the list did not know of.
 */

/** The share of the wanted items that are among the first `k`. */
export function recallAt(k: number, list: readonly number[], wanted: ReadonlySet<number>): number {
  return list.slice(0, k).filter(item => wanted.has(item)).length / wanted.size
}

/**
 * Normalised discounted cumulative gain (Järvelin, Kekäläinen 2002) of the first `k`: a wanted item at rank r gains 1 / log2(r + 1),
 * and the sum is divided by that of a list that begins with wanted items only. Example: two wanted items, one of which is
 * at rank 2: 0.63 / (1 + 0.63) = 0.39.
 */
export function ndcgAt(k: number, list: readonly number[], wanted: ReadonlySet<number>): number {
  let gain = 0
  for (const [index, item] of list.slice(0, k).entries()) if (wanted.has(item)) gain += gainAt(index)
  let best = 0
  for (let index = 0; index < Math.min(k, wanted.size); index++) best += gainAt(index)
  return gain / best
}

const gainAt = (index: number): number => 1 / Math.log2(index + 2)

/** 1 / rank of the first wanted item among the first `k`; 0 where none is there. */
export function reciprocalRankAt(k: number, list: readonly number[], wanted: ReadonlySet<number>): number {
  const index = list.slice(0, k).findIndex(item => wanted.has(item))
  return index === -1 ? 0 : 1 / (index + 1)
}

/** The share of all items that is among the first `k` of any list. */
export function coverageAt(k: number, lists: readonly (readonly number[])[], itemCount: number): number {
  return new Set(lists.flatMap(list => list.slice(0, k))).size / itemCount
}

/** Average recommendation popularity: how many listeners the items among the first `k` of all lists have, on average. */
export function listenersAt(k: number, lists: readonly (readonly number[])[], listenersOf: ArrayLike<number>): number {
  const counts = lists.flatMap(list => list.slice(0, k).map(item => listenersOf[item]!))
  return mean(counts)
}

/** 0 where there is none. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

/** Of a sample: the squares are divided by n − 1. 0 of fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  const middle = mean(values)
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0)
  return Math.sqrt(squares / Math.max(1, values.length - 1))
}
