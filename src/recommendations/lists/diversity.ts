/**
 * Diversity by maximal marginal relevance (Carbonell, Goldstein, 'The Use of MMR, Diversity-Based Reranking', 1998): of what is left,
 * the next row has the greatest (1 − d) · score / greatest score − d · (greatest cosine with a row before), where d is `diversity`.
 *
 * Example with d = 0.3: an item of score 1 that is just as the first row (cosine 1) has 0.7 − 0.3 = 0.4, and is behind one of score 0.6 that
 * has nothing in common with it: 0.42.
 */
import type { Model } from '../model/model.ts'

/** Says what each item is worth beside those that were chosen. */
export class Diversity {
  readonly #model: Pick<Model, 'factors' | 'dimensions'>
  readonly #diversity: number
  readonly #scores: Float64Array
  readonly #greatest: number
  /** By item: the greatest cosine with a chosen one. */
  readonly #likeness: Map<number, number>

  /** `items`: those that can be chosen, the best first. */
  constructor(
    model: Pick<Model, 'factors' | 'dimensions'>,
    scores: Float64Array,
    items: readonly number[],
    diversity: number,
  ) {
    this.#model = model
    this.#diversity = diversity
    this.#scores = scores
    this.#greatest = scores[items[0]!] ?? 1
    this.#likeness = new Map(items.map(item => [item, 0]))
  }

  valueOf(item: number): number {
    const relevance = this.#scores[item]! / this.#greatest
    return (1 - this.#diversity) * relevance - this.#diversity * this.#likeness.get(item)!
  }

  /** Takes an item into the list. */
  add(chosen: number): void {
    this.#likeness.delete(chosen)
    if (this.#diversity === 0) return
    for (const [item, before] of this.#likeness) {
      this.#likeness.set(item, Math.max(before, cosine(this.#model, item, chosen)))
    }
  }
}

/** The cosine of the angle between two items' vectors; 0 where one has none. */
function cosine({ factors, dimensions }: Pick<Model, 'factors' | 'dimensions'>, a: number, b: number): number {
  let product = 0
  let squaresA = 0
  let squaresB = 0
  for (let k = 0; k < dimensions; k++) {
    const x = factors[a * dimensions + k]!
    const y = factors[b * dimensions + k]!
    product += x * y
    squaresA += x * x
    squaresB += y * y
  }
  return product === 0 ? 0 : product / Math.sqrt(squaresA * squaresB)
}
