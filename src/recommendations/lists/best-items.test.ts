import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bestItems } from './best-items.ts'

test('the best items are the beginning of all items by score, ties by number, without known ones and those not above 0', () => {
  const scores = fc.array(fc.integer({ min: -2, max: 6 }), { maxLength: 40 })
  fc.assert(
    fc.property(scores, fc.array(fc.nat(39)), fc.integer({ min: 1, max: 20 }), (scores, known, count) => {
      const all = scores.map((score, item) => ({ score, item }))
      const sorted = all.sort((a, b) => b.score - a.score || a.item - b.item)
      const left = sorted.filter(({ score, item }) => score > 0 && !known.includes(item))
      assert.deepEqual(
        bestItems(scores, item => known.includes(item), count),
        left.map(({ item }) => item).slice(0, count),
      )
    }),
  )
})
