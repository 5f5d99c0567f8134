import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf, type Told } from '../../test/support/query-store.ts'
import { type Rhythm, type RhythmQuestion, rhythm } from './rhythm.ts'

const NOW = Date.parse('2026-11-24T12:00:00.000Z')

const ask = (instants: readonly string[], question: Partial<RhythmQuestion> = {}) =>
  answerOf(
    instants.map((at): Told => ({ at, metadata: { artistId: '4' } })),
    reads => rhythm(reads, { artistId: '4', ...question }, NOW),
  )

/** The cells that have plays: weekday, hour, plays. */
const played = ({ cells }: Pick<Rhythm, 'cells'>) =>
  cells.filter(({ plays }) => plays > 0).map(({ weekday, hour, plays }) => [weekday, hour, plays])

test('the rhythm of an unknown artist has 168 cells without plays', async () => {
  const { artistId, period, total, peak, cells } = await ask([])
  assert.deepEqual([artistId, period, total, peak, cells.length], ['4', null, 0, null, 168])
  assert.deepEqual(cells[0], { weekday: 1, hour: 0, plays: 0 })
  assert.deepEqual(cells[167], { weekday: 7, hour: 23, plays: 0 })
})

test('Monday is 1, Sunday 7, before 1970 too', async () => {
  const answer = await ask(['2026-11-23T00:00:00Z', '2026-11-22T23:59:59.999Z', '1969-12-28T23:30:00Z'])
  assert.deepEqual(played(answer), [
    [1, 0, 1],
    [7, 23, 2],
  ])
  assert.deepEqual(answer.peak, { weekday: 7, hour: 23, plays: 2 })
})

test('hours that a change of clocks doubles or skips are those that the clock shows', async () => {
  // Madrid: 2:59 is followed by 2:00 on 2026-10-25, and 1:59 by 3:00 on 2026-03-29.
  const autumn = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-10-25T02:00:00Z']
  const spring = ['2026-03-29T00:59:59.999Z', '2026-03-29T01:00:00Z']
  assert.deepEqual(played(await ask([...autumn, ...spring], { tz: 'Europe/Madrid' })), [
    [7, 1, 1],
    [7, 2, 2],
    [7, 3, 2],
  ])
})

test('offsets that are no whole hours are right to the minute', async () => {
  const kathmandu = await ask(['2026-11-22T18:14:59.999Z', '2026-11-22T18:15:00Z'], { tz: 'Asia/Kathmandu' })
  assert.deepEqual(played(kathmandu), [
    [1, 0, 1],
    [7, 23, 1],
  ])
  // Lord Howe goes back by half an hour: 1:59 is followed by 1:30.
  const lordHowe = ['2026-04-04T14:30:00Z', '2026-04-04T15:00:00Z', '2026-04-04T15:30:00Z']
  assert.deepEqual(played(await ask(lordHowe, { tz: 'Australia/Lord_Howe' })), [
    [7, 1, 2],
    [7, 2, 1],
  ])
})

test('ten thousand years of a zone with changes of clocks cost no more than those with events', async () => {
  const range = { startDate: '0001-01-01', endDate: '9999-12-31', tz: 'Europe/Madrid' }
  const begun = performance.now()
  const { total } = await ask(['0001-01-01T12:00:00Z', '2026-07-01T12:00:00Z'], range)
  assert.equal(total, 2)
  assert.ok(performance.now() - begun < 5_000)
})

test('the earliest of equal peaks is shown', async () => {
  const { peak } = await ask(['2026-11-24T10:00:00Z', '2026-11-23T10:00:00Z'])
  assert.deepEqual(peak, { weekday: 1, hour: 10, plays: 1 })
})

test('a comparison has the cells of the earlier range, and their changes', async () => {
  const week = { startDate: '2026-11-16', endDate: '2026-11-22', compare: 'previous' }
  const instants = ['2026-11-09T10:00:00Z', '2026-11-16T10:00:00Z', '2026-11-16T10:30:00Z', '2026-11-17T10:00:00Z']
  const { previous } = await ask(instants, week)
  assert.deepEqual(previous && [previous.period, previous.total, previous.change.total, played(previous)], [
    '2026-11-09T00:00:00.000Z/2026-11-16T00:00:00.000Z',
    1,
    200,
    [[1, 10, 1]],
  ])
  assert.deepEqual([previous?.cells[10]?.change, previous?.cells[34]?.change], [100, null])
  assert.equal((await ask(instants, { compare: 'previous' })).previous, null)
})
