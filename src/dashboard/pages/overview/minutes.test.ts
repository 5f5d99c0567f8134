import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveMessage } from '../../../http/live.ts'
import { lastMinutes, nextArrivals } from './minutes.ts'

const minute = (time: string, plays: number) => ({
  start: `2026-11-26T${time}:00.000Z`,
  end: '',
  events: plays,
  plays,
  listeners: plays,
})
const message = (time: string, plays: number): LiveMessage => ({
  at: `2026-11-26T${time}.500Z`,
  since: null,
  events: plays,
  plays,
  listeners: 0,
  tracks: [],
  definitions: '',
})
const HISTORY = [minute('09:57', 9), minute('09:58', 4), minute('09:59', 5), minute('10:00', 1)]

test('the last minutes are those of the history, the present one last', () => {
  assert.deepEqual(lastMinutes(HISTORY, [], 3), [4, 5, 1])
})

test('plays that arrived since the history count in their minute, also in one that the history does not have yet', () => {
  const arrivals = [message('10:00:30', 2), message('10:01:02', 3), message('10:01:03', 1)]
  assert.deepEqual(lastMinutes(HISTORY, arrivals, 3), [5, 3, 4])
})

test('a minute of which nothing is known has no plays', () => {
  assert.deepEqual(lastMinutes([minute('10:00', 1)], [message('10:02:00', 0)], 4), [0, 1, 0, 0])
})

test('a message is counted once, and a new history has those before it', () => {
  const [first, second] = [message('10:00:01', 1), message('10:00:02', 2)]
  const begun = nextArrivals({ message: undefined, answeredAt: 1, since: [] }, first, 1)
  assert.deepEqual(nextArrivals(begun, first, 1).since, [first])
  const two = nextArrivals(begun, second, 1)
  assert.deepEqual(two.since, [first, second])
  assert.deepEqual(nextArrivals(two, second, 2).since, [])
  assert.deepEqual(nextArrivals(two, message('10:00:03', 3), 2).since.length, 1)
})
