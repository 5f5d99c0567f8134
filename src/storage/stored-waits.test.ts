import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, HOUR_MS } from '../units.ts'
import { StoredWaits } from './stored-waits.ts'

const NOW = Date.parse('2026-11-24T10:00:00Z')

function setUp() {
  const time = { now: NOW, monotonic: 0 }
  const waits = new StoredWaits(
    () => time.now,
    () => time.monotonic,
  )
  return { time, waits }
}

test('a wait ends at its instant when the clock is right', () => {
  const { time, waits } = setUp()
  const left = () => waits.left('a', NOW + HOUR_MS, HOUR_MS)
  assert.equal(left(), HOUR_MS)
  time.now += 1000
  time.monotonic += 1000
  assert.equal(left(), HOUR_MS - 1000)
  time.monotonic += HOUR_MS
  assert.equal(left(), 0)
  assert.equal(waits.left('b', NOW - 1, HOUR_MS), 0)
})

test('a clock that is set a day forward and back does not change a wait that has begun', () => {
  const { time, waits } = setUp()
  const left = () => waits.left('a', NOW + HOUR_MS, HOUR_MS)
  left()
  for (const jump of [DAY_MS, -2 * DAY_MS, DAY_MS]) {
    time.now += jump
    time.monotonic += 1000
    assert.equal(left() > HOUR_MS - 4000, true)
  }
  time.monotonic = HOUR_MS
  assert.equal(left(), 0)
})

test('an instant stored by a clock that was a day ahead is waited for once, for the longest time', () => {
  const { time, waits } = setUp()
  const left = () => waits.left('a', NOW + DAY_MS, 60_000)
  assert.equal(left(), 60_000)
  time.monotonic = 60_000
  assert.deepEqual([left(), left()], [0, 0])
  assert.equal(waits.left('a', NOW + DAY_MS + 1, 60_000), 60_000)
})
