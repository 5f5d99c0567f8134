import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf, type Told } from '../../test/support/query-store.ts'
import { listenerItems } from './listener-items.ts'
import { listenerProfile } from './listener-profile.ts'

const play = (albumId: string, genre?: string, more: Told = {}): Told => ({
  userId: 'u1',
  metadata: genre === undefined ? { albumId } : { albumId, genre },
  ...more,
})
const like = (albumId: string, genre?: string): Told => play(albumId, genre, { eventType: 'track.liked' })
const follow = (entityId: string, metadata: Told['metadata'] = {}): Told => ({
  userId: 'u1',
  eventType: 'artist.followed',
  entityType: 'artist',
  entityId,
  metadata,
})
const buy = (item: NonNullable<NonNullable<Told['metadata']>['items']>[number]): Told => ({
  userId: 'u1',
  eventType: 'order.paid',
  entityType: 'order',
  entityId: '1764000000000',
  metadata: { items: [item] },
})
const times = (n: number, events: Told): Told[] => Array.from({ length: n }, () => events)

const profileOf = (events: readonly Told[], user = 'u1') => answerOf(events, reads => listenerProfile(reads, user))

async function sharesOf(events: readonly Told[]): Promise<(string | number)[][]> {
  return (await profileOf(events)).genres.map(({ genre, share }) => [genre, Math.round(share * 1000) / 1000])
}

const NOTHING = { genres: [], hadAlbums: new Set(), hadArtists: new Set(), ownAlbumPlays: new Map() }

test('a listener profile is empty for anonymous listeners, and for those without events', async () => {
  const anonymous = ['anonymous', 'undefined', '[object Object]', ' ']
  const events = [play('a', 'Rock'), play('a', 'Rock', { userId: 'u2', anonymous: true })]
  events.push(...anonymous.map(userId => play('a', 'Rock', { userId })))
  for (const user of ['u2', ...anonymous]) assert.deepEqual(await profileOf(events, user), NOTHING)
})

test('a listener profile weighs plays by their logarithm, and a like, a follow and a purchase more', async () => {
  const events = [...times(3, play('a')), play('b'), like('c'), follow('4'), buy({ albumId: 'd' })]
  const items = await answerOf(events, reads => listenerItems(reads, 'u1'))
  assert.deepEqual(
    items.map(({ type, id, weight }) => [type, id, weight]),
    [
      ['album', 'd', 5],
      ['artist', '4', 4],
      ['track', 'c_1', 3],
      ['track', 'a_1', 2],
      ['track', 'b_1', 1],
    ],
  )
})

test('a listener profile shares the weight among genres, the strongest first', async () => {
  const events = [...times(3, play('a', 'Rock')), play('b', 'jazz'), like('c', 'JAZZ')]
  assert.deepEqual(await sharesOf(events), [
    ['jazz', 0.667],
    ['rock', 0.333],
  ])
})

test('a listener profile orders equal shares by genre', async () => {
  assert.deepEqual(await sharesOf([play('a', 'Rock'), play('b', 'Jazz')]), [
    ['jazz', 0.5],
    ['rock', 0.5],
  ])
})

test('a listener profile does not count what was undone', async () => {
  const events = [like('a', 'Rock'), play('a', 'Rock', { eventType: 'track.unliked' }), play('b', 'Jazz')]
  assert.deepEqual(await sharesOf(events), [['jazz', 1]])
  assert.deepEqual((await profileOf(events)).hadAlbums, new Set())
})

test('a listener profile explains a genre by its items, the strongest first', async () => {
  const events = [play('a', 'Rock', { metadata: { albumId: 'a', genre: 'Rock', title: 'Song' } }), like('b', 'Rock')]
  const more = [...times(2, play('c', 'Rock')), play('d', 'Rock', { entityType: 'album', entityId: 'd' })]
  const [rock] = (await profileOf([...events, ...more])).genres
  const total = 3 + Math.log2(3) + 1 + 1
  assert.deepEqual(rock?.because, [
    { type: 'track', id: 'b_1', albumId: 'b', trackId: '1', title: null, share: 3 / total },
    { type: 'track', id: 'c_1', albumId: 'c', trackId: '1', title: null, share: Math.log2(3) / total },
    { type: 'track', id: 'a_1', albumId: 'a', trackId: '1', title: 'Song', share: 1 / total },
    { type: 'album', id: 'd', title: null, share: 1 / total },
  ])
})

test('a listener profile takes the genre of an artist from most of the albums', async () => {
  const albums = [
    ['a', 'Rock'],
    ['b', 'Rock'],
    ['c', 'Jazz'],
  ].map(([albumId, genre]) => ({ userId: 'u2', metadata: { albumId: albumId!, genre: genre!, artistId: '4' } }))
  const { genres } = await profileOf([...albums, follow('4', { artistName: 'Ana' })])
  assert.deepEqual(genres, [
    { genre: 'rock', share: 1, because: [{ type: 'artist', id: '4', title: 'Ana', share: 1 }] },
  ])
})

test('a listener profile counts a name for the artist that it belongs to', async () => {
  const events = [buy({ artist: 'Ana' }), { userId: 'u2', metadata: { artist: 'ANA', artistId: '4' } }]
  assert.deepEqual((await profileOf(events)).hadArtists, new Set(['4']))
  assert.deepEqual(await profileOf(events.slice(0, 1)), NOTHING)
})

test('a listener profile has the albums that were bought, liked, or played more than three times', async () => {
  const events = [
    buy({ albumId: 'bought' }),
    like('liked'),
    ...times(3, play('known')),
    play('known', undefined, { entityId: '2' }),
    ...times(3, play('tried')),
  ]
  const { hadAlbums, ownAlbumPlays } = await profileOf(events)
  assert.deepEqual(hadAlbums, new Set(['bought', 'liked', 'known']))
  assert.deepEqual([...ownAlbumPlays].sort(), [
    ['known', 4],
    ['tried', 3],
  ])
})

test('a listener profile has what was refunded in part, and not what was refunded as a whole', async () => {
  const refund = (item: Parameters<typeof buy>[0]): Told => ({ ...buy(item), eventType: 'order.refunded' })
  const events = [buy({ albumId: 'a' }), refund({ albumId: 'a', partial: true }), buy({ albumId: 'b' })]
  assert.deepEqual((await profileOf([...events, refund({ albumId: 'b' })])).hadAlbums, new Set(['a']))
})

test('a listener profile has the artists who were followed, bought, liked, or played more than three times', async () => {
  const events = [
    follow('1'),
    buy({ artistId: '2' }),
    ...['3', '4', '5'].map((artistId): Told => ({ metadata: { albumId: `of${artistId}`, artistId } })),
    like('of3'),
    ...times(4, play('of4')),
    ...times(3, play('of5')),
  ]
  assert.deepEqual((await profileOf(events)).hadArtists, new Set(['1', '2', '3', '4']))
})
