import assert from 'node:assert/strict'
import { test } from 'node:test'
import { trainingOf } from '../../../test/support/training-data.ts'
import { trainModel } from '../model/train-model.ts'
import { heldOutFigures } from './held-out.ts'

/** Two tastes: who has items of the first half, or of the second, has most of that half. */
const HALF = 6
function twoTastes(listeners: number): number[][] {
  return Array.from({ length: listeners }, (_, listener) => {
    const from = (listener % 2) * HALF
    const all = Array.from({ length: HALF }, (_, item) => from + item)
    return all.filter(item => (item + listener) % HALF !== 0)
  })
}
const modelOf = (rows: number[][]) => trainModel(trainingOf(rows, 2 * HALF), { mostPlayed: new Set(), dimensions: 4 })

test('a model that knows the tastes of listeners foretells first hearings better than popularity', () => {
  const before = twoTastes(60)
  const missing = before.map((_, listener) => [(listener % 2) * HALF + ((HALF - (listener % HALF)) % HALF)])
  const figures = heldOutFigures(modelOf(before), trainingOf(before, 2 * HALF), trainingOf(missing, 2 * HALF))!
  assert.equal(figures.listeners, 60)
  assert.equal(figures.model.ndcgAt10, 1)
  assert.equal(figures.model.recallAt20, 1)
  assert.ok(figures.popularity.ndcgAt10 < 0.9)
})

test('what a listener has heard before the cut is no first hearing, and nobody is tested without one', () => {
  const before = twoTastes(60)
  assert.equal(heldOutFigures(modelOf(before), trainingOf(before, 2 * HALF), trainingOf(before, 2 * HALF)), null)
  const after = before.map((row, listener) => (listener === 7 ? [...row, 0] : row))
  assert.equal(heldOutFigures(modelOf(before), trainingOf(before, 2 * HALF), trainingOf(after, 2 * HALF))!.listeners, 1)
})

test('items that the model does not know are not asked for', () => {
  const before = twoTastes(60)
  const after = {
    ...trainingOf(
      before.map(() => [0]),
      1,
    ),
    ids: ['new'],
  }
  assert.equal(heldOutFigures(modelOf(before), trainingOf(before, 2 * HALF), after), null)
})

test('of very many listeners, 2,000 are tested', () => {
  const before = twoTastes(2_500)
  const after = trainingOf(
    before.map((_, listener) => [HALF - (listener % 2) * HALF]),
    2 * HALF,
  )
  assert.equal(heldOutFigures(modelOf(before), trainingOf(before, 2 * HALF), after)!.listeners, 2_000)
})
