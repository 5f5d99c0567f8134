/** What lists of most played tracks and albums are ordered by. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MostPlayedRow } from '../../http/most-played.ts'
import { SORTS, weightOf } from './sorts.ts'

const ROW = { plays: 9, uniqueListeners: 4, likes: 2, score: -1.5 } as MostPlayedRow

test('each order has the figure of its name, and growth has the score', () => {
  assert.deepEqual(
    SORTS.map(sort => weightOf(ROW, sort)),
    [9, 4, 2, -1.5],
  )
})

test('a row without a score, which was not asked for, has no growth', () => {
  const { score: _, ...row } = ROW
  assert.equal(weightOf(row, 'growth'), 0)
})
