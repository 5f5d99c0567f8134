import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { coverageAt, listenersAt, mean, ndcgAt, recallAt, reciprocalRankAt, standardDeviation } from './metrics.ts'

const ITEMS = 30
const list = fc.uniqueArray(fc.nat(ITEMS - 1), { maxLength: 25 })
const wanted = fc.uniqueArray(fc.nat(ITEMS - 1), { minLength: 1, maxLength: 15 })
const depth = fc.integer({ min: 1, max: 30 })

const close = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-12, `${a} is not ${b}`)

test('recall is the share of wanted items in the list, and NDCG the gain of the list of the gain of the best one', () => {
  close(recallAt(2, [7, 3, 9], new Set([9, 3])), 0.5)
  close(recallAt(3, [7, 3, 9], new Set([9, 3])), 1)
  close(ndcgAt(3, [7, 3], new Set([9, 3])), 1 / Math.log2(3) / (1 + 1 / Math.log2(3)))
  close(ndcgAt(10, [3, 9], new Set([9, 3])), 1)
  close(ndcgAt(1, [9], new Set([1, 2, 3, 9])), 1)
})

test('the reciprocal rank is that of the first wanted item, and 0 where it comes too late', () => {
  close(reciprocalRankAt(3, [1, 2, 3], new Set([3])), 1 / 3)
  close(reciprocalRankAt(2, [1, 2, 3], new Set([3])), 0)
})

test('coverage counts items of all lists once, and popularity counts each time', () => {
  const lists = [[0, 1, 2], [0, 3], []]
  close(coverageAt(2, lists, 10), 0.3)
  close(listenersAt(2, lists, [8, 4, 100, 0]), (8 + 4 + 8 + 0) / 4)
  close(listenersAt(2, [[], []], [8]), 0)
})

test('figures of random lists are those of a count rank by rank', () => {
  fc.assert(
    fc.property(list, wanted, depth, (list, wanted, k) => {
      let [hits, gain, best, firstRank] = [0, 0, 0, Number.POSITIVE_INFINITY]
      for (let rank = 1; rank <= k; rank++) {
        const isHit = rank <= list.length && wanted.includes(list[rank - 1]!)
        if (isHit) {
          hits += 1
          gain += Math.LN2 / Math.log(rank + 1)
          firstRank = Math.min(firstRank, rank)
        }
        if (rank <= wanted.length) best += Math.LN2 / Math.log(rank + 1)
      }
      close(recallAt(k, list, new Set(wanted)), hits / wanted.length)
      close(ndcgAt(k, list, new Set(wanted)), gain / best)
      close(reciprocalRankAt(k, list, new Set(wanted)), 1 / firstRank)
    }),
  )
})

test('a wanted item that moves up in a list never lowers its figures', () => {
  fc.assert(
    fc.property(list, wanted, depth, (list, wanted, k) => {
      const index = list.findIndex((item, at) => at > 0 && wanted.includes(item))
      if (index === -1) return
      const better = list.with(index, list[index - 1]!).with(index - 1, list[index]!)
      for (const figure of [recallAt, ndcgAt, reciprocalRankAt]) {
        assert.ok(figure(k, better, new Set(wanted)) >= figure(k, list, new Set(wanted)))
      }
    }),
  )
})

test('mean and standard deviation are those of a sample', () => {
  close(mean([2, 4, 9]), 5)
  close(standardDeviation([2, 4, 9]), Math.sqrt((9 + 1 + 16) / 2))
  assert.deepEqual([mean([]), standardDeviation([]), standardDeviation([3])], [0, 0, 0])
})
