/**
 * Implicit-feedback matrix factorisation by alternating least squares: Hu, Koren, Volinsky, 'Collaborative Filtering for Implicit
 * Feedback Datasets' (2008), with the regularisation of Rendle et al., 'Revisiting the Performance of iALS on Item
 * Recommendation Benchmarks' (2022).
 *
 * Listeners and items have vectors; x · y should be 1 where the listener has the item, with the item's weight for the listener,
 * and 0 at all items, with a small weight that grows with the number of the item's listeners: who does not have a popular item
 * has rather decided against it.
 */
import { mulberry32 } from '../mulberry32.ts'
import { improveRows, type RowBase } from './conjugate-gradients.ts'
import { gramMatrix } from './linear-algebra.ts'
import { release, rowCount, rowSizes } from './sparse-rows.ts'
import type { SparseRows } from './training-data.ts'

const EPOCHS = 12
/** The mean weight of a zero is at most this, and less where few pairs are ones: a listener's zeros weigh 40 times its ones in all. */
const MOST_ZERO_WEIGHT = 0.1
const ZEROS_PER_ONE = 40
/** The weight of an item's zeros grows with the number n of its listeners: (n + 1)^γ. */
const POPULARITY_EXPONENT = 0.3
/** See `regularisationOf`. */
const SHARE_OF_NOISE = 0.55
/** About the length that item vectors begin with. */
const FIRST_LENGTH = 0.1

export interface Factorisation {
  /** The vectors of the items. */
  factors: Float32Array
  /** Σ weight of zeros · v vᵀ over all items, with the ridge of a listener on the diagonal: what folding in begins with. */
  gram: Float64Array
}

/**
 * @param weights a row for each listener, in each of which the mean is 1.
 * @param byItem the same, transposed: a row for each item.
 */
export function factorise(weights: SparseRows, byItem: SparseRows, dimensions: number): Factorisation {
  const listenersOf = rowSizes(byItem)
  const size = { listeners: rowCount(weights), items: listenersOf.length, pairs: weights.columns.length }
  const zeroWeight = Math.min(MOST_ZERO_WEIGHT, (ZEROS_PER_ONE * size.pairs) / (size.listeners * size.items))
  const regularisation = regularisationOf(size, zeroWeight)
  const ridgeOfListeners = regularisation * zeroWeight * size.items
  const zeroWeights = zeroWeightsOf(listenersOf, zeroWeight)
  const factors = firstVectors(size.items, dimensions)
  const baseOfListeners = () => {
    return { matrix: gramMatrix(factors, dimensions, zeroWeights), scale: 1, ridge: ridgeOfListeners }
  }

  const listeners = new Float32Array(size.listeners * dimensions)
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const base = baseOfListeners()
    improveRows(listeners, weights, factors, dimensions, () => base)
    const matrix = gramMatrix(listeners, dimensions)
    improveRows(factors, byItem, listeners, dimensions, item => {
      const scale = zeroWeights[item]!
      return { matrix, scale, ridge: regularisation * (listenersOf[item]! + scale * size.listeners) }
    })
  }
  release(listeners)
  return { factors, gram: withRidge(baseOfListeners(), dimensions) }
}

/** The weight of the zeros of each item: its mean over all items is `mean`. */
function zeroWeightsOf(listenersOf: Int32Array, mean: number): Float64Array {
  const powers = Float64Array.from(listenersOf, n => (n + 1) ** POPULARITY_EXPONENT)
  const sum = powers.reduce((sum, power) => sum + power, 0)
  return powers.map(power => (mean * power * powers.length) / sum)
}

/**
 * How much of a row's weight (its ones, and its zeros with their weights) is its ridge.
 *
 * The ridges λ of listeners and items decide how many dimensions live: one vanishes where its singular value in the matrix of weights is
 * below √(λ of a listener · λ of an item). Pairs put together at random have singular values up to √(pairs of a listener) + √(pairs of an
 * item), so the limit is a share of that. A fixed regularisation, tuned on a small catalogue, would leave no dimension in a large one, whose
 * rows have many more zeros.
 *
 * Example: 1,892 listeners, 15,000 items and 74,000 pairs, so that a listener has 39 and an item 5; zeros weigh 0.1. Noise has singular
 * values up to 6.3 + 2.2 = 8.5, a listener's row weighs 39 + 1,500, an item's 5 + 189, and 0.55 · 8.5 / √(1,539 · 194) is 0.0085.
 */
function regularisationOf(
  { listeners, items, pairs }: { listeners: number; items: number; pairs: number },
  zeroWeight: number,
): number {
  const ofListener = pairs / listeners
  const ofItem = pairs / items
  const noise = Math.sqrt(ofListener) + Math.sqrt(ofItem)
  return (SHARE_OF_NOISE * noise) / Math.sqrt((ofListener + zeroWeight * items) * (ofItem + zeroWeight * listeners))
}

function withRidge({ matrix, ridge }: RowBase, dimensions: number): Float64Array {
  for (let k = 0; k < dimensions; k++) matrix[k * dimensions + k]! += ridge
  return matrix
}

/** Always the same numbers, so that a training is a function of its data. */
function firstVectors(count: number, dimensions: number): Float32Array {
  const random = mulberry32(1)
  return Float32Array.from({ length: count * dimensions }, () => {
    return (FIRST_LENGTH * nearlyNormal(random)) / Math.sqrt(dimensions)
  })
}

/** With mean 0 and variance 1: the sum of 12 numbers between 0 and 1, less 6. */
function nearlyNormal(random: () => number): number {
  let sum = -6
  for (let i = 0; i < 12; i++) sum += random()
  return sum
}
