import assert from 'node:assert/strict'
import { test } from 'node:test'
import { movementOf } from './movement.ts'

const row = (rank: number, previousRank: number | null, isRising = false) => ({
  id: 'a_1',
  key: 'a_1',
  type: 'track' as const,
  rank,
  count: 3,
  previousRank,
  previousCount: 2,
  enriched: true,
  ...(isRising && { growth: { count: 3, previousCount: 2, shrinkage: 10 } }),
})

test('a row moved by as many positions as lie between the two ranks', () => {
  assert.deepEqual(movementOf(row(2, 5)), { direction: 'up', by: 3 })
  assert.deepEqual(movementOf(row(5, 2)), { direction: 'down', by: 3 })
  assert.deepEqual(movementOf(row(4, 4)), { direction: 'same', by: 0 })
})

test('a row that was not there in the period before is new, in every mode', () => {
  assert.deepEqual(movementOf(row(1, null)), { direction: 'new', by: 0 })
  assert.deepEqual(movementOf(row(1, null, true)), { direction: 'new', by: 0 })
})

test('a position by growth is not compared with an earlier position by count', () => {
  assert.equal(movementOf(row(1, 7, true)), null)
})
