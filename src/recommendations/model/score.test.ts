import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { trainingOf } from '../../../test/support/training-data.ts'
import { scoreItems } from './score.ts'
import { trainModel } from './train-model.ts'

const rows = fc.array(fc.uniqueArray(fc.nat(11), { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 12 })
const history = fc.uniqueArray(fc.record({ item: fc.nat(11), weight: fc.double({ min: 0.1, max: 9, noNaN: true }) }), {
  selector: ({ item }) => item,
  maxLength: 6,
})

test("the shares of a history add up to each item's score, however many items there are", () => {
  fc.assert(
    fc.property(rows, history, fc.integer({ min: 12, max: 40 }), (rows, history, items) => {
      const model = trainModel(trainingOf(rows, items), { mostPlayed: new Set() })
      const { scores, sharesOf } = scoreItems(model, history)
      for (let item = 0; item < items; item++) {
        const sum = sharesOf(item).reduce((sum, share) => sum + share, 0)
        assert.ok(Math.abs(sum - scores[item]!) < 1e-6)
        assert.ok(scores[item]! <= 1)
      }
    }),
    { numRuns: 50 },
  )
})
