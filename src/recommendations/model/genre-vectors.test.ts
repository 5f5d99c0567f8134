import assert from 'node:assert/strict'
import { test } from 'node:test'
import { genreVectors } from './genre-vectors.ts'

test('a rare genre weighs more, a genre of all items nothing, and vectors have length 1', () => {
  const names = ['all', 'rare', 'some']
  const { items } = genreVectors({
    names,
    items: {
      starts: Int32Array.of(0, 3, 5, 6, 6),
      columns: Int32Array.of(0, 1, 2, 0, 2, 0),
      values: Float32Array.of(5, 5, 5, 5, 5, 5),
    },
  })
  assert.deepEqual([...items.starts], [0, 2, 3, 3, 3])
  assert.deepEqual([...items.columns], [1, 2, 2])
  const [rare, some, only] = items.values
  assert.ok(rare! > some!)
  assert.ok(Math.abs(Math.hypot(rare!, some!) - 1) < 1e-6)
  assert.ok(Math.abs(only! - 1) < 1e-6)
})
