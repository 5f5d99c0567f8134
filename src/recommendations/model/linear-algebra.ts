/**
 * Small dense algebra on typed arrays. A symmetric matrix of `d` rows is a Float64Array of d² numbers, row after row, of which
 * only the lower triangle (columns up to the row's own) is written and read.
 */

/** One of the vectors that lie one after the other in `factors`: its first number is at `start`. */
export function dot(a: Float32Array, startA: number, b: Float64Array, dimensions: number): number {
  let sum = 0
  for (let k = 0; k < dimensions; k++) sum += a[startA + k]! * b[k]!
  return sum
}

/** sum += weight · v */
export function addVector(sum: Float64Array, weight: number, factors: Float32Array, start: number): void {
  for (let k = 0; k < sum.length; k++) sum[k]! += weight * factors[start + k]!
}

/** matrix += weight · v vᵀ */
export function addOuterProduct(
  matrix: Float64Array,
  weight: number,
  factors: Float32Array,
  start: number,
  dimensions: number,
): void {
  for (let row = 0; row < dimensions; row++) {
    const scaled = weight * factors[start + row]!
    const begin = row * dimensions
    for (let column = 0; column <= row; column++) matrix[begin + column]! += scaled * factors[start + column]!
  }
}

/** Σ weight · v vᵀ over all vectors of `factors`; all weights are 1 where none are given. */
export function gramMatrix(factors: Float32Array, dimensions: number, weights?: Float64Array): Float64Array {
  const gram = new Float64Array(dimensions * dimensions)
  const count = factors.length / dimensions
  for (let i = 0; i < count; i++) addOuterProduct(gram, weights?.[i] ?? 1, factors, i * dimensions, dimensions)
  return gram
}

/** Replaces a positive definite matrix A by the lower triangular L of its Cholesky factorisation A = L Lᵀ. */
export function cholesky(matrix: Float64Array, dimensions: number): void {
  for (let row = 0; row < dimensions; row++) {
    const begin = row * dimensions
    for (let column = 0; column <= row; column++) {
      const other = column * dimensions
      let sum = matrix[begin + column]!
      for (let k = 0; k < column; k++) sum -= matrix[begin + k]! * matrix[other + k]!
      matrix[begin + column] = row === column ? Math.sqrt(sum) : sum / matrix[other + column]!
    }
  }
}

/** Replaces `b` by the solution x of L Lᵀ x = b. */
export function solveCholesky(lower: Float64Array, b: Float64Array): void {
  const dimensions = b.length
  for (let row = 0; row < dimensions; row++) {
    let sum = b[row]!
    for (let k = 0; k < row; k++) sum -= lower[row * dimensions + k]! * b[k]!
    b[row] = sum / lower[row * dimensions + row]!
  }
  for (let row = dimensions - 1; row >= 0; row--) {
    let sum = b[row]!
    for (let k = row + 1; k < dimensions; k++) sum -= lower[k * dimensions + row]! * b[k]!
    b[row] = sum / lower[row * dimensions + row]!
  }
}
