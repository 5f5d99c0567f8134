import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recommendPopular } from './popular.ts'
import type { PopularArtist } from './popular-artists.ts'

const artist = (id: string, count: number, countOf: PopularArtist['countOf'] = 'follows'): PopularArtist => ({
  id,
  name: `Name ${id}`,
  count,
  countOf,
})
const NEW_LISTENER = { hadArtists: new Set<string>() }

function scores(artists: readonly PopularArtist[], had: string[] = [], below?: number) {
  const rows = recommendPopular(artists, { hadArtists: new Set(had) }, 10, below)
  return rows.map(({ id, score }) => [id, score])
}

test('popular artists as recommendations have the reason popular', () => {
  assert.deepEqual(recommendPopular([artist('4', 2)], NEW_LISTENER, 10), [
    {
      id: '4',
      type: 'artist',
      title: 'Name 4',
      coverImage: null,
      artist: 'Name 4',
      reason: 'popular',
      score: 1,
      strategy: 'popular',
      exploration: false,
      because: [],
    },
  ])
})

test('popular artists as recommendations are scored by count / greatest count', () => {
  assert.deepEqual(scores([artist('4', 4), artist('5', 1)]), [
    ['4', 1],
    ['5', 0.25],
  ])
})

test('popular artists as recommendations leave out those that the listener has', () => {
  assert.deepEqual(scores([artist('4', 4), artist('5', 1)], ['4']), [['5', 1]])
})

test('popular artists as recommendations are scored below other recommendations, those by plays below those by follows', () => {
  assert.deepEqual(scores([artist('4', 4), artist('5', 1), artist('6', 9, 'plays')], [], 0.5), [
    ['4', 0.4],
    ['5', 0.1],
    ['6', 0.09],
  ])
  assert.deepEqual(scores([artist('6', 9, 'plays')]), [['6', 1]])
})
