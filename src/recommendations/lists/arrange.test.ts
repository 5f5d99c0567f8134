import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { trainingOf } from '../../../test/support/training-data.ts'
import { trainModel } from '../model/train-model.ts'
import { arrange } from './arrange.ts'

const ITEMS = 60
const listeners = Array.from({ length: 20 }, (_, l) =>
  [l, l + 20, l + 40, (l * 7) % ITEMS].filter((x, i, all) => all.indexOf(x) === i),
)
const trained = trainModel(trainingOf(listeners, ITEMS), { mostPlayed: new Set(), dimensions: 8 })

const inputs = fc.record({
  scores: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: ITEMS, maxLength: ITEMS }),
  big: fc.array(fc.boolean(), { minLength: ITEMS, maxLength: ITEMS }),
  count: fc.integer({ min: 1, max: ITEMS }),
})

function setUp({ scores, big, count }: { scores: number[]; big: boolean[]; count: number }) {
  const model = { ...trained, isMostPlayed: Uint8Array.from(big, Number) }
  const items = [...scores.keys()].slice(0, count).sort((a, b) => scores[b]! - scores[a]! || a - b)
  return { model, scores: Float64Array.from(scores, score => score / 40), items }
}

function cosine(a: number, b: number): number {
  const vector = (item: number) => [...trained.factors.slice(item * 8, item * 8 + 8)]
  const dot = (x: number[], y: number[]) => x.reduce((sum, value, k) => sum + value * y[k]!, 0)
  const [x, y] = [vector(a), vector(b)]
  const lengths = Math.sqrt(dot(x, x) * dot(y, y))
  return lengths === 0 ? 0 : dot(x, y) / lengths
}

test('a list is in the order of scores where nothing else is asked for', () => {
  fc.assert(
    fc.property(inputs, input => {
      const { model, scores, items } = setUp(input)
      const places = arrange(model, scores, items, { limit: ITEMS, isExploring: false, diversity: 0 })
      assert.deepEqual(
        places,
        items.map(item => ({ item, isExploration: false })),
      )
    }),
  )
})

test('of every 20 places three are of artists outside the most played tenth, the best of them, as long as there are any', () => {
  fc.assert(
    fc.property(inputs, input => {
      const { model, scores, items } = setUp(input)
      const left = [...items]
      let small = 0
      const expected = items.map((_, i) => {
        if (i % 20 === 0) small = 0
        const isDue = small < Math.floor((((i % 20) + 1) * 3) / 20)
        const best = isDue ? left.findIndex(item => !input.big[item]) : 0
        const at = Math.max(0, best)
        const [item] = left.splice(at, 1)
        if (!input.big[item!]) small++
        return { item: item!, isExploration: at > 0 }
      })
      const places = arrange(model, scores, items, { limit: ITEMS, isExploring: true, diversity: 0 })
      assert.deepEqual(places, expected)
    }),
  )
})

test('several items of one small artist count as one of the three', () => {
  const artists = trained.artists.map((artist, item) => (item < 10 ? 'one' : artist))
  const model = {
    ...trained,
    artists,
    isMostPlayed: Uint8Array.from(artists, (_, item) => Number(item >= 10 && item < 40)),
  }
  const scores = Float64Array.from({ length: ITEMS }, (_, item) => (ITEMS - item) / ITEMS)
  const places = arrange(model, scores, [...scores.keys()], { limit: 20, isExploring: true, diversity: 0 })
  assert.deepEqual(
    places.filter(({ isExploration }) => isExploration).map(({ item }) => item),
    [40, 41],
  )
})

test('diversity takes the item of the greatest marginal relevance each time', () => {
  fc.assert(
    fc.property(inputs, fc.constantFrom(0.2, 0.5, 1), (input, diversity) => {
      const { model, scores, items } = setUp(input)
      const chosen: number[] = []
      for (const { item } of arrange(model, scores, items, { limit: 10, isExploring: false, diversity })) {
        const worth = (candidate: number) => {
          const nearest = Math.max(0, ...chosen.map(other => cosine(candidate, other)))
          return ((1 - diversity) * scores[candidate]!) / scores[items[0]!]! - diversity * nearest
        }
        const greatest = Math.max(...items.filter(other => !chosen.includes(other)).map(worth))
        assert.ok(worth(item) > greatest - 1e-9)
        chosen.push(item)
      }
    }),
    { numRuns: 30 },
  )
})

test('a shorter list is the beginning of a longer one', () => {
  const rules = fc.record({ isExploring: fc.boolean(), diversity: fc.constantFrom(0, 0.4) })
  fc.assert(
    fc.property(inputs, rules, fc.integer({ min: 1, max: ITEMS }), (input, rules, limit) => {
      const { model, scores, items } = setUp(input)
      const whole = arrange(model, scores, items, { ...rules, limit: ITEMS })
      assert.deepEqual(arrange(model, scores, items, { ...rules, limit }), whole.slice(0, limit))
    }),
    { numRuns: 30 },
  )
})
