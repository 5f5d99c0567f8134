/** The best of many items, without sorting all of them. */

export interface ScoredItem {
  /** Its number in the model. */
  item: number
  score: number
}

/**
 * The items with the greatest scores above 0, best first, ties by number; at most `count`, and none that is left out. It gathers twice
 * as many as are wanted, and then sorts them and keeps the better half: from then on, most items are refused by one comparison with
 * the last of these.
 */
export function bestItems(scores: ArrayLike<number>, isLeftOut: (item: number) => boolean, count: number): number[] {
  const best: number[] = []
  // The score that an item has to exceed, since `count` items with smaller numbers have it or more.
  let bar = 0
  const cut = () => {
    best.sort((a, b) => scores[b]! - scores[a]! || a - b)
    if (best.length < count) return
    best.length = count
    bar = scores[best[count - 1]!]!
  }
  for (let item = 0; item < scores.length; item++) {
    if (!(scores[item]! > bar) || isLeftOut(item)) continue
    best.push(item)
    if (best.length === 2 * count) cut()
  }
  cut()
  return best
}
