import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf, type Told } from '../../test/support/query-store.ts'
import { type ReleaseQuestion, releaseKpis } from './release-kpis.ts'

const settings = { defaultCurrency: 'EUR', now: Date.parse('2026-11-24T12:00:00.000Z') }

const artistIdOf = (told: readonly Told[], kind: ReleaseQuestion['kind'], id: string) =>
  answerOf(told, async reads => (await releaseKpis(reads, { kind, id }, settings)).entity.artistId)

test('an album and its tracks name their artist: by its id, or by its name where it has no id', async () => {
  const byId: Told[] = [{ metadata: { albumId: 'a1', artistId: '4', artist: 'DJ Beats' } }]
  assert.equal(await artistIdOf(byId, 'album', 'a1'), '4')
  assert.equal(await artistIdOf(byId, 'track', 'a1_1'), '4')
  const byName: Told[] = [{ metadata: { albumId: 'a1', artist: 'DJ Beats' } }]
  assert.equal(await artistIdOf(byName, 'album', 'a1'), 'dj beats')
  assert.equal(await artistIdOf(byName, 'track', 'a1_1'), 'dj beats')
})

test('a track without an album names the artist of its own events', async () => {
  assert.equal(await artistIdOf([{ entityId: 'spotify:77', metadata: { artistId: '4' } }], 'track', 'spotify:77'), '4')
})

test('a release of no known artist names none, and neither does an id that nothing names', async () => {
  const told: Told[] = [{ metadata: { albumId: 'a1' } }]
  assert.equal(await artistIdOf(told, 'album', 'a1'), null)
  assert.equal(await artistIdOf(told, 'track', 'a1_1'), null)
  assert.equal(await artistIdOf(told, 'album', 'nothing'), null)
})
