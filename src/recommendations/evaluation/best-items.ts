/**
 * The items with the greatest scores above 0, best first, ties by number; at most `count`, and none that is known. Keeps the best
 * so far in order: most items are refused by one comparison with the last of them.
 */
export function bestItems(scores: ArrayLike<number>, known: ReadonlySet<number>, count: number): number[] {
  const best: number[] = []
  for (let item = 0; item < scores.length; item++) {
    const score = scores[item]!
    const isFull = best.length === count
    if (score <= 0 || (isFull && score <= scores[best.at(-1)!]!) || known.has(item)) continue
    if (isFull) best.pop()
    let place = best.length
    while (place > 0 && scores[best[place - 1]!]! < score) place--
    best.splice(place, 0, item)
  }
  return best
}
