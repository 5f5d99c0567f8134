import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DAY_MS } from '../units.ts'
import { parseTimestamp } from './timestamp.ts'

const NOW = Date.UTC(2026, 10, 24, 10)

test('reads the forms of ISO 8601 and epoch milliseconds', () => {
  const at = (h: number, m = 0, s = 0, ms = 0) => Date.UTC(2026, 10, 24, h, m, s, ms)
  const cases: [string | number, number][] = [
    ['2026-11-24T10:00:00Z', at(10)],
    ['2026-11-24T10:00:00.123Z', at(10, 0, 0, 123)],
    ['2026-11-24T10:00:00', at(10)],
    ['2026-11-24T10:00:00.5', at(10, 0, 0, 500)],
    ['2026-11-24', at(0)],
    ['2026-11-24T10:00:00+02:00', at(8)],
    ['2026-11-24T10:00:00-05:30', at(15, 30)],
    ['2026-11-24 10:00:00+0200', at(8)],
    ['2026-11-24T10:00:00.123999+00:00', at(10, 0, 0, 123)],
    ['2026-11-24T10:00:60Z', at(10, 0, 59)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['1969-12-31T23:59:59.999Z', -1],
    ['0050-01-01T00:00:00Z', Temporal.Instant.from('0050-01-01T00:00:00Z').epochMilliseconds],
    [1_795_514_400_000, 1_795_514_400_000],
    [-5, -5],
  ]
  for (const [value, instant] of cases) assert.equal(parseTimestamp(value, NOW), instant, String(value))
})

test('refuses texts and numbers that are no instant', () => {
  const texts = ['', 'yesterday', '2026-11', '10:00', '1795514400000', '2026-11-24T10:00:00+25:00', 'x'.repeat(10_000)]
  const dates = [
    '2026-02-30T00:00:00Z',
    '2026-02-30',
    '2100-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
  ]
  const times = ['2026-11-24T24:00:00Z', '2026-11-24T10:60:00Z', '2026-11-24T10:00:61Z', '2026-11-24T1a:00:00Z']
  const zones = ['2026-11-24T10:00:00[Europe/Madrid]', '2026-11-24T10:00:00.12xZ']
  for (const value of [
    ...texts,
    ...dates,
    ...times,
    ...zones,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    Date.parse('0001-01-01T00:00:00Z') - 1,
    '0000-12-31T23:59:59.999Z',
    '-000001-12-31T23:59:59Z',
  ]) {
    assert.equal(parseTimestamp(value, NOW), 'timestamp_invalid', String(value))
  }
})

test('accepts instants from the first one of the year 1 on', () => {
  const first = -62_135_596_800_000
  assert.equal(parseTimestamp('0001-01-01T00:00:00Z', NOW), first)
  assert.equal(parseTimestamp(first, NOW), first)
})

test('refuses instants more than 24 hours ahead', () => {
  assert.equal(parseTimestamp(NOW + DAY_MS, NOW), NOW + DAY_MS)
  assert.equal(parseTimestamp(NOW + DAY_MS + 1, NOW), 'timestamp_in_future')
  assert.equal(parseTimestamp('2026-11-25T10:00:00.001Z', NOW), 'timestamp_in_future')
})

test('reads the common form exactly as Temporal does', () => {
  const two = (max: number) => fc.integer({ min: 0, max }).map(number => String(number).padStart(2, '0'))
  const text = fc
    .tuple(fc.integer({ min: 1800, max: 2026 }), two(14), two(33), two(25), two(61), two(59))
    .map(([year, month, day, hour, minute, second]) => `${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  fc.assert(
    fc.property(text, value => {
      let expected: number | string = 'timestamp_invalid'
      try {
        expected = Temporal.Instant.from(value).epochMilliseconds
        if (expected - NOW > DAY_MS) expected = 'timestamp_in_future'
      } catch {}
      assert.equal(parseTimestamp(value, NOW), expected)
    }),
    { numRuns: 2000 },
  )
})
