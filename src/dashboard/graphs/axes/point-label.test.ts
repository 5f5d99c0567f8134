import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pointLabel } from './point-label.ts'

const part = (at: string | number, tz: string, fields: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en', { ...fields, timeZone: tz }).format(new Date(at)).replaceAll('\u202f', ' ')
const formats = {
  dateParts: part,
  date: (at: string | number, tz: string) => part(at, tz, { dateStyle: 'medium' }),
  dateTime: (at: string | number, tz: string) => part(at, tz, { dateStyle: 'medium', timeStyle: 'short' }),
}
const label = (start: string, end: string, interval: Parameters<typeof pointLabel>[1], tz = 'UTC') =>
  pointLabel({ start, end }, interval, tz, formats)

test('a day is called by the date that it has in the zone', () => {
  const day = ['2026-11-25T23:00:00Z', '2026-11-26T23:00:00Z'] as const
  assert.equal(label(...day, 'day', 'Europe/Madrid'), 'Thu, Nov 26, 2026')
})

test('an hour says where it begins and ends', () => {
  assert.equal(label('2026-11-26T14:00:00Z', '2026-11-26T15:00:00Z', 'hour'), 'Thu, Nov 26, 2026, 2:00 PM – 3:00 PM')
})

test('a week is called by its first and its last day, the end excluded', () => {
  assert.equal(label('2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z', 'week'), 'Nov 23, 2026 – Nov 29, 2026')
})

test('a whole month or year has its name, one that the range has cut its days', () => {
  assert.equal(label('2026-10-01T00:00:00Z', '2026-11-01T00:00:00Z', 'month'), 'October 2026')
  assert.equal(label('2026-10-05T00:00:00Z', '2026-11-01T00:00:00Z', 'month'), 'Oct 5, 2026 – Oct 31, 2026')
  assert.equal(label('2026-10-31T00:00:00Z', '2026-11-01T00:00:00Z', 'month'), 'Oct 31, 2026')
  assert.equal(label('2025-12-31T23:00:00Z', '2026-12-31T23:00:00Z', 'year', 'Europe/Madrid'), '2026')
})
