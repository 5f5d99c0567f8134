import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf, type Told } from '../../test/support/query-store.ts'
import { ServiceError } from '../errors.ts'
import { type MostPlayedQuestion, mostPlayed } from './most-played.ts'

const NOW = Date.parse('2026-11-25T12:00:00Z')
const DAY = { startDate: '2026-11-24', endDate: '2026-11-24' }

const play = (entityId: string, more: Told = {}): Told => ({
  entityId,
  metadata: { albumId: 'a1', artistId: '4' },
  ...more,
})

const ask = (told: readonly Told[], question: Partial<MostPlayedQuestion> = {}) =>
  answerOf(told, reads =>
    mostPlayed(reads, { artistId: '4', kind: 'tracks', sort: 'plays', limit: 20, ...question }, NOW),
  )

const shown = ({ items }: Awaited<ReturnType<typeof ask>>) => items.map(({ id, plays, likes }) => [id, plays, likes])

test('tracks have plays, known listeners, net likes and their share of all plays', async () => {
  const likes = { eventType: 'track.liked', userId: 'u1' } as const
  const answer = await ask([
    play('1', { userId: 'u1' }),
    play('1', { userId: 'u1' }),
    play('1'),
    play('2', { userId: 'u2' }),
    play('2', { ...likes }),
    play('3', { ...likes }),
    play('3', { ...likes, eventType: 'track.unliked' }),
    { entityType: 'artist', entityId: '4' },
  ])
  assert.deepEqual([answer.total, answer.unnamed, answer.period, answer.nextCursor], [5, 1, null, null])
  const [first, second, ...others] = answer.items
  assert.deepEqual([first?.id, first?.plays, first?.uniqueListeners, first?.likes, first?.share], ['a1_1', 3, 1, 0, 60])
  assert.deepEqual([second?.id, second?.plays, second?.likes, second?.share], ['a1_2', 1, 1, 20])
  assert.deepEqual(others, [])
})

test('a track that was liked and not played is in the list, and its share is 0', async () => {
  const { items } = await ask([play('1', { eventType: 'track.liked' })])
  assert.deepEqual(
    items.map(({ plays, likes, share }) => [plays, likes, share]),
    [[0, 1, 0]],
  )
})

test('albums are those that events name, with what names no track', async () => {
  const album = { entityType: 'album', entityId: 'a1' } as const
  const answer = await ask([play('1'), album, { ...album, metadata: { artistId: '4' } }], { kind: 'albums' })
  assert.deepEqual(shown(answer), [['a1', 3, 0]])
  assert.equal(answer.unnamed, 0)
})

test('of rows with equal plays, the one that was played last comes first, then the smaller id', async () => {
  const late = { at: '2026-11-24T11:00:00Z' }
  const told = [play('10'), play('9'), play('2', late)]
  assert.deepEqual(
    shown(await ask(told))
      .flat()
      .filter(x => typeof x === 'string'),
    ['a1_2', 'a1_10', 'a1_9'],
  )
})

test('a cursor goes on after the last row of a page, also between equal rows', async () => {
  const told = ['1', '2', '3', '4', '5'].map(id => play(id))
  const [first, second, third] = await answerOf(told, async reads => {
    const question = { artistId: '4', kind: 'tracks', sort: 'plays', limit: 2 } as const
    const first = await mostPlayed(reads, question, NOW)
    const second = await mostPlayed(reads, { ...question, cursor: first.nextCursor! }, NOW)
    return [first, second, await mostPlayed(reads, { ...question, cursor: second.nextCursor! }, NOW)]
  })
  const ids = [first, second, third].map(page => page!.items.map(({ id }) => id))
  assert.deepEqual(ids, [['a1_1', 'a1_2'], ['a1_3', 'a1_4'], ['a1_5']])
  assert.deepEqual([third!.nextCursor, third!.total], [null, 5])
})

test('with compare, rows have the plays of the earlier range and the change since', async () => {
  const before = { at: '2026-11-23T10:00:00Z' }
  const told = [play('1'), play('1'), play('1', before), play('2'), play('3', before)]
  const answer = await ask(told, { ...DAY, compare: 'previous' })
  assert.deepEqual(
    [answer.previousPeriod, answer.previousTotal],
    ['2026-11-23T00:00:00.000Z/2026-11-24T00:00:00.000Z', 2],
  )
  assert.deepEqual(
    answer.items.map(({ id, plays, previousPlays, change }) => [id, plays, previousPlays, change]),
    [
      ['a1_1', 2, 1, 100],
      ['a1_2', 1, 0, null],
    ],
  )
  const open = await ask(told, { compare: 'previous' })
  assert.deepEqual([open.previousPeriod, open.items[0]?.previousPlays, open.items[0]?.change], [null, null, null])
})

test('by growth, rows come in the order of their score, and need an earlier range', async () => {
  const before = { at: '2026-11-23T10:00:00Z' }
  const told = [play('1'), play('1'), play('1', before), play('1', before), play('1', before), play('2')]
  const { items, previousTotal } = await ask(told, { ...DAY, sort: 'growth' })
  assert.deepEqual(
    items.map(({ id, score, growth }) => [id, score, growth?.previousCount]),
    [
      ['a1_2', 1 / Math.sqrt(11), 0],
      ['a1_1', -1 / Math.sqrt(15), 3],
    ],
  )
  assert.equal(previousTotal, 3)
  for (const startDate of [undefined, '2026-11-26']) {
    const isRefusal = (error: ServiceError) => error instanceof ServiceError && error.code === 'growth_needs_start'
    await assert.rejects(ask(told, { sort: 'growth', startDate }), isRefusal)
  }
})

test('with an interval, each row has its plays in every point of the range', async () => {
  const told = [play('1'), play('1', { at: '2026-11-24T11:59:59.999Z' }), play('2', { at: '2026-11-24T23:00:00Z' })]
  const { items } = await ask(told, { ...DAY, interval: 'hour' })
  const heard = items.map(({ id, series }) => [id, series!.length, series!.filter(({ plays }) => plays > 0)])
  const point = (hour: number, plays: number) => {
    const [start, end] = [hour, hour + 1].map(h => new Date(Date.UTC(2026, 10, 24, h)).toISOString())
    return { start, end, plays }
  }
  assert.deepEqual(heard, [
    ['a1_1', 24, [point(10, 1), point(11, 1)]],
    ['a1_2', 24, [point(23, 1)]],
  ])
  const tooMany = { startDate: '2026-01-01', endDate: '2026-12-31', interval: 'hour', limit: 2 }
  await assert.rejects(ask(told, tooMany), (error: ServiceError) => error.code === 'too_many_points')
})

test('an artist that nobody ever heard of has no plays and no rows', async () => {
  const answer = await ask([play('1')], { artistId: 'nobody', ...DAY, compare: 'year', interval: 'day' })
  assert.deepEqual([answer.total, answer.unnamed, answer.previousTotal, answer.items], [0, 0, 0, []])
})
