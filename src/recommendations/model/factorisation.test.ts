import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { trainingOf } from '../../../test/support/training-data.ts'
import { improveRows } from './conjugate-gradients.ts'
import { FoldIn } from './fold-in.ts'
import { cholesky, gramMatrix, solveCholesky } from './linear-algebra.ts'
import { trainModel } from './train-model.ts'

const D = 4
const number = fc.integer({ min: -20, max: 20 }).map(n => n / 10)
const vector = fc.array(number, { minLength: D, maxLength: D })

/** Gauss-Jordan elimination on plain arrays. */
function naiveSolve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!])
  rows.forEach((pivot, k) => {
    const first = pivot[k]!
    pivot.forEach((value, at) => {
      pivot[at] = value / first
    })
    rows.forEach((row, i) => {
      const times = row[k]!
      if (i === k) return
      row.forEach((value, at) => {
        row[at] = value - times * pivot[at]!
      })
    })
  })
  return rows.map(row => row[D]!)
}

/** ridge · identity + Σ v vᵀ */
const naiveMatrix = (vectors: number[][], ridge: number): number[][] =>
  Array.from({ length: D }, (_, a) =>
    Array.from({ length: D }, (_, b) => vectors.reduce((sum, v) => sum + v[a]! * v[b]!, a === b ? ridge : 0)),
  )

test('Cholesky solves what elimination solves', () => {
  fc.assert(
    fc.property(fc.array(vector, { minLength: 1, maxLength: 9 }), vector, (vectors, right) => {
      const gram = gramMatrix(Float32Array.from(vectors.flat()), D)
      for (let k = 0; k < D; k++) gram[k * D + k]! += 1
      cholesky(gram, D)
      const solved = Float64Array.from(right)
      solveCholesky(gram, solved)
      const naive = naiveSolve(naiveMatrix(vectors, 1), right)
      naive.forEach((value, k) => {
        assert.ok(Math.abs(value - solved[k]!) < 1e-4)
      })
    }),
  )
})

test('repeated steps of conjugate gradients come to the exact solution', () => {
  fc.assert(
    fc.property(fc.array(vector, { minLength: 1, maxLength: 9 }), vectors => {
      const factors = Float32Array.from(vectors.flat())
      const columns = Int32Array.from(vectors.keys())
      const ones = {
        starts: Int32Array.of(0, columns.length),
        columns,
        values: new Float32Array(columns.length).fill(1),
      }
      const improved = new Float32Array(D)
      const base = { matrix: gramMatrix(factors, D), scale: 0.1, ridge: 1 }
      for (let repeat = 0; repeat < 60; repeat++) improveRows(improved, ones, factors, D, () => base)
      const naive = naiveSolve(
        naiveMatrix(
          vectors.map(v => v.map(x => x * Math.sqrt(1.1))),
          1,
        ),
        Array.from({ length: D }, (_, k) => vectors.reduce((sum, v) => sum + v[k]!, 0)),
      )
      naive.forEach((value, k) => {
        assert.ok(Math.abs(value - improved[k]!) < 1e-2 * (1 + Math.abs(value)))
      })
    }),
  )
})

/** Two groups of listeners, who have items 0 to 7 or 8 to 15, each without one of them. */
const twoGroups = Array.from({ length: 60 }, (_, listener) => {
  const group = Array.from({ length: 8 }, (_, i) => (listener % 2) * 8 + i)
  return group.filter((_, i) => i !== listener % 7)
})

test('the same data give the same bits', () => {
  const data = trainingOf(twoGroups, 16)
  const once = trainModel(data, { mostPlayed: new Set(), dimensions: 8 })
  assert.deepEqual(trainModel(data, { mostPlayed: new Set(), dimensions: 8 }), once)
})

test('a folded-in listener is near what listeners alike have, and far from the rest', () => {
  const model = trainModel(trainingOf(twoGroups, 16), { mostPlayed: new Set(), dimensions: 8 })
  const scores = new FoldIn(model, { items: Int32Array.of(0, 1, 2), weights: Float32Array.of(1, 1, 1) }).scores()
  const own = scores.subarray(0, 8)
  const others = scores.subarray(8)
  assert.ok(Math.min(...own) > 2 * Math.max(...others.map(Math.abs)))
})
