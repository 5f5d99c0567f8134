/** Chooses among items, each as often as its weight says. */
export class WeightedChoice<T> {
  /** The sum of all weights. */
  readonly total: number
  readonly #items: readonly T[]
  /** The sum of the weights up to each item, that item's included. */
  readonly #sums: Float64Array

  /** `weights`: of each item, not negative; one of them at least is above zero. */
  constructor(items: readonly T[], weights: readonly number[]) {
    let sum = 0
    this.#items = items
    this.#sums = Float64Array.from(weights, weight => (sum += weight))
    this.total = sum
  }

  /** The item at `unit`, a random number from 0 up to 1. */
  at(unit: number): T {
    const sought = unit * this.total
    let low = 0
    let high = this.#sums.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#sums[middle]! > sought) high = middle
      else low = middle + 1
    }
    return this.#items[low]!
  }
}
