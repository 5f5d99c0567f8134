import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathOf } from './sparkline-path.ts'

test('the lowest line is 0, so that a small change does not look like a great one', () => {
  assert.deepEqual(pathOf([50, 100], false), { over: 'M3 16L97 3', open: undefined, last: '97 3' })
})

test('the way to a value that is not over is a line of its own', () => {
  assert.deepEqual(pathOf([100, 100, 50], true), { over: 'M3 3L50 3', open: 'M50 3L97 16', last: '97 16' })
})

test('a value that is missing breaks the line', () => {
  assert.equal(pathOf([100, null, 100], false).over, 'M3 3M97 3')
})

test('zeros are a flat line at the bottom, and nothing is no line', () => {
  assert.equal(pathOf([0, 0], false).over, 'M3 29L97 29')
  assert.deepEqual(pathOf([], false), { over: '', open: undefined, last: undefined })
})
