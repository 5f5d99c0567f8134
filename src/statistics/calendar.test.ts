import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ServiceError } from '../errors.ts'
import { comparedRange, formatInstant, formatPeriod, parseRange, parseTimeZone } from './calendar.ts'

const at = (iso: string): number => Temporal.Instant.from(iso).epochMilliseconds
const code = (expected: string, path: string) => (error: unknown) =>
  error instanceof ServiceError && error.status === 400 && error.code === expected && error.faults[0]?.path === path

/** The range of dates as instants in UTC. */
function range(startDate: string | undefined, endDate: string | undefined, tz: string): [string, string] {
  const { from, to } = parseRange({ startDate, endDate }, tz)
  return [from, to].map(instant => (Number.isFinite(instant) ? formatInstant(instant, 'UTC') : '..')) as [
    string,
    string,
  ]
}

function previous(startDate: string, endDate: string | undefined, tz: string, now = at('2026-11-24T10:00Z')) {
  const before = comparedRange(parseRange({ startDate, endDate }, tz), 'previous', tz, now)
  return before && [formatInstant(before.from, 'UTC'), formatInstant(before.to, 'UTC')]
}

test('a date is the whole day in the zone', () => {
  assert.deepEqual(range('2026-01-01', '2026-01-01', 'UTC'), ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'])
  assert.deepEqual(range('2026-01-01', '2026-01-01', 'Asia/Kathmandu'), [
    '2025-12-31T18:15:00.000Z',
    '2026-01-01T18:15:00.000Z',
  ])
})

test('a day may have 23, 25, 23.5 or 24.5 hours', () => {
  assert.deepEqual(range('2026-03-29', '2026-03-29', 'Europe/Madrid'), [
    '2026-03-28T23:00:00.000Z',
    '2026-03-29T22:00:00.000Z',
  ])
  assert.deepEqual(range('2026-10-25', '2026-10-25', 'Europe/Madrid'), [
    '2026-10-24T22:00:00.000Z',
    '2026-10-25T23:00:00.000Z',
  ])
  const lordHowe = (day: string) => range(day, day, 'Australia/Lord_Howe')
  assert.deepEqual(lordHowe('2026-04-05'), ['2026-04-04T13:00:00.000Z', '2026-04-05T13:30:00.000Z'])
  assert.deepEqual(lordHowe('2026-10-04'), ['2026-10-03T13:30:00.000Z', '2026-10-04T13:00:00.000Z'])
})

test('a day without midnight begins at its first instant, and a day that a zone skipped is empty', () => {
  assert.deepEqual(range('2018-11-04', '2018-11-04', 'America/Sao_Paulo'), [
    '2018-11-04T03:00:00.000Z',
    '2018-11-05T02:00:00.000Z',
  ])
  assert.deepEqual(range('2011-12-30', '2011-12-30', 'Pacific/Apia'), [
    '2011-12-30T10:00:00.000Z',
    '2011-12-30T10:00:00.000Z',
  ])
  assert.deepEqual(range('2011-12-29', '2011-12-31', 'Pacific/Apia'), [
    '2011-12-29T10:00:00.000Z',
    '2011-12-31T10:00:00.000Z',
  ])
})

test('an offset may be no whole number of minutes', () => {
  assert.deepEqual(range('1971-06-01', '1971-06-01', 'Africa/Monrovia'), [
    '1971-06-01T00:44:30.000Z',
    '1971-06-02T00:44:30.000Z',
  ])
})

test('a date-time is exact to the millisecond, and as an end it is included', () => {
  assert.deepEqual(range('2026-01-01T10:00:00.500Z', '2026-01-01T12:00:00.000+01:00', 'UTC'), [
    '2026-01-01T10:00:00.500Z',
    '2026-01-01T11:00:00.001Z',
  ])
  const instant = '2026-01-01T10:00:00.000Z'
  assert.deepEqual(range(instant, instant, 'UTC'), [instant, '2026-01-01T10:00:00.001Z'])
})

test('a date-time without an offset is local time, compatibly where that is doubled or missing', () => {
  const first = (local: string) => range(local, undefined, 'Europe/Madrid')[0]
  assert.equal(first('2026-06-01T10:00'), '2026-06-01T08:00:00.000Z')
  assert.equal(first('2026-06-01 10:00:00.25'), '2026-06-01T08:00:00.250Z')
  assert.equal(first('2026-10-25T02:30'), '2026-10-25T00:30:00.000Z')
  assert.equal(first('2026-03-29T02:30'), '2026-03-29T01:30:00.000Z')
})

test('an end that is absent or empty is open', () => {
  assert.deepEqual(range(undefined, '2026-01-01', 'UTC'), ['..', '2026-01-02T00:00:00.000Z'])
  assert.deepEqual(range('2026-01-01', '', 'UTC'), ['2026-01-01T00:00:00.000Z', '..'])
})

test('a text that is no date is refused', () => {
  const wrong = [
    '2026-02-30',
    '2026-13-01',
    'yesterday',
    '2026',
    '2026-01',
    '1735689600000',
    '2026-01-01T25:00',
    '2026-1-1',
  ]
  const odd = [
    '2026-01-01[u-ca=hebrew]',
    '2026-01-01T10:00[Europe/Madrid]',
    '+275760-09-13',
    '2026-01-01T10:00:00 02:00',
    ' ',
  ]
  for (const text of [...wrong, ...odd]) {
    assert.throws(() => range(text, undefined, 'UTC'), code('date_invalid', 'startDate'), text)
    assert.throws(() => range('2026-01-01', text, 'UTC'), code('date_invalid', 'endDate'), text)
  }
})

test('two wrong dates are both named', () => {
  const isBoth = (error: unknown) => error instanceof ServiceError && error.faults.length === 2
  assert.throws(() => range('x', 'y', 'UTC'), isBoth)
})

test('a start after the end is refused', () => {
  const reversed = code('range_reversed', 'startDate')
  assert.throws(() => range('2026-01-02', '2026-01-01', 'UTC'), reversed)
  assert.throws(() => range('2026-01-01T10:00:00.001Z', '2026-01-01T10:00:00.000Z', 'UTC'), reversed)
  assert.throws(() => range('2026-01-01', '2025-12-31T23:59:59.999', 'Europe/Madrid'), reversed)
  assert.throws(() => range('2011-12-31', '2011-12-30', 'Pacific/Apia'), reversed)
})

test('a time zone is one of IANA, and anything else is refused', () => {
  assert.equal(parseTimeZone(undefined), 'UTC')
  assert.equal(parseTimeZone('europe/madrid'), 'Europe/Madrid')
  for (const tz of ['Foo/Bar', '+05:30', 'Z', '2020-01-01T00:00[Europe/Madrid]', 'Europe/Madrid\0', '../etc']) {
    assert.throws(() => parseTimeZone(tz), code('time_zone_unknown', 'tz'), tz)
  }
})

test('the range before has as many days for dates, whatever their length', () => {
  assert.deepEqual(previous('2026-03-29', '2026-03-29', 'Europe/Madrid'), [
    '2026-03-27T23:00:00.000Z',
    '2026-03-28T23:00:00.000Z',
  ])
  assert.deepEqual(previous('2026-03-30', '2026-03-30', 'Europe/Madrid'), [
    '2026-03-28T23:00:00.000Z',
    '2026-03-29T22:00:00.000Z',
  ])
  assert.deepEqual(previous('2026-03-01', '2026-03-31', 'UTC'), [
    '2026-01-29T00:00:00.000Z',
    '2026-03-01T00:00:00.000Z',
  ])
})

test('the range before is as long for date-times', () => {
  assert.deepEqual(previous('2026-01-01T10:00:00.000Z', '2026-01-01T10:59:59.999Z', 'UTC'), [
    '2026-01-01T09:00:00.000Z',
    '2026-01-01T10:00:00.000Z',
  ])
  assert.deepEqual(previous('2026-01-02', '2026-01-02T11:59:59.999', 'UTC'), [
    '2026-01-01T12:00:00.000Z',
    '2026-01-02T00:00:00.000Z',
  ])
})

test('the range before takes an open end as now', () => {
  assert.deepEqual(previous('2026-11-24', undefined, 'UTC'), ['2026-11-23T00:00:00.000Z', '2026-11-23T10:00:00.001Z'])
  assert.deepEqual(previous('2026-11-24T09:00:00.001Z', undefined, 'UTC'), [
    '2026-11-24T08:00:00.001Z',
    '2026-11-24T09:00:00.001Z',
  ])
  assert.equal(previous('2026-11-25', undefined, 'UTC'), null)
  assert.equal(previous('2026-11-25T00:00', undefined, 'UTC'), null)
})

test('the range before a range that is not over ends where as much of it has passed', () => {
  const now = at('2026-11-10T12:00Z')
  assert.deepEqual(previous('2026-11-01', '2026-11-30', 'UTC', now), [
    '2026-10-02T00:00:00.000Z',
    '2026-10-11T12:00:00.001Z',
  ])
  assert.deepEqual(previous('2026-11-01', undefined, 'UTC', now), [
    '2026-10-22T00:00:00.000Z',
    '2026-10-31T12:00:00.001Z',
  ])
  assert.deepEqual(previous('2026-11-10T10:00:00.000Z', '2026-11-10T13:59:59.999Z', 'UTC', now), [
    '2026-11-10T06:00:00.000Z',
    '2026-11-10T08:00:00.001Z',
  ])
  assert.deepEqual(previous('2026-11-09', '2026-11-09', 'UTC', now), [
    '2026-11-08T00:00:00.000Z',
    '2026-11-09T00:00:00.000Z',
  ])
  assert.equal(previous('2026-11-11', '2026-11-12', 'UTC', now), null)
})

test('the range before ends at the same time of the clock where a day in between was longer', () => {
  assert.deepEqual(previous('2026-10-25', '2026-10-25', 'Europe/Madrid', at('2026-10-25T11:00Z')), [
    '2026-10-23T22:00:00.000Z',
    '2026-10-24T10:00:00.001Z',
  ])
})

test('the range before stays inside itself where clocks were changed over midnight', () => {
  // In St John's it was 1990-10-28T00:00 twice, with an hour of the 27th again in between.
  const zone = 'America/St_Johns'
  for (const time of ['02:30:30', '02:45:00', '03:15:00', '03:30:00', '03:31:00', '04:00:00']) {
    const now = at(`1990-10-28T${time}Z`)
    const range = parseRange({ startDate: '1990-10-28', endDate: '1990-10-28' }, zone)
    const before = comparedRange(range, 'previous', zone, now)
    assert.ok(before === null || (before.from <= before.to && before.to <= range.from), time)
  }
})

test('there is no range before one without a start', () => {
  assert.equal(comparedRange(parseRange({ endDate: '2026-01-01' }, 'UTC'), 'previous', 'UTC', 0), null)
})

test('an instant is written with the offset of the zone', () => {
  assert.equal(formatInstant(at('2026-06-01T00:00Z'), 'UTC'), '2026-06-01T00:00:00.000Z')
  assert.equal(formatInstant(at('2026-06-01T00:00Z'), 'Asia/Kathmandu'), '2026-06-01T05:45:00.000+05:45')
})

test('an offset is never rounded when an instant is written', () => {
  assert.equal(formatInstant(at('1971-06-01T00:44:30.000Z'), 'Africa/Monrovia'), '1971-06-01T00:44:30.000Z')
})

test('a period is written with .. for open ends', () => {
  assert.equal(formatPeriod(parseRange({}, 'UTC'), 'UTC'), null)
  const day = parseRange({ startDate: '2026-03-29', endDate: '2026-03-29' }, 'Europe/Madrid')
  assert.equal(formatPeriod(day, 'Europe/Madrid'), '2026-03-29T00:00:00.000+01:00/2026-03-30T00:00:00.000+02:00')
  assert.equal(formatPeriod({ ...day, to: Number.POSITIVE_INFINITY }, 'UTC'), '2026-03-28T23:00:00.000Z/..')
})
