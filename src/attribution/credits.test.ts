/** The rules of `docs/architecture.md`, 'Who an event belongs to', with what real clients send. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type NaiveEvent, naiveCredits } from '../../test/support/naive-rules.ts'
import { randomEvents } from '../../test/support/random-events.ts'
import { validateEvent } from '../events/validate.ts'
import { type CreditedEvent, creditEvent } from './credits.ts'

const ALBUM = '665f1c2e8b3e4a0012ab34cd'

type Fields = Record<string, unknown>

function credited(raw: Fields): CreditedEvent {
  const full = { timestamp: '2026-11-24T10:00:00Z', eventType: 'track.played', entityId: '1', ...raw }
  const context = { now: Date.UTC(2026, 10, 24, 12), defaultCurrency: 'EUR', playMinSeconds: 30, newId: () => 'id' }
  const result = validateEvent(full, context)
  assert.ok(result.ok, JSON.stringify(result))
  return creditEvent(result)
}

/** The order of associations means nothing. */
const sorted = (texts: string[]) => texts.toSorted()

const keys = (raw: Fields) => credited(raw).credits.map(({ key }) => key)
const associations = (raw: Fields) => sorted(credited(raw).associations.map(({ from, to }) => `${from} > ${to}`))
const play = (metadata: Fields | null, more: Fields = {}) => ({ entityType: 'track', metadata, ...more })
const order = (metadata: Fields | null, more: Fields = {}) => ({
  eventType: 'order.paid',
  entityType: 'order',
  entityId: '1795514400000',
  metadata,
  ...more,
})

/** The lines of an order: key, number, minor units and currency. */
const lines = (raw: Fields) =>
  credited(raw).credits.map(({ key, by, revenue }) => [key, by, revenue?.minor, revenue?.currency])

test("the front end's play belongs to its album, and associates the album with the name", () => {
  const event = credited({ ...play({ albumId: ALBUM, artist: 'DJ Beats' }), userId: 'u1' })
  assert.deepEqual(event.credits, [
    { key: `album:${ALBUM}`, measure: 'plays', by: 1, part: 0, album: `album:${ALBUM}` },
  ])
  assert.deepEqual(
    [event.track, event.album, event.listener, event.counted],
    [`track:${ALBUM}_1`, `album:${ALBUM}`, 'u1', true],
  )
  assert.deepEqual(sorted(event.associations.map(({ from, to }) => `${from} > ${to}`)), [
    `album:${ALBUM} > name:dj beats`,
    'name:dj beats > label:DJ Beats',
    `track:${ALBUM}_1 > album:${ALBUM}`,
  ])
})

test("the front end's like meets the play under one track", () => {
  const like = { eventType: 'track.liked', entityType: 'track', metadata: { artist: null, albumId: null } }
  const event = credited({ ...like, entityId: `${ALBUM}_1` })
  assert.deepEqual([event.track, event.album], [`track:${ALBUM}_1`, `album:${ALBUM}`])
  assert.deepEqual(event.credits, [
    { key: `album:${ALBUM}`, measure: 'likes', by: 1, part: 0, album: `album:${ALBUM}` },
  ])
  assert.equal(credited({ ...like, entityId: `${ALBUM}_1`, metadata: { albumId: ALBUM } }).track, `track:${ALBUM}_1`)
})

test("the front end's follow belongs to the artist, and associates the name with it", () => {
  const follow = {
    eventType: 'artist.followed',
    entityType: 'artist',
    entityId: '4',
    metadata: { artistName: 'DJ Beats' },
  }
  assert.deepEqual(credited(follow).credits, [{ key: 'artist:4', measure: 'follows', by: 1, part: 0 }])
  assert.deepEqual(associations(follow), [
    'artist:4 > label:DJ Beats',
    'name:dj beats > artist:4',
    'name:dj beats > label:DJ Beats',
  ])
  assert.equal(credited(follow).track, undefined)
})

test("the front end's order names no artist", () => {
  const paid = order({ price: 14.270000000000001, currency: 'EUR', itemsCount: 2 })
  assert.deepEqual(lines(paid), [['none', 1, 1427, 'EUR']])
  assert.deepEqual(lines(order({ price: 0, currency: 'EUR', itemsCount: 1 })), [['none', 1, 0, 'EUR']])
  assert.deepEqual(lines(order(null)), [['none', 1, undefined, undefined]])
})

test('the second client names the artist by the entity on every event', () => {
  const base = { entityId: 'ar1' }
  assert.deepEqual(keys({ ...base, metadata: { albumId: 'a1' } }), ['artist:ar1'])
  assert.deepEqual(associations({ ...base, metadata: { albumId: 'a1' } }), ['album:a1 > artist:ar1'])
  assert.equal(credited({ ...base, metadata: { albumId: 'a1' } }).track, undefined)
  assert.deepEqual(keys({ ...base, eventType: 'track.liked' }), ['artist:ar1'])
  assert.deepEqual(lines({ ...base, eventType: 'order.paid', metadata: { price: 9.99 } }), [
    ['artist:ar1', 1, 999, 'EUR'],
  ])
})

test("the old service's events: nulls, and early plays without an album", () => {
  const event = credited(
    play({ artist: 'DJ Beats', title: 'Night Drive', artistId: null }, { userId: 'anonymous', anonymous: false }),
  )
  assert.deepEqual(
    event.credits.map(({ key }) => key),
    ['name:dj beats'],
  )
  assert.deepEqual([event.track, event.listener], [undefined, undefined])
  assert.deepEqual(keys({ entityType: null, entityId: '4', metadata: null }), ['artist:4'])
})

test('the first rule that applies decides', () => {
  const cases: [Fields, string[]][] = [
    [play({ artistIds: ['7', 4, '7'], artistId: '9', albumId: 'a1', artist: 'X' }), ['artist:7', 'artist:4']],
    [play({ artistId: 4, albumId: 'a1', artist: 'X' }), ['artist:4']],
    [{ entityType: 'artist', entityId: '4', metadata: { artistId: '9' } }, ['artist:9']],
    [{ entityType: 'artist', entityId: '4', metadata: { albumId: 'a1', artist: 'X' } }, ['artist:4']],
    [{ entityId: '4', metadata: { artist: 'X' } }, ['name:x']],
    [{ entityId: '4', metadata: { artistName: 'X', albumId: 'a1' } }, ['album:a1']],
    [{ entityId: '4', metadata: { artist: ' \t' } }, ['artist:4']],
    [{ entityType: 'album', entityId: 'a1', metadata: { artist: 'X' } }, ['album:a1']],
    [{ entityType: 'album', entityId: 'a1', metadata: { albumId: 'a2' } }, ['album:a2']],
    [play({ artist: 'X' }, { entityId: `${ALBUM}_12` }), [`album:${ALBUM}`]],
    [play({ artist: 'X' }, { entityId: `${ALBUM}_x` }), ['name:x']],
    [{ entityType: 'playlist', entityId: `${ALBUM}_12`, metadata: { artist: 'X' } }, ['name:x']],
    [play({ artist: '  Zoë\u0301 & Co ' }), ['name:zoë́ & co'.normalize('NFC')]],
    [play(null), ['none']],
    [play({ items: [{ artistId: '4' }] }), ['none']],
  ]
  for (const [raw, expected] of cases) assert.deepEqual(keys(raw), expected, JSON.stringify(raw))
})

test('each item of an order goes to its own artist or album, with its own price', () => {
  const items = [
    { artistId: 4, price: 9.99, quantity: 2 },
    { albumId: 'a1', price: '5', currency: 'USD' },
    { artist: 'DJ Beats', price: 1 },
    { artistIds: ['4', '7'], price: 0.05 },
    { price: 3 },
  ]
  assert.deepEqual(lines(order({ items, price: 999, currency: 'GBP' })), [
    ['artist:4', 1, 1998, 'GBP'],
    ['album:a1', 1, 500, 'USD'],
    ['name:dj beats', 1, 100, 'GBP'],
    ['artist:4', 1, 3, 'GBP'],
    ['artist:7', 1, 2, 'GBP'],
    ['none', 1, 300, 'GBP'],
  ])
})

test('an item that names no artist is credited as its order is', () => {
  assert.deepEqual(lines(order({ artistId: '9', items: [{ price: 1 }, { artistId: '4', price: 2 }] })), [
    ['artist:9', 1, 100, 'EUR'],
    ['artist:4', 1, 200, 'EUR'],
  ])
})

test('the total of items without prices is split between them', () => {
  const items = [{ artistId: '4' }, { artistId: '7' }, { artistId: '9' }]
  assert.deepEqual(
    lines(order({ items, price: 10 })).map(([, , minor]) => minor),
    [334, 333, 333],
  )
})

test('the revenue of several artists is split without loss, each has the purchase', () => {
  assert.deepEqual(lines(order({ artistIds: ['a', 'b', 'c'], price: 10, currency: 'EUR' })), [
    ['artist:a', 1, 334, 'EUR'],
    ['artist:b', 1, 333, 'EUR'],
    ['artist:c', 1, 333, 'EUR'],
  ])
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1, max: 100 }), (minor, artists) => {
      const artistIds = Array.from({ length: artists }, (_, i) => i)
      const { credits } = credited(order({ artistIds, price: minor, currency: 'JPY' }))
      assert.equal(
        credits.reduce((sum, { revenue }) => sum + (revenue?.minor ?? 0), 0),
        minor,
      )
    }),
  )
})

test('opposites take away', () => {
  assert.deepEqual(lines(order({ artistId: '4', price: 9.99 }, { eventType: 'order.refunded' })), [
    ['artist:4', -1, -999, 'EUR'],
  ])
  const [free] = credited(order({ price: 0 }, { eventType: 'order.refunded' })).credits
  assert.ok(Object.is(free?.revenue?.minor, 0))
  for (const eventType of ['track.unliked', 'artist.unfollowed']) {
    assert.equal(credited({ ...play({ artistId: '4' }), eventType }).credits[0]?.by, -1)
  }
})

test('a track is its album and its number', () => {
  const track = (entityId: string, metadata: Fields | null, entityType: string | null = 'track') =>
    credited({ entityId, entityType, metadata }).track
  assert.equal(track('1', { albumId: 'a1' }), 'track:a1_1')
  assert.equal(track('a1_1', { albumId: 'a1' }), 'track:a1_1')
  assert.equal(track('1234567890', { albumId: 'a1' }), 'track:a1_1234567890')
  assert.equal(track('12345678901', { albumId: 'a1' }), 'track:12345678901')
  assert.equal(track(`${ALBUM}_3`, null), `track:${ALBUM}_3`)
  assert.equal(track('t1', null), 'track:t1')
  assert.equal(track('1', null), undefined)
  assert.equal(track('1', { artist: 'X' }), undefined)
  assert.equal(track('t1', { artistId: '4' }, null), 'track:t1')
  assert.equal(track('t1', { artist: 'X', albumId: 'a1' }, null), 'track:a1_t1')
  assert.equal(track('t1', { artist: ' ' }, null), undefined)
  assert.equal(track('t1', { albumId: 'a1' }, null), undefined)
  assert.equal(track('t1', { artist: 'X' }, 'album'), undefined)
})

test('a listener is the user, unless anonymous', () => {
  const listener = (more: Fields) => credited({ ...play(null), ...more }).listener
  assert.equal(listener({ userId: 'u1' }), 'u1')
  assert.equal(listener({ userId: 7 }), '7')
  for (const userId of [null, '', ' ', 'anonymous', 'Anonymous', 'undefined', 'NULL', 'NaN', '[object Object]']) {
    assert.equal(listener({ userId }), undefined, String(userId))
  }
  assert.equal(listener({ userId: 'u1', anonymous: true }), undefined)
})

test('an absent id names no entity', () => {
  const cases: [Fields, string[]][] = [
    [play({ artistId: 'undefined', albumId: 'a1', artist: 'X' }), ['album:a1']],
    [play({ artistIds: ['null', ' '], artistId: '4' }), ['artist:4']],
    [play({ artistIds: ['null', '7', 'NaN'] }), ['artist:7']],
    [play({ albumId: '[object Object]', artist: 'X' }), ['name:x']],
    [{ entityType: 'artist', entityId: 'undefined', metadata: { artist: 'X' } }, ['name:x']],
    [{ entityType: 'album', entityId: 'null' }, ['none']],
    [{ entityType: 'undefined', entityId: '4' }, ['artist:4']],
    [{ entityId: 'undefined' }, ['none']],
  ]
  for (const [raw, expected] of cases) assert.deepEqual(keys(raw), expected, JSON.stringify(raw))
  assert.equal(credited(play({ albumId: 'a1' }, { entityId: 'undefined' })).track, undefined)
  const item = { albumId: 'undefined', artistId: 'NULL', price: 1 }
  assert.deepEqual(lines(order({ artistId: '9', items: [item] })), [['artist:9', 1, 100, 'EUR']])
  assert.deepEqual(associations(play({ albumId: 'undefined', artist: 'X', genre: 'undefined' })), ['name:x > label:X'])
})

test('an artist may be called Null or Undefined, but not as an object is written', () => {
  assert.deepEqual(keys(play({ artist: 'Null' })), ['name:null'])
  assert.deepEqual(keys(play({ artist: 'Undefined' })), ['name:undefined'])
  assert.deepEqual(keys(play({ artist: '[object Object]' })), ['none'])
  assert.deepEqual(keys(play({ artist: '[object Object]', artistName: 'X' })), ['name:x'])
})

test('a partial refund takes back revenue, not the purchase', () => {
  const refund = (metadata: Fields, eventType = 'order.refunded') => order(metadata, { eventType, userId: 'u1' })
  const items = [
    { albumId: 'a1', price: 3, partial: true },
    { artistIds: ['4', '7'], price: 5 },
  ]
  assert.deepEqual(lines(refund({ items })), [
    ['album:a1', 0, -300, 'EUR'],
    ['artist:4', -1, -250, 'EUR'],
    ['artist:7', -1, -250, 'EUR'],
  ])
  assert.deepEqual(
    credited(refund({ items })).credits.map(({ part, album }) => [part, album]),
    [
      [0, 'album:a1'],
      [0, undefined],
      [1, undefined],
    ],
  )
  assert.deepEqual(
    lines(refund({ items, partial: true })).map(([, by]) => by),
    [0, 0, 0],
  )
  assert.deepEqual(lines(refund({ artistId: '4', price: 2, partial: true })), [['artist:4', 0, -200, 'EUR']])
  assert.deepEqual(lines(refund({ artistId: '4', price: 2, partial: false })), [['artist:4', -1, -200, 'EUR']])
  assert.deepEqual(associations(refund({ artistId: '4', albumId: 'a1', partial: true })), ['album:a1 > artist:4'])
})

test('partial is ignored where nothing is taken back', () => {
  assert.deepEqual(lines(order({ artistId: '4', price: 2, partial: true })), [['artist:4', 1, 200, 'EUR']])
})

test('an object in the place of an artist is credited by its id, and its name is associated', () => {
  const artist = { _id: ALBUM, id: 4, name: 'DJ Beats', albums: [] }
  assert.deepEqual(
    associations(play({ albumId: 'a1', artist })),
    associations(play({ albumId: 'a1', artistId: 4, artist: 'DJ Beats' })),
  )
  assert.deepEqual(lines(order({ items: [{ artist, price: 1 }] })), [['artist:4', 1, 100, 'EUR']])
  assert.deepEqual(keys(play({ artistIds: [artist, '7'] })), ['artist:4', 'artist:7'])
})

test('random events are credited as a plain reading of the rules says', () => {
  const inOrder = ({ associations, ...credited }: NaiveEvent) => ({
    ...credited,
    associations: sorted(associations.map(({ from, to }) => `${from} > ${to}`)),
  })
  fc.assert(
    fc.property(randomEvents(20), events => {
      for (const event of events) assert.deepEqual(inOrder(creditEvent(event)), inOrder(naiveCredits(event)))
    }),
    { numRuns: 500 },
  )
})

test('a skip counts nothing, and adds its associations', () => {
  const event = credited(play({ albumId: 'a1', artistId: '4', durationMs: 200_000, playedMs: 5000 }))
  assert.equal(event.counted, false)
  assert.ok(event.associations.some(({ from, to }) => from === 'album:a1' && to === 'artist:4'))
})

test('only entities of which an event names exactly one are associated', () => {
  const pairs = (metadata: Fields) =>
    associations(play(metadata, { entityId: 'song' })).filter(pair => !/label|track/.test(pair))
  assert.deepEqual(pairs({ albumId: 'a1', artistId: '4', artist: 'X' }), [
    'album:a1 > artist:4',
    'album:a1 > name:x',
    'name:x > artist:4',
  ])
  assert.deepEqual(pairs({ albumId: 'a1', artistIds: ['4', '7'], artist: 'X' }), ['album:a1 > name:x'])
  assert.deepEqual(pairs({ albumId: 'a1', artistIds: ['4', '4'] }), ['album:a1 > artist:4'])
  assert.deepEqual(pairs({ albumId: 'a1', genre: ' Rock ' }), ['album:a1 > genre:rock'])
})

test('tracks are associated with album, title and genre', () => {
  assert.deepEqual(associations(play({ albumId: 'a1', title: 'Night Drive', genre: 'Rock' })), [
    'album:a1 > genre:rock',
    'track:a1_1 > album:a1',
    'track:a1_1 > genre:rock',
    'track:a1_1 > label:Night Drive',
  ])
  assert.ok(associations(play({ artistId: '4' }, { entityId: 'song' })).includes('track:song > artist:4'))
})

test('an artist is associated with a genre where the event names neither album nor track', () => {
  const ofArtist = { entityType: 'artist', entityId: '4' } as const
  assert.deepEqual(associations(play({ genre: 'Rock' }, ofArtist)), ['artist:4 > genre:rock'])
  assert.deepEqual(associations(play({ artistIds: ['4', '7'], genre: 'Rock' }, ofArtist)), [])
  assert.ok(!associations(play({ albumId: 'a1', genre: 'Rock' }, ofArtist)).includes('artist:4 > genre:rock'))
  assert.ok(
    !associations(play({ artistId: '4', genre: 'Rock' }, { entityId: 'song' })).includes('artist:4 > genre:rock'),
  )
})

test('an order associates what its lines name, each pair once', () => {
  const line = { albumId: 'a1', artistId: '4', genre: 'Rock' }
  assert.deepEqual(associations(order({ items: [line, line, { albumId: 'a2', artist: 'X' }] })), [
    'album:a1 > artist:4',
    'album:a1 > genre:rock',
    'album:a2 > name:x',
    'name:x > label:X',
  ])
})
