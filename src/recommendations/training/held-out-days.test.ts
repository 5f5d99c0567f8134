import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS } from '../../units.ts'
import { heldOutFrom } from './held-out-days.ts'

test('the last seven days are held out, a fifth of less than 35 days, and nothing of less than two', () => {
  assert.equal(heldOutFrom(0, 100 * DAY_MS), 93 * DAY_MS)
  assert.equal(heldOutFrom(0, 35 * DAY_MS), 28 * DAY_MS)
  assert.equal(heldOutFrom(0, 10 * DAY_MS), 8 * DAY_MS)
  assert.equal(heldOutFrom(0, 2 * DAY_MS - 1), null)
})
