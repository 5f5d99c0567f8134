import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { type PlayedItem, splitAtRandom, splitHash } from './split.ts'

const played = (items: readonly number[]): PlayedItem[] => items.map(item => ({ item, plays: item + 1 }))
const listeners = fc.array(
  fc.uniqueArray(fc.nat(60), { maxLength: 25 }).map(items => played(items.sort((a, b) => a - b))),
  { maxLength: 8 },
)

test('a split gives each item of a listener to one of the two sides, a fifth to the test, rounded down', () => {
  fc.assert(
    fc.property(listeners, fc.nat(), (listeners, seed) => {
      const { train, test } = splitAtRandom(listeners, seed)
      for (const [i, all] of listeners.entries()) {
        assert.equal(test[i]!.length, Math.floor(all.length / 5))
        const both = [...train[i]!, ...played(test[i]!)].sort((a, b) => a.item - b.item)
        assert.deepEqual(both, all)
        assert.deepEqual(
          test[i],
          test[i]!.toSorted((a, b) => a - b),
        )
      }
    }),
  )
})

test('a split depends on the seed and on the listeners before, and on nothing else', () => {
  const all = Array.from({ length: 4 }, (_, i) => played(Array.from({ length: 20 }, (_, item) => item + i)))
  assert.deepEqual(splitAtRandom(all, 42), splitAtRandom(all, 42))
  assert.notDeepEqual(splitAtRandom(all, 42), splitAtRandom(all, 43))
  assert.deepEqual(splitAtRandom(all.slice(0, 2), 42).train, splitAtRandom(all, 42).train.slice(0, 2))
})

test('a split is the same on every machine and in every version', () => {
  // Made with another implementation of mulberry32 and of the shuffle, in Python.
  const all = [played([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), played([0, 1, 2, 3, 4, 5])]
  assert.deepEqual(splitAtRandom(all, 42).test, [[4, 6], [2]])
})

test('the hash of a split is that of its pairs of the test, as lines of ids', () => {
  const split = { train: [[], []], test: [[0, 2], [1]] }
  const lines = '7\ta\n7\tc\n9\tb\n'
  assert.equal(splitHash(split, ['7', '9'], ['a', 'b', 'c']), createHash('sha256').update(lines).digest('hex'))
})
