import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ServiceError } from '../errors.ts'
import { HOUR_MS } from '../units.ts'
import { formatInstant, parseRange } from './calendar.ts'
import { lastPoints, parseSeriesUnit, pointAround, type SeriesUnit, seriesPoints } from './series.ts'

const at = (iso: string): number => Temporal.Instant.from(iso).epochMilliseconds

function points(startDate: string, endDate: string, unit: SeriesUnit, tz: string) {
  return seriesPoints(parseRange({ startDate, endDate }, tz), unit, tz)
}

/** The local starts of the points, and the end of the last one. */
function local(startDate: string, endDate: string, unit: SeriesUnit, tz: string): string[] {
  const found = points(startDate, endDate, unit, tz)
  return [...found.map(({ from }) => from), found.at(-1)!.to].map(instant => formatInstant(instant, tz).slice(0, 16))
}

const hours = (startDate: string, endDate: string, unit: SeriesUnit, tz: string) =>
  points(startDate, endDate, unit, tz).map(({ from, to }) => (to - from) / HOUR_MS)

test('a series has days of 23 and 25 hours', () => {
  assert.deepEqual(hours('2026-03-28', '2026-03-30', 'day', 'Europe/Madrid'), [24, 23, 24])
  assert.deepEqual(hours('2026-10-24', '2026-10-26', 'day', 'Europe/Madrid'), [24, 25, 24])
  assert.deepEqual(hours('2026-04-04', '2026-04-06', 'day', 'Australia/Lord_Howe'), [24, 24.5, 24])
  assert.deepEqual(hours('2018-11-03', '2018-11-05', 'day', 'America/Sao_Paulo'), [24, 23, 24])
  assert.deepEqual(hours('2019-02-15', '2019-02-17', 'day', 'America/Sao_Paulo'), [24, 25, 24])
})

test('a series leaves out a day that the zone skipped', () => {
  assert.deepEqual(local('2011-12-29', '2012-01-01', 'day', 'Pacific/Apia'), [
    '2011-12-29T00:00',
    '2011-12-31T00:00',
    '2012-01-01T00:00',
    '2012-01-02T00:00',
  ])
  assert.deepEqual(points('2011-12-30', '2011-12-30', 'day', 'Pacific/Apia'), [])
  assert.deepEqual(hours('2011-12-26', '2012-01-01', 'week', 'Pacific/Apia'), [6 * 24])
})

test('a series has ISO weeks, the first and the last cut at the range', () => {
  assert.deepEqual(local('2025-12-31', '2026-01-12', 'week', 'Asia/Kathmandu'), [
    '2025-12-31T00:00',
    '2026-01-05T00:00',
    '2026-01-12T00:00',
    '2026-01-13T00:00',
  ])
  assert.deepEqual(local('2027-01-01', '2027-01-04', 'week', 'UTC'), [
    '2027-01-01T00:00',
    '2027-01-04T00:00',
    '2027-01-05T00:00',
  ])
})

test('a series has months and years', () => {
  assert.deepEqual(local('2026-01-31', '2026-03-01', 'month', 'Europe/Madrid'), [
    '2026-01-31T00:00',
    '2026-02-01T00:00',
    '2026-03-01T00:00',
    '2026-03-02T00:00',
  ])
  assert.deepEqual(local('2024-02-29', '2026-01-01', 'year', 'Asia/Kathmandu'), [
    '2024-02-29T00:00',
    '2025-01-01T00:00',
    '2026-01-01T00:00',
    '2026-01-02T00:00',
  ])
})

test('a series has hours that begin where the clock of the zone does', () => {
  assert.deepEqual(local('2026-01-01T10:30', '2026-01-01T12:14:59.999', 'hour', 'Asia/Kathmandu'), [
    '2026-01-01T10:30',
    '2026-01-01T11:00',
    '2026-01-01T12:00',
    '2026-01-01T12:15',
  ])
  assert.equal(points('2026-03-29', '2026-03-29', 'hour', 'Europe/Madrid').length, 23)
  assert.equal(points('2026-10-25', '2026-10-25', 'hour', 'Europe/Madrid').length, 25)
})

test('a series cuts an hour where the offset of the zone changes', () => {
  const zone = 'Australia/Lord_Howe'
  assert.deepEqual(hours('2026-04-05T00:00', '2026-04-05T02:59:59.999', 'hour', zone), [1, 1, 0.5, 1])
  assert.deepEqual(hours('2026-10-04T01:00', '2026-10-04T03:59:59.999', 'hour', zone), [1, 0.5, 1])
  assert.deepEqual(hours('1972-01-06T23:00', '1972-01-07T01:59:59.999', 'hour', 'Africa/Monrovia'), [
    1,
    (15 * 60 + 30) / 3600,
    1,
  ])
})

test('pointAround gives the whole point that contains an instant', () => {
  const around = (iso: string, unit: SeriesUnit, tz: string) => {
    const { from, to } = pointAround(Temporal.Instant.from(iso).epochMilliseconds, unit, tz)
    return [formatInstant(from, 'UTC'), formatInstant(to, 'UTC')]
  }
  assert.deepEqual(around('2026-10-03T15:30Z', 'hour', 'Australia/Lord_Howe'), [
    '2026-10-03T15:30:00.000Z',
    '2026-10-03T16:00:00.000Z',
  ])
  assert.deepEqual(around('2026-10-03T15:29:59.000Z', 'hour', 'Australia/Lord_Howe'), [
    '2026-10-03T14:30:00.000Z',
    '2026-10-03T15:30:00.000Z',
  ])
  assert.deepEqual(around('2026-03-29T12:00Z', 'day', 'Europe/Madrid'), [
    '2026-03-28T23:00:00.000Z',
    '2026-03-29T22:00:00.000Z',
  ])
  assert.deepEqual(around('2026-01-01T00:00Z', 'week', 'UTC'), ['2025-12-29T00:00:00.000Z', '2026-01-05T00:00:00.000Z'])
  assert.deepEqual(around('1990-10-28T02:45Z', 'day', 'America/St_Johns'), [
    '1990-10-28T02:30:00.000Z',
    '1990-10-29T03:30:00.000Z',
  ])
})

test('a series of more than 10,000 points is refused', () => {
  const isTooMany = (error: unknown) => error instanceof ServiceError && error.code === 'too_many_points'
  assert.equal(points('1999-01-01', '2026-05-18', 'day', 'UTC').length, 10_000)
  assert.throws(() => points('1999-01-01', '2026-05-19', 'day', 'UTC'), isTooMany)
  assert.throws(() => points('0000-01-01', '9999-12-31', 'hour', 'Europe/Madrid'), isTooMany)
  assert.equal(points('0000-01-01', '9999-12-31', 'year', 'Europe/Madrid').length, 10_000)
})

test('lastPoints gives at most the last 10,000 points of a range, however far back it begins', () => {
  const to = Date.parse('2026-11-25T00:00:00.000Z')
  for (const [unit, first] of [
    ['hour', '2025-10-04T08:00:00.000Z'],
    ['day', '1999-07-10T00:00:00.000Z'],
    ['week', '1835-04-06T00:00:00.000Z'],
    ['month', '1193-08-01T00:00:00.000Z'],
  ] as const) {
    for (const from of ['-009999-01-01T00:00:00.000Z', first].map(at)) {
      const { points: last, isClipped } = lastPoints({ from, to }, unit, 'UTC')
      assert.deepEqual([last.length, formatInstant(last[0]!.from, 'UTC'), last.at(-1)?.to], [10_000, first, to])
      assert.equal(isClipped, from < at(first), unit)
    }
  }
  assert.deepEqual(lastPoints({ from: to, to }, 'day', 'UTC'), { points: [], isClipped: false })
})

test('lastPoints gives the same points as seriesPoints', () => {
  for (const tz of ['Australia/Lord_Howe', 'America/St_Johns', 'Pacific/Apia']) {
    const { points: last } = lastPoints({ from: at('1900-01-01T00:00Z'), to: at('2026-01-01T00:00Z') }, 'day', tz)
    const range = { from: last[0]!.from, to: at('2026-01-01T00:00Z') }
    assert.deepEqual(last, seriesPoints(range, 'day', tz), tz)
  }
})

test('parseSeriesUnit refuses a unit that it does not know', () => {
  assert.equal(parseSeriesUnit('week'), 'week')
  assert.throws(() => parseSeriesUnit('decade'), { code: 'interval_unknown', status: 400 })
})
