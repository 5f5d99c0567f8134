/** Releases and milestones as marks of the graph. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ArtistRelease } from '../../../http/releases.ts'
import { milestoneMarks, releaseMarks, startOfDay } from './marks.ts'

test('a day begins at midnight of the time zone, west and east of Greenwich', () => {
  assert.equal(startOfDay('2026-11-26', 'UTC'), '2026-11-26T00:00:00.000Z')
  assert.equal(startOfDay('2026-11-26', 'Europe/Madrid'), '2026-11-25T23:00:00.000Z')
  assert.equal(startOfDay('2026-11-26', 'America/New_York'), '2026-11-26T05:00:00.000Z')
  assert.equal(startOfDay('2026-11-26', 'Pacific/Kiritimati'), '2026-11-25T10:00:00.000Z')
})

test('the day on which clocks change begins by the clocks of before', () => {
  assert.equal(startOfDay('2026-10-25', 'Europe/Madrid'), '2026-10-24T22:00:00.000Z')
  assert.equal(startOfDay('2026-11-01', 'America/New_York'), '2026-11-01T04:00:00.000Z')
  assert.equal(startOfDay('2026-09-27', 'Pacific/Auckland'), '2026-09-26T12:00:00.000Z')
})

test('a release without a day has no mark', () => {
  const releases = [
    { id: 'a', releaseDate: null },
    { id: 'b', releaseDate: '2026-03-01' },
  ] as ArtistRelease[]
  const marks = releaseMarks(releases, 'UTC', ({ id }) => ({ label: id }))
  assert.deepEqual(marks, [{ at: '2026-03-01T00:00:00.000Z', label: 'b' }])
})

test('of the milestones that a measure reached on one day only the highest is a mark', () => {
  const marks = milestoneMarks(
    [
      { measure: 'plays', reached: 25, at: '2026-03-02T08:00:00.000+01:00' },
      { measure: 'plays', reached: 50, at: '2026-03-01T12:00:00.000+01:00' },
      { measure: 'plays', reached: 100, at: '2026-03-01T13:00:00.000+01:00' },
      { measure: 'listeners', reached: 10, at: '2026-03-01T11:00:00.000+01:00' },
    ],
    ({ measure, reached }) => `${reached} ${measure}`,
  )
  assert.deepEqual(marks.map(({ label }) => label).sort(), ['10 listeners', '100 plays', '25 plays'])
})
