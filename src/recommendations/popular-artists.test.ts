import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf, type Told } from '../../test/support/query-store.ts'
import { albumPlays } from './album-plays.ts'
import { popularArtists } from './popular-artists.ts'

const NOW = Date.parse('2026-11-24T12:00:00Z')
const follow = (entityId: string, more: Told = {}): Told => ({
  eventType: 'artist.followed',
  entityType: 'artist',
  entityId,
  ...more,
})
const play = (artistId: string, more: Told = {}): Told => ({ metadata: { artistId }, ...more })

async function popular(events: readonly Told[], limit = 10) {
  const artists = await answerOf(events, reads => popularArtists(reads, NOW, limit))
  return artists.map(({ id, count, countOf }) => [id, count, countOf])
}

test('popular artists are those with most follows, then those with most plays', async () => {
  const events = [follow('4'), follow('4'), follow('5'), play('5'), play('6'), play('7'), play('7'), play('8')]
  const all = [
    ['4', 2, 'follows'],
    ['5', 1, 'follows'],
    ['7', 2, 'plays'],
    ['6', 1, 'plays'],
    ['8', 1, 'plays'],
  ]
  assert.deepEqual(await popular(events), all)
  assert.deepEqual(await popular(events, 3), all.slice(0, 3))
})

test('popular artists of the last year leave out older events, and names without an id', async () => {
  const old = '2025-11-24T12:00:00Z'
  const events = [follow('4', { at: old }), play('5', { at: old }), play('6'), { metadata: { artist: 'Ana' } }]
  assert.deepEqual(await popular(events), [['6', 1, 'plays']])
})

test('popular artists have the plays of their albums, and their names', async () => {
  const events = [
    play('4', { metadata: { artistId: '4', albumId: 'a', artist: 'Ana' } }),
    { metadata: { albumId: 'a' } },
  ]
  const artists = await answerOf(events, reads => popularArtists(reads, NOW, 10))
  assert.deepEqual(artists, [{ id: '4', name: 'Ana', count: 2, countOf: 'plays' }])
})

test('plays of albums are the counted plays of all listeners and all time', async () => {
  const events: Told[] = [
    { metadata: { albumId: 'a' } },
    { metadata: { albumId: 'a' }, at: '2020-01-01T00:00:00Z', entityId: '2' },
    { metadata: { albumId: 'a' }, skipped: true },
    { metadata: { albumId: 'b' } },
  ]
  const plays = await answerOf(events, reads => albumPlays(reads, ['a', 'a', 'c']))
  assert.deepEqual(plays, new Map([['a', 2]]))
})
