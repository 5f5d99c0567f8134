import assert from 'node:assert/strict'
import { test } from 'node:test'
import { localTimes } from './local-times.ts'

const HOUR_MS = 3_600_000

test('each hour of two years is what Temporal says, in zones with every kind of offset', () => {
  const from = Date.UTC(2025, 0, 1)
  const instants = Array.from({ length: 2 * 365 * 24 }, (_, i) => from + i * HOUR_MS)
  // Morocco leaves its summer time for Ramadan, a month; Lord Howe's clocks change by half an hour.
  for (const tz of [
    'Europe/Madrid',
    'Africa/Casablanca',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'America/St_Johns',
    'UTC',
  ]) {
    const offsets = localTimes(instants, tz).map((local, i) => local - instants[i]!)
    const expected = instants.map(
      instant => Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(tz).offsetNanoseconds / 1e6,
    )
    assert.deepEqual(offsets, expected, tz)
  }
})

test('offsets of old times have seconds', () => {
  const instant = Date.UTC(1890, 0, 1)
  const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO('Europe/Madrid')
  assert.deepEqual(localTimes([instant], 'Europe/Madrid'), [instant + offsetNanoseconds / 1e6])
})
