import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answerOf, type Told } from '../../test/support/query-store.ts'
import { DAY_MS } from '../units.ts'
import { type TrendingQuestion, trending } from './trending.ts'

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

function rows(told: readonly Told[], question: Partial<TrendingQuestion> = {}) {
  return answerOf(told, reads => trending(reads, { kind: 'tracks', period: 'week', limit: 10, ...question }, NOW))
}

const keys = async (told: readonly Told[], question: Partial<TrendingQuestion> = {}) =>
  (await rows(told, question)).map(({ key }) => key)

describe('trending', () => {
  it('has tracks by plays, with what events taught', async () => {
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
      type: 'track',
      rank: 2,
      previousRank: 1,
      previousCount: 1,
      enriched: false,
    })
  })

  it('has rows of different ids: tracks of one number, and a name that is the id of another artist', async () => {
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

  it('has a window from one period ago, excluded, to now, included', async () => {
    assert.deepEqual(await keys([play('a', ago(7, 1)), play('b', ago(7)), play('c', ago(0)), play('d', ago(0, 1))]), [
      'c_1',
      'a_1',
    ])
    const before = await rows([play('a', ago(1)), play('a', ago(7)), play('a', ago(14, 1)), play('a', ago(14))])
    assert.equal(before[0]?.previousCount, 2)
  })

  it('settles ties by the latest event, then by the smaller id', async () => {
    const told = [play('10', ago(1)), play('9', ago(1)), play('8', ago(2))].map(event => ({
      ...event,
      entityType: 'album',
      entityId: '',
    }))
    assert.deepEqual(await keys(told, { kind: 'albums' }), ['9', '10', '8'])
    assert.deepEqual(await keys(told, { kind: 'albums', limit: 1 }), ['9'])
  })

  it('merges the subjects of an artist before ranking', async () => {
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

  it('leaves out what is at or below zero, and albums of nobody among artists', async () => {
    const told = [
      follow('4', { eventType: 'artist.unfollowed' }),
      follow('5'),
      follow('5', { eventType: 'artist.unfollowed' }),
      follow('x', { entityType: 'album', entityId: 'a' }),
    ]
    assert.deepEqual(await rows(told, { kind: 'artists' }), [])
  })

  it('has the tracks of a musical genre, without case, exactly', async () => {
    const told = [play('a', ago(1), { genre: 'Rock' }), play('b', ago(1), { genre: 'Rockabilly' }), play('c', ago(1))]
    assert.deepEqual(await keys(told, { genre: 'rOCK ' }), ['a_1'])
    assert.deepEqual(await keys(told, { genre: 'Roc' }), [])
  })

  it('rises by growth, not by volume', async () => {
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

  it('scores sureness above chance, and what was taken back before as nothing', async () => {
    const follows = (n: number, artist: string, day: number) =>
      Array.from({ length: n }, () => follow(artist, { at: ago(day) }))
    const told = [
      ...follows(60, 'sure', 1),
      ...follows(40, 'sure', 8),
      ...follows(1, 'new', 1),
      ...follows(3, 'same', 1),
    ]
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
})
