/** Which of the artists that a search found is the one of the page. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Milestones } from '../../../../http/milestones.ts'
import type { ArtistReleases } from '../../../../http/releases.ts'
import type { SearchResult } from '../../../../http/search.ts'
import { artistAmong, isUnheard } from './profile.ts'

type Found = SearchResult['items'][number]

const artist = (entityId: string, name: string, match: Found['match'] = 'id') =>
  ({ id: entityId, entityId, name, match, type: 'artist' }) as Found

test('the artist with the very id is found, also where a name is the same', () => {
  const items = [artist('12', '7', 'name'), artist('7', 'Ana')]
  assert.equal(artistAmong(items, '7')?.name, 'Ana')
})

test('another id of an artist finds the artist', () => {
  assert.equal(artistAmong([artist('4', 'Ana')], '65a1b2c3d4e5f60718293a4b')?.name, 'Ana')
})

test('an artist whose id only begins in the same way is not found', () => {
  assert.equal(artistAmong([artist('abcdefgh-2', 'Ana')], 'abcdefgh'), undefined)
})

test('an artist may be asked for by its name, in any case of letters', () => {
  assert.equal(artistAmong([artist('9', 'DJ Beatsmith', 'name'), artist('4', 'DJ Beats', 'name')], 'dj beats')?.id, '4')
  assert.equal(artistAmong([artist('9', 'DJ Beatsmith', 'name')], 'dj beats'), undefined)
})

test('an artist is unheard of only where nothing was counted and there is no release, and both are known', () => {
  const milestones = (count: number) => ({ next: [{ measure: 'plays', count, next: 10 }] }) as Milestones
  const releases = (items: object[]) => ({ items }) as ArtistReleases
  assert.equal(isUnheard(milestones(0), releases([])), true)
  assert.equal(isUnheard(milestones(1), releases([])), false)
  assert.equal(isUnheard(milestones(0), releases([{}])), false)
  assert.equal(isUnheard(undefined, releases([])), false)
  assert.equal(isUnheard(milestones(0), undefined), false)
})
