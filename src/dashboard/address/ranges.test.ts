import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addDays, daysOf, intervalsOf, isDay, today } from './ranges.ts'

test('a range of days ends today and has as many days as its name says', () => {
  assert.deepEqual(daysOf('7d', '2026-11-26'), { startDate: '2026-11-20', endDate: '2026-11-26' })
  assert.deepEqual(daysOf('28d', '2026-03-01'), { startDate: '2026-02-02', endDate: '2026-03-01' })
  assert.deepEqual(daysOf('90d', '2026-01-15'), { startDate: '2025-10-18', endDate: '2026-01-15' })
  assert.deepEqual(daysOf('today', '2026-11-26'), { startDate: '2026-11-26', endDate: '2026-11-26' })
})

test('twelve months begin the day after the same day a year before, of a leap day too', () => {
  assert.deepEqual(daysOf('12m', '2026-11-26'), { startDate: '2025-11-27', endDate: '2026-11-26' })
  assert.deepEqual(daysOf('12m', '2028-02-29'), { startDate: '2027-03-01', endDate: '2028-02-29' })
  assert.deepEqual(daysOf('12m', '2029-02-28'), { startDate: '2028-02-29', endDate: '2029-02-28' })
})

test('the year begins on January 1st, and all time has no days', () => {
  assert.deepEqual(daysOf('year', '2026-01-01'), { startDate: '2026-01-01', endDate: '2026-01-01' })
  assert.deepEqual(daysOf('all', '2026-11-26'), {})
})

test('the present day is that of the time zone', () => {
  const instant = Date.parse('2026-11-26T23:30:00Z')
  assert.equal(today('UTC', instant), '2026-11-26')
  assert.equal(today('Europe/Madrid', instant), '2026-11-27')
  assert.equal(today('Pacific/Kiritimati', instant), '2026-11-27')
  assert.equal(today('America/Bogota', Date.parse('2026-01-01T04:59:59Z')), '2025-12-31')
})

test('days are counted by the calendar, whatever clocks are changed', () => {
  assert.equal(addDays('2026-10-24', 2), '2026-10-26')
  assert.equal(addDays('2026-03-30', -2), '2026-03-28')
  assert.equal(addDays('2025-12-31', 1), '2026-01-01')
})

test('only days of the calendar are days', () => {
  for (const day of ['2026-02-28', '2028-02-29', '0001-01-01', '9999-12-31']) assert.ok(isDay(day), day)
  for (const text of [null, '', '2026-02-29', '2026-13-01', '2026-1-1', '26-01-01', '2026-01-01T00:00', 'today']) {
    assert.ok(!isDay(text), String(text))
  }
})

test('a range offers intervals of which a graph can show all points', () => {
  const intervals = (startDate: string, endDate: string) => intervalsOf({ startDate, endDate })
  assert.deepEqual(intervals('2026-11-26', '2026-11-26'), ['hour'])
  assert.deepEqual(intervals('2026-11-20', '2026-11-26'), ['day', 'hour'])
  assert.equal(intervals('2026-10-30', '2026-11-26')[0], 'day')
  assert.deepEqual(intervals('2025-11-27', '2026-11-26'), ['week', 'day', 'month'])
  assert.ok(!intervals('2016-11-27', '2026-11-26').includes('day'))
  assert.equal(intervalsOf({})[0], 'month')
})
