/** Where the axis of values has its lines. Pure. */

/**
 * Round numbers from the lowest value, or 0, to the highest, the last one at or above it: steps of 1, 2 or 5 times a power
 * of ten, and never less than 1 where the values are whole. `[0, 1]` where all is zero.
 */
export function valueTicks(values: Iterable<number>, isWhole: boolean, most = 5): number[] {
  let [low, high] = [0, 0]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  if (low === high) return [0, 1]
  const step = stepOf((high - low) / most, isWhole)
  const first = Math.floor(low / step)
  const last = Math.ceil(high / step)
  return Array.from({ length: last - first + 1 }, (_, i) => rounded((first + i) * step))
}

/** The smallest round step that is at least `least`. */
function stepOf(least: number, isWhole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const step = [1, 2, 5, 10].map(each => rounded(each * power)).find(each => each >= least)!
  return isWhole ? Math.max(1, step) : step
}

/** Without what binary fractions add: 0.30000000000000004 is 0.3. */
const rounded = (value: number): number => Number(value.toPrecision(12))
