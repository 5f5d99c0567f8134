import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TrainingSchedule } from './schedule.ts'

const SECOND = 1_000
const MINUTE = 60_000
const HOUR = 3_600_000

test('the first training is due when a thousand events have come and then none for five seconds', () => {
  const schedule = new TrainingSchedule(24)
  assert.equal(schedule.dueIn(0, 999, null), Number.POSITIVE_INFINITY)
  assert.equal(schedule.dueIn(SECOND, 1_000, null), 5 * SECOND)
  assert.equal(schedule.dueIn(4 * SECOND, 1_001, null), 5 * SECOND)
  assert.equal(schedule.dueIn(9 * SECOND, 1_001, null), 0)
})

test('another training is due when a tenth of the events is new', () => {
  const trained = { seq: 10_000, at: 0 }
  const schedule = new TrainingSchedule(24)
  assert.equal(schedule.dueIn(MINUTE, 10_999, trained), 24 * HOUR - MINUTE)
  assert.equal(schedule.dueIn(2 * MINUTE, 11_000, trained), 5 * SECOND)
})

test('a training begins five minutes after it is due, even while events come', () => {
  const schedule = new TrainingSchedule(24)
  for (let seconds = 0; seconds < 300; seconds++) {
    const expected = Math.min(5, 300 - seconds) * SECOND
    assert.equal(schedule.dueIn(seconds * SECOND, 1_000 + seconds, null), expected)
  }
  assert.equal(schedule.dueIn(300 * SECOND, 1_300, null), 0)
})

test('a training is due once the interval is over and any event is new', () => {
  const trained = { seq: 10_000, at: 0 }
  const schedule = new TrainingSchedule(2)
  assert.equal(schedule.dueIn(5 * HOUR, 10_000, trained), Number.POSITIVE_INFINITY)
  assert.equal(schedule.dueIn(5 * HOUR, 10_001, trained), 0)
})

test('a training that failed is tried again after ten minutes', () => {
  const schedule = new TrainingSchedule(24)
  schedule.dueIn(0, 5_000, null)
  schedule.noteFailure(MINUTE)
  assert.equal(schedule.dueIn(2 * MINUTE, 5_000, null), 9 * MINUTE)
  assert.equal(schedule.dueIn(11 * MINUTE, 5_000, null), 0)
})

test('models of a longer log than there is count as none', () => {
  const schedule = new TrainingSchedule(24)
  assert.equal(schedule.dueIn(0, 2_000, { seq: 10_000, at: 0 }), 5 * SECOND)
})
