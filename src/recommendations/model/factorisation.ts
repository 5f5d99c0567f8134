/**
 * Implicit-feedback matrix factorisation by alternating least squares: Hu, Koren, Volinsky, 'Collaborative Filtering for Implicit
 * Feedback Datasets' (2008), with the weights and the regularisation of Rendle et al., 'Revisiting the Performance of iALS on Item
 * Recommendation Benchmarks' (2022).
 *
 * Listeners and items have vectors; x · y should be 1 where the listener has the item, with the item's weight for the listener,
 * and 0 at all items, with a small weight that grows with the number of the item's listeners: who does not know a popular item
 * has rather decided against it.
 */
import { mulberry32 } from '../mulberry32.ts'
import { addOuterProduct, addVector, cholesky, gramMatrix, solveCholesky } from './linear-algebra.ts'
import { rowCount, transpose } from './sparse-rows.ts'
import type { SparseRows } from './training-data.ts'

/** The mean of the weights of the zeros, α0. */
const UNOBSERVED_WEIGHT = 0.1
/** How the weight of the zeros grows with the number n of an item's listeners: (n + 1)^γ. */
const POPULARITY_EXPONENT = 0.2
/** Per unit of weight count: a row with n ones, whose zeros weigh s together, has n + s times this on its diagonal. */
const REGULARISATION = 0.008
const EPOCHS = 10
/** The length that item vectors begin with. */
const FIRST_LENGTH = 0.1

/** The vectors of all items; `weights` has a row for each listener, in each of which the mean is 1. */
export function factorise(weights: SparseRows, listenersOf: Int32Array, dimensions: number): Float32Array {
  const unobserved = unobservedWeights(listenersOf)
  const everywhere = sumOf(unobserved)
  const items = firstVectors(listenersOf.length, dimensions)
  const listeners = new Float32Array(rowCount(weights) * dimensions)
  const byItem = transpose(weights, listenersOf.length)
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const ofItems = gramMatrix(items, dimensions, unobserved)
    solveRows(listeners, weights, items, dimensions, () => ({ gram: ofItems, scale: 1, zeros: everywhere }))
    const ofListeners = gramMatrix(listeners, dimensions)
    solveRows(items, byItem, listeners, dimensions, item => {
      return { gram: ofListeners, scale: unobserved[item]!, zeros: unobserved[item]! * rowCount(weights) }
    })
  }
  return items
}

/** How much the zeros of each item weigh: α0 · (n + 1)^γ, divided by the mean of (n + 1)^γ. */
export function unobservedWeights(listenersOf: Int32Array): Float64Array {
  const powers = Float64Array.from(listenersOf, n => (n + 1) ** POPULARITY_EXPONENT)
  const mean = sumOf(powers) / powers.length
  return powers.map(power => (UNOBSERVED_WEIGHT * power) / mean)
}

/** What a row's vector has to fit beside its ones. */
export interface Zeros {
  /** `scale` times this matrix is the sum of v vᵀ over all zeros. */
  gram: Float64Array
  scale: number
  /** The sum of the weights of the zeros. */
  zeros: number
}

/**
 * Writes into `lower` the Cholesky factor of the matrix of one row's least squares, and into `right` its right side; the
 * solution is the row's vector. Ones are the vectors of `factors` numbered by `columns` from `start` to `end`, with `values` as weights.
 */
export function rowSystem(
  lower: Float64Array,
  right: Float64Array,
  { columns, values, start, end }: { columns: Int32Array; values: Float32Array; start: number; end: number },
  factors: Float32Array,
  { gram, scale, zeros }: Zeros,
): void {
  const dimensions = right.length
  for (let k = 0; k < lower.length; k++) lower[k] = scale * gram[k]!
  right.fill(0)
  for (let at = start; at < end; at++) {
    addOuterProduct(lower, values[at]!, factors, columns[at]! * dimensions, dimensions)
    addVector(right, values[at]!, factors, columns[at]! * dimensions)
  }
  const ridge = REGULARISATION * (end - start + zeros)
  for (let k = 0; k < dimensions; k++) lower[k * dimensions + k]! += ridge
  cholesky(lower, dimensions)
}

function solveRows(
  solved: Float32Array,
  { starts, columns, values }: SparseRows,
  factors: Float32Array,
  dimensions: number,
  zerosOf: (row: number) => Zeros,
): void {
  const lower = new Float64Array(dimensions * dimensions)
  const right = new Float64Array(dimensions)
  for (let row = 0; row + 1 < starts.length; row++) {
    const ones = { columns, values, start: starts[row]!, end: starts[row + 1]! }
    rowSystem(lower, right, ones, factors, zerosOf(row))
    solveCholesky(lower, right)
    solved.set(right, row * dimensions)
  }
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

function sumOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
