import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OwnItem } from '../../../../http/recommendations.ts'
import { sharesOf } from './shares.ts'

const item = (id: string, share: number): OwnItem => ({ type: 'artist', id, share })
const near = (found: number, expected: number) => assert.ok(Math.abs(found - expected) < 1e-12, `${found} ${expected}`)

test('the five strongest stand alone, the strongest first, and the others are taken together', () => {
  const because = [1, 7, 3, 6, 2, 5, 4].map(number => item(`${number}`, number / 100))
  const { strongest, others, against, sum } = sharesOf(because)
  assert.deepEqual(
    strongest.map(({ id }) => id),
    ['7', '6', '5', '4', '3'],
  )
  assert.equal(others.count, 2)
  near(others.share, 0.03)
  assert.deepEqual(against, { count: 0, share: 0 })
  near(sum, 0.28)
})

test('what lowers the score is never among the strongest nor the others', () => {
  const { strongest, others, against, sum } = sharesOf([item('a', 0.3), item('b', -0.05), item('c', 0.1), item('d', 0)])
  assert.deepEqual(
    strongest.map(({ id }) => id),
    ['a', 'c', 'd'],
  )
  assert.equal(others.count, 0)
  assert.equal(against.count, 1)
  near(against.share, -0.05)
  near(sum, 0.35)
})

test('of equal shares the order of the answer is kept, and no items are no shares', () => {
  assert.deepEqual(
    sharesOf([item('b', 0.1), item('a', 0.1)]).strongest.map(({ id }) => id),
    ['b', 'a'],
  )
  assert.deepEqual(sharesOf([]).strongest, [])
})
