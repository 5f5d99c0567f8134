/**
 * Dense algebra on typed arrays. Vectors of `d` numbers lie one after the other in `factors`, each from its `start`; d is a
 * multiple of 4, for the loops that take most of the time take four numbers a step: one sum after the other would wait for itself.
 * A matrix is a Float64Array of d² numbers, row after row.
 */

export function dot(factors: Float32Array, start: number, vector: Float64Array): number {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let k = 0; k < vector.length; k += 4) {
    a += factors[start + k]! * vector[k]!
    b += factors[start + k + 1]! * vector[k + 1]!
    c += factors[start + k + 2]! * vector[k + 2]!
    d += factors[start + k + 3]! * vector[k + 3]!
  }
  return a + b + (c + d)
}

/** The products of four vectors that follow one another, written to `products` from `at`: each number of `vector` is read once for four. */
export function dotOfFour(
  products: Float64Array,
  at: number,
  factors: Float32Array,
  start: number,
  vector: Float64Array,
): void {
  const d = vector.length
  const s1 = start + d
  const s2 = s1 + d
  const s3 = s2 + d
  let p0 = 0
  let p1 = 0
  let p2 = 0
  let p3 = 0
  for (let k = 0; k < d; k++) {
    const value = vector[k]!
    p0 += factors[start + k]! * value
    p1 += factors[s1 + k]! * value
    p2 += factors[s2 + k]! * value
    p3 += factors[s3 + k]! * value
  }
  products[at] = p0
  products[at + 1] = p1
  products[at + 2] = p2
  products[at + 3] = p3
}

/** sum += weight · v */
export function addVector(sum: Float64Array, weight: number, factors: Float32Array, start: number): void {
  for (let k = 0; k < sum.length; k++) sum[k]! += weight * factors[start + k]!
}

/** matrix += weight · v vᵀ, in the lower triangle (columns up to the row's own) alone. */
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
  for (let row = 0; row < dimensions; row++) {
    for (let column = 0; column < row; column++) gram[column * dimensions + row] = gram[row * dimensions + column]!
  }
  return gram
}

/** product = scale · matrix · vector + ridge · vector, for a symmetric matrix. */
export function multiply(
  product: Float64Array,
  { matrix, scale, ridge }: { matrix: Float64Array; scale: number; ridge: number },
  vector: Float64Array,
): void {
  const d = vector.length
  for (let k = 0; k < d; k++) product[k] = ridge * vector[k]!
  for (let row = 0; row < d; row += 4) {
    const v0 = scale * vector[row]!
    const v1 = scale * vector[row + 1]!
    const v2 = scale * vector[row + 2]!
    const v3 = scale * vector[row + 3]!
    const r0 = row * d
    const r1 = r0 + d
    const r2 = r1 + d
    const r3 = r2 + d
    for (let k = 0; k < d; k++) {
      product[k]! += v0 * matrix[r0 + k]! + v1 * matrix[r1 + k]! + v2 * matrix[r2 + k]! + v3 * matrix[r3 + k]!
    }
  }
}

/** Replaces the lower triangle of a positive definite matrix A by that of L of its Cholesky factorisation A = L Lᵀ. */
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
