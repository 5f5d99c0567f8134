import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf, type Told } from '../../test/support/query-store.ts'
import { DAY_MS } from '../units.ts'
import { EligiblePlays } from './eligible-plays.ts'
import { type TrendingQuestion, trending } from './trending.ts'
import type { TrendingRow } from './trending-rows.ts'

const NOW = Date.parse('2026-11-24T12:07:03.123Z')

const iso = (instant: number) => new Date(instant).toISOString()
const ago = (days: number, more = 0) => iso(NOW - days * DAY_MS + more)
const play = (albumId: string, at: string, more: Told['metadata'] = {}): Told => ({
  at,
  metadata: { albumId, ...more },
})
const follow = (entityId: string, more: Told = {}): Told => ({
  at: ago(1),
  eventType: 'artist.followed',
  entityType: 'artist',
  entityId,
  ...more,
})

function rows(told: readonly Told[], question: Partial<TrendingQuestion> = {}, chartLimit: number | null = 50) {
  const settings = { now: NOW, eligible: new EligiblePlays(chartLimit) }
  return answerOf(told, reads => trending(reads, { kind: 'tracks', period: 'week', limit: 10, ...question }, settings))
}

const keys = async (told: readonly Told[], question: Partial<TrendingQuestion> = {}) =>
  (await rows(told, question)).map(({ key }) => key)

test('trending ranks tracks by plays, with the titles and names that events give', async () => {
  const told = [
    play('a', ago(1), { artist: 'DJ Beats', title: 'Song' }),
    play('a', ago(8)),
    play('b', ago(1)),
    play('b', ago(2)),
  ]
  const [b, a] = await rows(told)
  assert.deepEqual([b?.key, b?.count, b?.rank, b?.previousRank, b?.previousCount], ['b_1', 2, 1, null, 0])
  assert.deepEqual(a, {
    id: 'a_1',
    key: 'a_1',
    trackId: '1',
    albumId: 'a',
    title: 'Song',
    coverImage: null,
    artistName: 'DJ Beats',
    url: null,
    count: 1,
    plays: 1,
    eligiblePlays: 1,
    excluded: [],
    type: 'track',
    rank: 2,
    previousRank: 1,
    previousCount: 1,
    enriched: false,
  })
})

test('trending rows have different ids: tracks of one number, and a name that is the id of another artist', async () => {
  const alone = { at: ago(1), entityType: 'track', entityId: 'spotify:track:77' }
  const tracks = await rows([play('a', ago(1)), play('b', ago(1)), alone, { ...alone, metadata: { albumId: 'a' } }])
  assert.deepEqual(
    tracks.map(row => [row.id, row.key, row.type === 'track' && row.trackId]),
    [
      ['spotify:track:77', 'spotify:track:77', 'spotify:track:77'],
      ['a_1', 'a_1', '1'],
      ['b_1', 'b_1', '1'],
    ],
  )
  assert.equal(await rows([alone]).then(([row]) => row?.type === 'track' && row.trackId), null)
  const named = follow('x', { entityType: 'track', metadata: { artist: '311' } })
  const artists = await rows([follow('311'), named], { kind: 'artists' })
  assert.deepEqual(
    artists.map(row => [row.id, row.type === 'artist' && row.entityId]),
    [
      ['311', '311'],
      ['name:311', '311'],
    ],
  )
})

test('trending counts from one period ago, excluded, to now, included', async () => {
  assert.deepEqual(await keys([play('a', ago(7, 1)), play('b', ago(7)), play('c', ago(0)), play('d', ago(0, 1))]), [
    'c_1',
    'a_1',
  ])
  const before = await rows([play('a', ago(1)), play('a', ago(7)), play('a', ago(14, 1)), play('a', ago(14))])
  assert.equal(before[0]?.previousCount, 2)
})

test('trending resolves ties by the latest event, then by the smaller id', async () => {
  const told = [play('10', ago(1)), play('9', ago(1)), play('8', ago(2))].map(event => ({
    ...event,
    entityType: 'album',
    entityId: '',
  }))
  assert.deepEqual(await keys(told, { kind: 'albums' }), ['9', '10', '8'])
  assert.deepEqual(await keys(told, { kind: 'albums', limit: 1 }), ['9'])
})

test('trending adds up all keys of an artist before it ranks', async () => {
  const order = [
    follow('4', { metadata: { artistName: 'Ana' } }),
    follow('5'),
    follow('5', { entityId: '5', at: ago(2) }),
    follow('x', { entityType: 'track', metadata: { artist: 'ana' } }),
    follow('x', { entityType: 'track', metadata: { artist: 'Ana' } }),
  ]
  const [first, second] = await rows(order, { kind: 'artists' })
  assert.deepEqual(first, {
    entityId: '4',
    id: '4',
    key: 'artist:4',
    name: 'Ana',
    profileImage: null,
    count: 3,
    type: 'artist',
    rank: 1,
    previousRank: null,
    previousCount: 0,
    enriched: false,
  })
  assert.equal(second?.id, '5')
})

test('trending leaves out counts at or below zero, and among artists albums without an artist', async () => {
  const told = [
    follow('4', { eventType: 'artist.unfollowed' }),
    follow('5'),
    follow('5', { eventType: 'artist.unfollowed' }),
    follow('x', { entityType: 'album', entityId: 'a' }),
  ]
  assert.deepEqual(await rows(told, { kind: 'artists' }), [])
})

test('trending of a musical genre has the tracks of exactly that genre, without case', async () => {
  const told = [play('a', ago(1), { genre: 'Rock' }), play('b', ago(1), { genre: 'Rockabilly' }), play('c', ago(1))]
  assert.deepEqual(await keys(told, { genre: 'rOCK ' }), ['a_1'])
  assert.deepEqual(await keys(told, { genre: 'Roc' }), [])
})

test('trending by mode=rising ranks by growth, not by volume', async () => {
  const times = (n: number, event: Told) => Array.from({ length: n }, () => event)
  const told = [...times(9, play('big', ago(1))), ...times(8, play('big', ago(8))), ...times(4, play('new', ago(1)))]
  const rising = await rows([...told, play('gone', ago(8))], { mode: 'rising' })
  assert.deepEqual(
    rising.map(({ key, score, growth }) => [key, score, growth]),
    [
      ['new_1', 4 / Math.sqrt(14), { count: 4, previousCount: 0, shrinkage: 10 }],
      ['big_1', 1 / Math.sqrt(27), { count: 9, previousCount: 8, shrinkage: 10 }],
    ],
  )
  assert.deepEqual(
    rising.map(({ previousRank }) => previousRank),
    [null, 1],
  )
})

test('the score of mode=rising grows with certainty, and takes a negative count before as zero', async () => {
  const follows = (n: number, artist: string, day: number) =>
    Array.from({ length: n }, () => follow(artist, { at: ago(day) }))
  const told = [...follows(60, 'sure', 1), ...follows(40, 'sure', 8), ...follows(1, 'new', 1), ...follows(3, 'same', 1)]
  told.push(
    ...follows(3, 'same', 8),
    ...follows(5, 'liked', 1),
    follow('liked', { eventType: 'artist.unfollowed', at: ago(8) }),
  )
  const rising = await rows(told, { kind: 'artists', mode: 'rising' })
  assert.deepEqual(
    rising.map(({ key, score }) => [key, score]),
    [
      ['artist:sure', 20 / Math.sqrt(110)],
      ['artist:liked', 5 / Math.sqrt(15)],
      ['artist:new', 1 / Math.sqrt(11)],
    ],
  )
})

const plays = (n: number, albumId: string, userId: string | null, at = ago(1)): Told[] =>
  Array.from({ length: n }, () => ({ ...play(albumId, at), ...(userId !== null && { userId }) }))

const shown = (found: readonly TrendingRow[]) =>
  found.map(row => (row.type === 'artist' ? [] : [row.key, row.count, row.plays, row.eligiblePlays, row.excluded]))

test('one listener who plays a song 3,000 times does not win', async () => {
  const told = [...plays(3000, 'a', 'fan'), ...Array.from({ length: 60 }, (_, i) => plays(1, 'b', `u${i}`)).flat()]
  assert.deepEqual(shown(await rows(told)), [
    ['b_1', 60, 60, 60, []],
    ['a_1', 50, 3000, 50, [{ reason: 'listener_limit', plays: 2950 }]],
  ])
  assert.deepEqual(shown(await rows(told, {}, null)), [
    ['a_1', 3000, 3000, 3000, []],
    ['b_1', 60, 60, 60, []],
  ])
})

test('plays of nobody known are eligible as often as those of known listeners, or up to the limit', async () => {
  const told = [...plays(9, 'a', null), ...plays(9, 'b', null), ...plays(5, 'b', 'u1'), ...plays(3, 'b', 'u2')]
  assert.deepEqual(shown(await rows(told, {}, 3)), [
    [
      'b_1',
      12,
      17,
      12,
      [
        { reason: 'listener_limit', plays: 2 },
        { reason: 'anonymous_limit', plays: 3 },
      ],
    ],
    ['a_1', 3, 9, 3, [{ reason: 'anonymous_limit', plays: 6 }]],
  ])
})

test('each listener has the limit anew on every UTC day, of every track of an album', async () => {
  const [evening, night] = ['2026-11-22T23:59:59.999Z', '2026-11-23T00:00:00Z']
  const told = [...plays(3, 'a', 'u', evening), ...plays(3, 'a', 'u', night)]
  const second = plays(3, 'a', 'u', night).map(each => ({ ...each, entityId: '2' }))
  assert.deepEqual(shown(await rows([...told, ...second], { kind: 'albums' }, 2)), [
    ['a', 6, 9, 6, [{ reason: 'listener_limit', plays: 3 }]],
  ])
})

test('only plays in the window count towards the limit, on the days too that its ends cut', async () => {
  const told = [...plays(3, 'a', 'u', ago(7)), ...plays(3, 'a', 'u', ago(7, 1)), ...plays(9, 'a', 'u', ago(0, 1))]
  const [row] = await rows(told, {}, 2)
  assert.deepEqual([row?.count, row?.previousCount], [2, 2])
})

test('mode=rising and the ranks of the period before are by eligible plays', async () => {
  const told = [...plays(9, 'a', 'u', ago(8)), ...plays(3, 'b', 'v', ago(8)), ...plays(1, 'b', 'w', ago(8))]
  told.push(...plays(9, 'a', 'u'), ...plays(3, 'b', 'v'), ...plays(2, 'b', 'w'))
  const [first, ...others] = await rows(told, { mode: 'rising' }, 3)
  assert.deepEqual(
    [first?.key, first?.previousRank, first?.growth],
    ['b_1', 1, { count: 5, previousCount: 4, shrinkage: 10 }],
  )
  assert.deepEqual(others, [])
  assert.deepEqual(
    (await rows(told, {}, 3)).map(({ key, previousRank }) => [key, previousRank]),
    [
      ['b_1', 1],
      ['a_1', 2],
    ],
  )
})
