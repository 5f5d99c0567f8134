import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dateTicks, dayTicks } from './date-ticks.ts'
import type { Point } from './points.ts'

const HOUR_MS = 3_600_000
const formats = {
  dateParts: (at: string | number, tz: string, fields: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('es', { ...fields, timeZone: tz }).format(new Date(at)),
}

/** Points of so many milliseconds each. */
const pointsFrom = (start: string, count: number, length: number): Point[] =>
  Array.from({ length: count }, (_, i) => ({
    start: new Date(Date.parse(start) + i * length).toISOString(),
    end: new Date(Date.parse(start) + (i + 1) * length).toISOString(),
  }))

test('hours have ticks at whole local hours on both sides of a change of clocks', () => {
  const points = pointsFrom('2026-10-25T00:00:00+02:00', 25, HOUR_MS)
  const ticks = dateTicks(points, { interval: 'hour', tz: 'Europe/Madrid', most: 6, formats })
  assert.deepEqual(ticks, [
    { index: 0, label: '0:00\n25 oct' },
    { index: 7, label: '6:00' },
    { index: 13, label: '12:00' },
    { index: 19, label: '18:00' },
  ])
})

test('an hour that clocks show twice has one tick of three hours', () => {
  const points = pointsFrom('2026-10-25T00:00:00+02:00', 8, HOUR_MS)
  const ticks = dateTicks(points, { interval: 'hour', tz: 'Europe/Madrid', most: 4, formats })
  assert.deepEqual(
    ticks.map(({ index }) => index),
    [0, 4, 7],
  )
})

test('the dates are those of the asked zone, not of UTC', () => {
  const points = pointsFrom('2026-11-01T23:00:00Z', 2, 24 * HOUR_MS)
  const first = (tz: string) => dateTicks(points, { interval: 'day', tz, most: 5, formats })[0]!.label
  assert.equal(first('Europe/Madrid'), '2 nov\n2026')
  assert.equal(first('America/New_York'), '1 nov\n2026')
})

test('a year of days has a tick a month, and January says the year', () => {
  const points = pointsFrom('2025-11-15T00:00:00Z', 365, 24 * HOUR_MS)
  const ticks = dateTicks(points, { interval: 'day', tz: 'UTC', most: 12, formats })
  assert.equal(ticks.length, 12)
  assert.deepEqual(ticks.slice(0, 3), [
    { index: 16, label: 'dic\n2025' },
    { index: 47, label: 'ene\n2026' },
    { index: 78, label: 'feb' },
  ])
})

test('four weeks of days have a tick each Monday where few fit', () => {
  const points = pointsFrom('2026-11-04T00:00:00Z', 28, 24 * HOUR_MS)
  const ticks = dateTicks(points, { interval: 'day', tz: 'UTC', most: 5, formats })
  assert.deepEqual(
    ticks.map(({ label }) => label),
    ['9 nov\n2026', '16 nov', '23 nov', '30 nov'],
  )
})

test('48 hours by minute never have more ticks than fit', () => {
  const points = pointsFrom('2026-11-24T14:07:00Z', 2880, 60_000)
  for (const most of [1, 2, 4, 9, 17]) {
    const { length } = dateTicks(points, { interval: 'minute', tz: 'Asia/Kolkata', most, formats })
    assert.ok(length > 0 && length <= most, `${length} of ${most}`)
  }
})

test('a single point in the middle of every step has a tick all the same', () => {
  const points = pointsFrom('2026-11-24T14:07:00Z', 1, 20_000)
  assert.equal(dateTicks(points, { interval: 'year', tz: 'UTC', most: 5, formats }).length, 1)
})

test('months have a tick each January where twenty years are shown', () => {
  const points = Array.from({ length: 240 }, (_, i) => ({
    start: new Date(Date.UTC(2006, i)).toISOString(),
    end: new Date(Date.UTC(2006, i + 1)).toISOString(),
  }))
  const labels = dateTicks(points, { interval: 'month', tz: 'UTC', most: 20, formats }).map(({ label }) => label)
  assert.deepEqual(
    labels,
    Array.from({ length: 20 }, (_, i) => String(2006 + i)),
  )
})

test('days since a release are counted from 1, with whole weeks below', () => {
  const labels = dayTicks(28, 6, day => `Día ${day}`).map(({ label }) => label)
  assert.deepEqual(labels, ['Día 1', 'Día 7', 'Día 14', 'Día 21', 'Día 28'])
})
