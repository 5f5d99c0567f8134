import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf, type Told } from '../../test/support/query-store.ts'
import { type MilestoneQuestion, milestones } from './milestones.ts'

const minute = (i: number) => new Date(Date.parse('2026-11-24T10:00:00Z') + i * 60_000).toISOString()
const play = (at: string, userId?: string): Told => ({ at, metadata: { artistId: '4' }, ...(userId && { userId }) })
const follow = (at: string, eventType: 'artist.followed' | 'artist.unfollowed' = 'artist.followed'): Told => ({
  at,
  eventType,
  entityType: 'artist',
  entityId: '4',
})
const answer = (told: readonly Told[], question: Omit<MilestoneQuestion, 'artistId'> = {}) =>
  answerOf(told, reads => milestones(reads, { artistId: '4', ...question }))

test('a milestone is reached with its n-th play, by the time of events and not of their arrival', async () => {
  const late = Array.from({ length: 26 }, (_, i) => play(minute(25 - i)))
  const { items, next } = await answer(late)
  assert.deepEqual(items, [
    { measure: 'plays', reached: 25, at: '2026-11-24T10:24:00.000Z' },
    { measure: 'plays', reached: 10, at: '2026-11-24T10:09:00.000Z' },
  ])
  assert.deepEqual(next, [
    { measure: 'plays', count: 26, next: 50 },
    { measure: 'listeners', count: 0, next: 10 },
    { measure: 'followers', count: 0, next: 10 },
    { measure: 'purchases', count: 0, next: 10 },
  ])
})

test('listeners count with their first play, and anonymous plays are nobody', async () => {
  const told = Array.from({ length: 10 }, (_, i) => [play(minute(2 * i), `u${i}`), play(minute(2 * i + 1), `u${i}`)])
  const { items, next } = await answer([...told.flat(), play(minute(1)), play(minute(30), 'u1')])
  assert.deepEqual(
    items.filter(({ measure }) => measure === 'listeners'),
    [{ measure: 'listeners', reached: 10, at: minute(18) }],
  )
  assert.deepEqual(next[1], { measure: 'listeners', count: 10, next: 25 })
})

test('a milestone of followers stays reached when some leave, and is reached once', async () => {
  const nine = Array.from({ length: 9 }, (_, i) => follow(minute(i)))
  const told = [...nine, follow(minute(10)), follow(minute(11), 'artist.unfollowed'), follow(minute(12))]
  const { items, next } = await answer([...told, follow(minute(13), 'artist.unfollowed')])
  assert.deepEqual(items, [{ measure: 'followers', reached: 10, at: minute(10) }])
  assert.deepEqual(next[2], { measure: 'followers', count: 9, next: 25 })
})

test('a follow that is taken back before the tenth postpones the milestone', async () => {
  const told = Array.from({ length: 11 }, (_, i) => follow(minute(2 * i)))
  const { items } = await answer([...told, follow(minute(1), 'artist.unfollowed')])
  assert.deepEqual(items, [{ measure: 'followers', reached: 10, at: minute(20) }])
})

test('more unfollows than follows are shown as none', async () => {
  const { next } = await answer([follow(minute(0), 'artist.unfollowed')])
  assert.deepEqual(next[2], { measure: 'followers', count: 0, next: 10 })
})

test('the range chooses milestones that are counted over all of time', async () => {
  const told = Array.from({ length: 25 }, (_, i) => play(minute(i * 60)))
  const { items, period } = await answer(told, { startDate: '2026-11-25', tz: 'Europe/Madrid' })
  assert.deepEqual(items, [{ measure: 'plays', reached: 25, at: '2026-11-25T11:00:00.000+01:00' }])
  assert.equal(period, '2026-11-25T00:00:00.000+01:00/..')
})

test('the best day, week and month are those of the time zone, the earliest of equals', async () => {
  // 23:30 in UTC is the next day in Madrid.
  const told = ['2026-10-31T23:30:00Z', '2026-11-01T12:00:00Z', '2026-11-03T10:00:00Z', '2026-11-03T11:00:00Z'].map(
    at => play(at),
  )
  assert.deepEqual((await answer(told, { tz: 'Europe/Madrid' })).best, {
    day: { start: '2026-11-01T00:00:00.000+01:00', end: '2026-11-02T00:00:00.000+01:00', plays: 2 },
    week: { start: '2026-10-26T00:00:00.000+01:00', end: '2026-11-02T00:00:00.000+01:00', plays: 2 },
    month: { start: '2026-11-01T00:00:00.000+01:00', end: '2026-12-01T00:00:00.000+01:00', plays: 4 },
  })
  const { best } = await answer(told)
  assert.deepEqual(best.day, { start: '2026-11-03T00:00:00.000Z', end: '2026-11-04T00:00:00.000Z', plays: 2 })
  assert.equal(best.month?.plays, 3)
})

test('days count where an offset is no whole number of minutes, and before 1970', async () => {
  // Monrovia was 44 minutes and 30 seconds behind: this day began at 00:44:30 in UTC.
  const told = ['1969-12-31T00:44:29.999Z', '1969-12-31T00:44:30Z', '1970-01-01T00:44:29.999Z', '1970-01-01T00:44:30Z']
  const { best } = await answer(
    told.map(at => play(at)),
    { tz: 'Africa/Monrovia' },
  )
  assert.deepEqual(best.day, { start: '1969-12-31T00:44:30.000Z', end: '1970-01-01T00:44:30.000Z', plays: 2 })
})

test('nothing is reached by an artist whom nothing names', async () => {
  const { items, next, best, period } = await answer([])
  assert.deepEqual([items, period, best], [[], null, { day: null, week: null, month: null }])
  assert.deepEqual(next[0], { measure: 'plays', count: 0, next: 10 })
  assert.equal(next.length, 4)
})

test('skips do not count', async () => {
  const { next, best } = await answer([{ ...play(minute(0)), skipped: true }])
  assert.equal(next[0]?.count, 0)
  assert.equal(best.day, null)
})
