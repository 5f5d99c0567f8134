/** A listener's vector from the present history, without training: the exact solution of the listener's least squares. */
import { addOuterProduct, addVector, cholesky, dot, dotOfFour, solveCholesky } from './linear-algebra.ts'
import type { Model } from './model.ts'

/** A history: the numbers of its items, and their weights, the mean of which is 1. */
export interface Ones {
  items: Int32Array
  weights: Float32Array
}

/**
 * With A = gram + Σ w v vᵀ over the history, the listener's vector is x = A⁻¹ Σ w v, and so an item with the vector y has the score
 * y · x = Σ w (A⁻¹ y) · v: a sum over the history (Hu, Koren, Volinsky 2008, section 5).
 */
export class FoldIn {
  /** The listener's vector, x. */
  readonly vector: Float64Array
  readonly #model: Model
  readonly #ones: Ones
  /** The Cholesky factor of A. */
  readonly #lower: Float64Array

  constructor(model: Model, ones: Ones) {
    const { dimensions, factors, gram } = model
    this.#model = model
    this.#ones = ones
    this.#lower = gram.slice()
    this.vector = new Float64Array(dimensions)
    ones.items.forEach((item, i) => {
      addOuterProduct(this.#lower, ones.weights[i]!, factors, item * dimensions, dimensions)
      addVector(this.vector, ones.weights[i]!, factors, item * dimensions)
    })
    cholesky(this.#lower, dimensions)
    solveCholesky(this.#lower, this.vector)
  }

  /** y · x for all items. */
  scores(): Float64Array {
    const { ids, dimensions, factors } = this.#model
    const scores = new Float64Array(ids.length)
    let item = 0
    for (; item + 4 <= scores.length; item += 4) dotOfFour(scores, item, factors, item * dimensions, this.vector)
    for (; item < scores.length; item++) scores[item] = dot(factors, item * dimensions, this.vector)
    return scores
  }

  /** The parts of one item's y · x that the items of the history bring. */
  sharesOf(item: number): Float64Array {
    const { dimensions, factors } = this.#model
    const pulled = Float64Array.from(factors.subarray(item * dimensions, (item + 1) * dimensions))
    solveCholesky(this.#lower, pulled)
    const { items, weights } = this.#ones
    return Float64Array.from(items, (own, i) => weights[i]! * dot(factors, own * dimensions, pulled))
  }
}
