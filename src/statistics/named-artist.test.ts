import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Told, withEvents } from '../../test/support/query-store.ts'
import type { CatalogueRecord } from '../catalogue/catalogue-record.ts'
import type { IngestedEvent } from '../events/event.ts'
import { artistOf, type NamedArtist } from './named-artist.ts'

const OTHER_ID = '65f0a1b2c3d4e5f6a7b8c9d0'

const event = (more: Told, i: number): IngestedEvent => ({
  event: { eventId: `e${i}`, eventType: 'track.played', entityType: 'track', entityId: '1', timestamp: 0, ...more },
  decision: { currency: 'EUR' },
})

/** The artist that each of the texts means, where these events came and the catalogue taught these artists. */
async function artistsOf(texts: readonly string[], told: readonly Told[], facts: Record<string, CatalogueRecord> = {}) {
  const found: NamedArtist[] = []
  const events = told.map(event)
  await withEvents(
    events,
    1,
    async figures => {
      for (const text of texts) found.push(await figures.ask(reads => artistOf(reads, text)))
    },
    new Map(Object.entries(facts)),
  )
  return found
}

const artist = (name: string): CatalogueRecord => ({ kind: 'artist', at: 0, name, genre: null })
const alias = (artistId: string): CatalogueRecord => ({ kind: 'alias', at: 0, artistId })

test('a name that is bound to no artist means the folded name, however it is spelled', async () => {
  const spellings = ['Ñandú Eléctrico', 'ñandú eléctrico', ' ÑANDÚ ELÉCTRICO ', 'Ñandú Eléctrico'.normalize('NFD')]
  for (const told of [[], [{ metadata: { artist: 'Ñandú Eléctrico' } }]]) {
    const found = await artistsOf(spellings, told)
    assert.deepEqual(
      found.map(({ keys }) => keys),
      spellings.map(() => ['ñandú eléctrico']),
    )
    assert.deepEqual([found[0]?.id, found[2]?.id], ['Ñandú Eléctrico', 'ÑANDÚ ELÉCTRICO'])
  }
})

test('number, other id and name of an artist all mean one artist, with all of them as its keys', async () => {
  const facts = { 'artist:4': artist('DJ Beats'), [`artist:${OTHER_ID}`]: alias('4') }
  const spellings = ['4', ' 4 ', OTHER_ID, OTHER_ID.toUpperCase(), 'DJ Beats', 'dj beats', ' DJ BEATS ']
  const told = [{ metadata: { artist: 'DJ Beats', albumId: 'a1' } }, { metadata: { artist: 'Deejay', artistId: '4' } }]
  for (const { id, keys } of await artistsOf(spellings, told, facts)) {
    assert.deepEqual([id, keys[0], keys.slice(1).sort()], ['4', '4', [OTHER_ID, 'deejay', 'dj beats']])
  }
})

test('a name means the artist that events name with it, and none where two artists of the catalogue bear it', async () => {
  const follow: Told = { eventType: 'artist.followed', entityType: 'artist', entityId: '7' }
  const told = [{ ...follow, metadata: { artistName: 'Ana' } }]
  assert.deepEqual(await artistsOf(['ANA'], told), [{ id: '7', keys: ['7', 'ana'] }])
  const twice = { 'artist:7': artist('Ana'), 'artist:8': artist('ana') }
  assert.deepEqual(await artistsOf(['ANA', '7'], told, twice), [
    { id: 'ANA', keys: ['ana'] },
    { id: '7', keys: ['7'] },
  ])
})

test('an id means the artist of exactly that spelling where events name it', async () => {
  const told = [{ entityType: 'artist', entityId: 'Ab1', metadata: {} }]
  assert.deepEqual(await artistsOf(['Ab1', ' Ab1', 'ab1'], told), [
    { id: 'Ab1', keys: ['Ab1'] },
    { id: 'Ab1', keys: ['Ab1'] },
    { id: 'ab1', keys: ['ab1'] },
  ])
})
