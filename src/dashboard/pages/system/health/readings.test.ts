import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Readings, rateOf, withReading } from './readings.ts'

const text = (accepted: number) => `events_total{status="accepted"} ${accepted}\nevents_total{status="rejected"} 1\n`
const read = (...readings: [accepted: number, at: number][]) =>
  readings.reduce<Readings | undefined>((last, [accepted, at]) => withReading(last, text(accepted), at), undefined)!

test('a rate is what a counter rises by, through the seconds between two readings', () => {
  assert.equal(rateOf(read([100, 5_000], [150, 10_000]), 'events_total', { status: 'accepted' }), 10)
  assert.equal(rateOf(read([100, 5_000], [100, 10_000]), 'events_total'), 0)
  assert.equal(rateOf(read([100, 5_000], [101, 10_000], [111, 15_000]), 'events_total'), 2)
})

test('there is no rate before the second reading, nor after a restart', () => {
  assert.equal(rateOf(read([100, 5_000]), 'events_total'), null)
  assert.equal(rateOf(read([100, 5_000], [3, 10_000]), 'events_total'), null)
})

test('a reading right after another one keeps the one before as what it is compared with', () => {
  assert.equal(rateOf(read([100, 5_000], [150, 10_000], [160, 10_100]), 'events_total'), 60 / 5.1)
})

test('a reading from before the tab was hidden for long is not compared with', () => {
  assert.equal(rateOf(read([100, 5_000], [900, 65_001]), 'events_total'), null)
  assert.equal(rateOf(read([100, 5_000], [160, 65_000]), 'events_total'), 1)
})

test('a counter that is not there yet counts as 0', () => {
  const readings = withReading(withReading(undefined, '', 0), text(10), 2_000)
  assert.equal(rateOf(readings, 'events_total', { status: 'accepted' }), 5)
})
