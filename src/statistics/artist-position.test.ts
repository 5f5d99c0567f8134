import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf, type Told } from '../../test/support/query-store.ts'
import { type ArtistPosition, artistPosition, MAX_WEEKS, type PositionQuestion } from './artist-position.ts'
import { WeeklyRankings } from './weekly-rankings.ts'

/** A Tuesday; the week began on the 23rd. */
const NOW = Date.parse('2026-11-24T12:00:00Z')

const plays = (n: number, artistId: string, at: string, userId?: string): Told[] =>
  Array.from({ length: n }, (_, i) => ({ at, userId: userId ?? `u${i}`, metadata: { artistId } }))

function position(told: readonly Told[], question: Partial<PositionQuestion> = {}, limit: number | null = 50) {
  const settings = { now: NOW, rankings: new WeeklyRankings(limit) }
  return answerOf(told, reads => artistPosition(reads, { artistId: '4', ...question }, settings))
}

const shown = ({ items }: ArtistPosition) =>
  items.map(({ start, position, change }) => [start.slice(0, 10), position, change])

test('the position is that among all artists with a play, week by week, with its change, its peak and weeks on the chart', async () => {
  const told = [
    ...plays(1, '4', '2026-11-04T10:00:00Z'),
    ...plays(2, '5', '2026-11-04T10:00:00Z'),
    ...plays(3, '6', '2026-11-04T10:00:00Z'),
    ...plays(3, '4', '2026-11-10T10:00:00Z'),
    ...plays(2, '5', '2026-11-10T10:00:00Z'),
    ...plays(1, '4', '2026-11-24T10:00:00Z'),
  ]
  const found = await position(told, { startDate: '2026-11-03' })
  assert.deepEqual(shown(found), [
    ['2026-11-02', 3, null],
    ['2026-11-09', 1, 2],
    ['2026-11-16', null, null],
    ['2026-11-23', 1, null],
  ])
  assert.deepEqual(
    found.items.map(({ isOver }) => isOver),
    [true, true, true, false],
  )
  assert.deepEqual(found.peak, { position: 1, weeks: 1, firstWeek: '2026-11-09T00:00:00.000Z' })
  assert.equal(found.weeksOnChart, 2)
  assert.deepEqual(found.lastFullWeek, found.items[2])
})

test('the change of the first week is against the week before the range', async () => {
  const told = [...plays(1, '4', '2026-11-10T10:00:00Z'), ...plays(2, '5', '2026-11-10T10:00:00Z')]
  told.push(...plays(1, '4', '2026-11-17T10:00:00Z'))
  assert.deepEqual(shown(await position(told, { startDate: '2026-11-18', endDate: '2026-11-19' })), [
    ['2026-11-16', 1, 1],
  ])
})

test('weeks are those of UTC in every time zone, which only writes their instants', async () => {
  const told = plays(1, '4', '2026-11-22T23:59:59.999Z')
  const found = await position(told, { startDate: '2026-11-23', tz: 'Asia/Kathmandu' })
  assert.deepEqual(
    found.items.map(({ start, end, plays }) => [start, end, plays]),
    [
      ['2026-11-16T05:45:00.000+05:45', '2026-11-23T05:45:00.000+05:45', 1],
      ['2026-11-23T05:45:00.000+05:45', '2026-11-30T05:45:00.000+05:45', 0],
    ],
  )
})

test('positions are by eligible plays, and by all plays where the limit is off', async () => {
  const at = '2026-11-17T10:00:00Z'
  const told = [...plays(3000, '4', at, 'fan'), ...plays(60, '5', at)]
  const week = async (limit: number | null) => {
    const { items } = await position(told, { startDate: at, endDate: at }, limit)
    return items.map(({ position, plays, eligiblePlays }) => [position, plays, eligiblePlays])
  }
  assert.deepEqual(await week(50), [[2, 3000, 50]])
  assert.deepEqual(await week(null), [[1, 3000, 3000]])
})

test('each UTC day has a limit of its own, also at the turn to 1970', async () => {
  const told = [...plays(2, '4', '1969-12-31T23:59:59.999Z', 'u'), ...plays(2, '4', '1970-01-01T00:00:00Z', 'u')]
  const { items } = await position(told, { startDate: '1970-01-01', endDate: '1970-01-01' }, 2)
  assert.deepEqual(
    items.map(({ plays, eligiblePlays }) => [plays, eligiblePlays]),
    [[4, 4]],
  )
})

test('ties are resolved by the latest play, then by the smaller id, of an artist before that of a name', async () => {
  const at = '2026-11-17T10:00:00Z'
  const named = { at, userId: 'u0', metadata: { artist: '10' } }
  const told = [...plays(1, '9', at), ...plays(1, '10', at), named, ...plays(1, '8', '2026-11-17T10:00:00.001Z')]
  const found: (number | null)[] = []
  for (const artistId of ['8', '9', '10']) {
    found.push(...(await position(told, { artistId, startDate: at, endDate: at })).items.map(week => week.position))
  }
  assert.deepEqual(found, [1, 2, 3])
  const other = told.map(each => (each === named ? { ...named, metadata: { artist: 'Ana' } } : each))
  const [week] = (await position(other, { artistId: 'ana', startDate: at, endDate: at })).items
  assert.equal(week?.position, 4)
})

test('without a start the last 52 weeks are shown, and none after the running one', async () => {
  const lengths = async (question: Partial<PositionQuestion>) => {
    const { items } = await position(plays(1, '4', '2026-11-17T10:00:00Z'), question)
    return [items.length, items[0]?.start.slice(0, 10), items.at(-1)?.start.slice(0, 10)]
  }
  assert.deepEqual(await lengths({}), [52, '2025-12-01', '2026-11-23'])
  assert.deepEqual(await lengths({ endDate: '2026-11-22' }), [52, '2025-11-24', '2026-11-16'])
  assert.deepEqual(await lengths({ startDate: '2026-11-20', endDate: '2027-02-01' }), [2, '2026-11-16', '2026-11-23'])
  assert.deepEqual(await lengths({ startDate: '2027-01-01' }), [0, undefined, undefined])
})

test('an artist whom nothing mentions has weeks without a position', async () => {
  const found = await position(plays(1, '4', '2026-11-17T10:00:00Z'), { artistId: 'nobody', startDate: '2026-11-17' })
  assert.deepEqual(shown(found), [
    ['2026-11-16', null, null],
    ['2026-11-23', null, null],
  ])
  assert.deepEqual([found.peak, found.weeksOnChart, found.lastFullWeek?.plays], [null, 0, 0])
})

test('more weeks than five years have are refused', async () => {
  await assert.rejects(position([], { startDate: '2000-01-01' }), { status: 400 })
  const first = NOW - (MAX_WEEKS - 1) * 7 * 86_400_000
  assert.equal((await position([], { startDate: new Date(first).toISOString() })).items.length, MAX_WEEKS)
})
