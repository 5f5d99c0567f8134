import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { trainingOf } from '../../../test/support/training-data.ts'
import { scoreItems } from '../model/score.ts'
import { trainModel } from '../model/train-model.ts'
import { listByModel } from './model-list.ts'
import { similarItems } from './similar-items.ts'

const ITEMS = 24
const rows = fc.array(fc.uniqueArray(fc.nat(ITEMS - 1), { minLength: 1, maxLength: 8 }), {
  minLength: 3,
  maxLength: 12,
})
const history = fc.uniqueArray(fc.record({ item: fc.nat(ITEMS - 1), weight: fc.constantFrom(1, 2, 5) }), {
  selector: ({ item }) => item,
  maxLength: 6,
})
const rules = fc.record({ isExploring: fc.boolean(), diversity: fc.constantFrom(0, 0.3) })

/** Three items of each artist; of the 8 artists, two are the most played. */
function modelOf(rows: number[][]) {
  const data = trainingOf(rows, ITEMS)
  const artists = data.ids.map((_, item) => `artist ${item % 8}`)
  return trainModel(
    { ...data, kind: 'album', artists },
    { mostPlayed: new Set(['artist 0', 'artist 1']), dimensions: 8 },
  )
}

test('a list has what the listener does not know once, with shares that add up to the score and a reason that is the greatest', () => {
  fc.assert(
    fc.property(rows, history, rules, (rows, history, rules) => {
      const model = modelOf(rows)
      const known = new Set(history.map(({ item }) => item))
      const list = listByModel(model, { history, known, had: known }, { ...rules, limit: ITEMS })
      const { scores, genreShareOf } = scoreItems(model, history)
      assert.deepEqual(
        list.map(({ item }) => item).sort((a, b) => a - b),
        model.ids.map((_, item) => item).filter(item => !known.has(item)),
      )
      for (const { item, strategy, score, shares, reason } of list) {
        assert.equal(strategy === 'popular', scores[item]! <= 0)
        assert.ok(score >= 0 && score <= 1)
        if (strategy === 'popular') assert.deepEqual([reason, shares.length], ['popular', 0])
        else {
          const sum = shares.reduce((sum, share) => sum + share, 0)
          assert.ok(Math.abs(sum - score) < 1e-6)
          assert.equal(reason.startsWith('genre:'), genreShareOf(item) > score - genreShareOf(item))
          const strongest = history[shares.indexOf(Math.max(...shares))]!
          if (!reason.startsWith('genre:')) assert.equal(reason, `similar:${model.ids[strongest.item]}`)
        }
      }
      const firstCapped = list.findIndex(
        ({ item }, i) => list.slice(0, i).filter(other => other.item % 8 === item % 8).length === 2,
      )
      const rest = firstCapped < 0 ? [] : list.slice(firstCapped)
      // From the first row beyond the cap on, all are beyond it: no row within it was left.
      for (const { item } of rest)
        assert.ok(list.slice(0, firstCapped).filter(other => other.item % 8 === item % 8).length === 2)
    }),
    { numRuns: 40 },
  )
})

test('a shorter list is the beginning of a longer one', () => {
  fc.assert(
    fc.property(rows, history, rules, fc.integer({ min: 1, max: ITEMS }), (rows, history, rules, limit) => {
      const model = modelOf(rows)
      const known = new Set(history.map(({ item }) => item))
      const whole = listByModel(model, { history, known, had: known }, { ...rules, limit: ITEMS })
      const short = listByModel(model, { history, known, had: known }, { ...rules, limit })
      assert.deepEqual(short, whole.slice(0, limit))
    }),
    { numRuns: 40 },
  )
})

test('what was only tried comes back among popular items alone', () => {
  const model = modelOf([
    [0, 1, 2],
    [1, 2, 3],
    [0, 3, 4],
  ])
  const history = [{ item: 1, weight: 1 }]
  const list = listByModel(
    model,
    { history, known: new Set([1]), had: new Set() },
    { limit: ITEMS, isExploring: true, diversity: 0 },
  )
  assert.equal(list.find(({ item }) => item === 1)?.strategy, 'popular')
})

test('a listener of whom nothing is known gets what is popular, the most played first', () => {
  const nobody = { history: [], known: new Set<number>(), had: new Set<number>() }
  const list = listByModel(
    modelOf([
      [0, 1],
      [1, 2],
      [2, 3],
    ]),
    nobody,
    { limit: 3, isExploring: true, diversity: 0 },
  )
  assert.deepEqual(
    list.map(({ item, strategy, score }) => [item, strategy, score]),
    [
      [0, 'popular', 1],
      [1, 'popular', 23 / 24],
      [2, 'popular', 22 / 24],
    ],
  )
})

test('similar items are the nearest ones, the greatest strength first, two of an artist before others', () => {
  fc.assert(
    fc.property(rows, fc.nat(ITEMS - 1), fc.array(fc.nat(ITEMS - 1)), (rows, item, except) => {
      const model = modelOf(rows)
      const { starts, columns, values } = model.neighbours
      const near = [...columns.subarray(starts[item], starts[item + 1])]
      const strengths = new Map(near.map((other, i) => [other, values[starts[item]! + i]!]))
      const sorted = near
        .filter(other => !except.includes(other))
        .sort((a, b) => strengths.get(b)! - strengths.get(a)! || a - b)
      const isWithin = (other: number, i: number) =>
        sorted.slice(0, i).filter(before => before % 8 === other % 8).length < 2
      const expected = [...sorted.filter(isWithin), ...sorted.filter((other, i) => !isWithin(other, i))]
      const greatest = Math.max(...strengths.values())
      assert.deepEqual(
        similarItems(model, item, new Set(except), 9),
        expected.slice(0, 9).map(other => ({ item: other, score: strengths.get(other)! / greatest })),
      )
    }),
    { numRuns: 50 },
  )
})
