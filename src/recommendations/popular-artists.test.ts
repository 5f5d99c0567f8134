import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
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

async function popular(told: readonly Told[], limit = 10) {
  const artists = await answerOf(told, reads => popularArtists(reads, NOW, limit))
  return artists.map(({ id, count, countOf }) => [id, count, countOf])
}

describe('popular artists', () => {
  it('are those of most follows, then those of most plays', async () => {
    const told = [follow('4'), follow('4'), follow('5'), play('5'), play('6'), play('7'), play('7'), play('8')]
    const all = [
      ['4', 2, 'follows'],
      ['5', 1, 'follows'],
      ['7', 2, 'plays'],
      ['6', 1, 'plays'],
      ['8', 1, 'plays'],
    ]
    assert.deepEqual(await popular(told), all)
    assert.deepEqual(await popular(told, 3), all.slice(0, 3))
  })

  it('are not those of more than a year ago, nor names without an id', async () => {
    const old = '2025-11-24T12:00:00Z'
    const told = [follow('4', { at: old }), play('5', { at: old }), play('6'), { metadata: { artist: 'Ana' } }]
    assert.deepEqual(await popular(told), [['6', 1, 'plays']])
  })

  it('have what was played on their albums, and their names', async () => {
    const told = [
      play('4', { metadata: { artistId: '4', albumId: 'a', artist: 'Ana' } }),
      { metadata: { albumId: 'a' } },
    ]
    const artists = await answerOf(told, reads => popularArtists(reads, NOW, 10))
    assert.deepEqual(artists, [{ id: '4', name: 'Ana', count: 2, countOf: 'plays' }])
  })
})

describe('plays of albums', () => {
  it('are all that were counted, of everybody', async () => {
    const told: Told[] = [
      { metadata: { albumId: 'a' } },
      { metadata: { albumId: 'a' }, at: '2020-01-01T00:00:00Z', entityId: '2' },
      { metadata: { albumId: 'a' }, skipped: true },
      { metadata: { albumId: 'b' } },
    ]
    const plays = await answerOf(told, reads => albumPlays(reads, ['a', 'a', 'c']))
    assert.deepEqual(plays, new Map([['a', 2]]))
  })
})
