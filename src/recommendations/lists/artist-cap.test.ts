import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { capByArtist } from './artist-cap.ts'
import { shortlist } from './shortlist.ts'

const artists = fc.array(fc.constantFrom('a', 'b', 'c', null), { minLength: 1, maxLength: 30 })

/** How many items of the same artist come before each item. */
const before = (artists: readonly (string | null)[], items: readonly number[]) =>
  items.map(
    (item, i) => items.slice(0, i).filter(other => artists[other] !== null && artists[other] === artists[item]).length,
  )

test('of each artist, the first two items are within the cap; items of nobody in particular all are', () => {
  fc.assert(
    fc.property(artists, artists => {
      const items = [...artists.keys()].reverse()
      const counts = before(artists, items)
      assert.deepEqual(
        capByArtist(items, item => artists[item]),
        {
          within: items.filter((_, i) => counts[i]! < 2),
          beyond: items.filter((_, i) => counts[i]! >= 2),
        },
      )
    }),
  )
})

test('a shortlist is the beginning of all items within the cap, and has all others where it is short', () => {
  const scored = artists.chain(artists =>
    fc.tuple(
      fc.constant(artists),
      fc.array(fc.integer({ min: -1, max: 5 }), { minLength: artists.length, maxLength: artists.length }),
    ),
  )
  fc.assert(
    fc.property(scored, fc.array(fc.nat(29)), fc.integer({ min: 1, max: 8 }), ([artists, scores], known, size) => {
      const sorted = [...scores.keys()]
        .filter(item => scores[item]! > 0 && !known.includes(item))
        .sort((a, b) => scores[b]! - scores[a]! || a - b)
      const all = capByArtist(sorted, item => artists[item])
      const found = shortlist(scores, item => known.includes(item), artists, size)
      assert.deepEqual(found.within, all.within.slice(0, size))
      if (found.within.length < size) assert.deepEqual(found.beyond, all.beyond)
    }),
  )
})
