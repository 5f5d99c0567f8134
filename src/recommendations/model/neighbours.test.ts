import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { trainingOf } from '../../../test/support/training-data.ts'
import { nearestItems } from './neighbours.ts'
import { transpose } from './sparse-rows.ts'
import type { SparseRows } from './training-data.ts'

const ITEMS = 10
const rows = fc.array(fc.uniqueArray(fc.nat(ITEMS - 1), { minLength: 1 }), { minLength: 1, maxLength: 12 })

function nearest(rows: number[][], itemCount: number, most: number): SparseRows {
  const { listeners } = trainingOf(rows, itemCount)
  return nearestItems(listeners, transpose(listeners, itemCount), most)
}

/** Walks from the item to each listener and on to each of their items. */
function naiveNearest(rows: number[][], item: number, most: number): [number, number][] {
  const having = (wanted: number) => rows.filter(row => row.includes(wanted))
  const strengths = [...Array(ITEMS).keys()].map((other): [number, number] => {
    const both = having(item).filter(row => row.includes(other))
    const chance = both.reduce((sum, row) => sum + 1 / row.length / having(item).length, 0)
    return [other, chance]
  })
  return strengths
    .filter(([other, strength]) => other !== item && strength > 0)
    .sort((a, b) => Math.round((b[1] - a[1]) * 1e9) || a[0] - b[0])
    .slice(0, most)
    .sort((a, b) => a[0] - b[0])
}

test('the nearest items are those of the most likely walks', () => {
  fc.assert(
    fc.property(rows, rows => {
      const { starts, columns, values } = nearest(rows, ITEMS, ITEMS)
      for (let item = 0; item < ITEMS; item++) {
        const naive = naiveNearest(rows, item, ITEMS)
        const [start, end] = [starts[item]!, starts[item + 1]!]
        assert.deepEqual(
          [...columns.subarray(start, end)],
          naive.map(([other]) => other),
        )
        naive.forEach(([, strength], i) => {
          assert.ok(Math.abs(values[start + i]! - strength) < 1e-6)
        })
      }
    }),
  )
})

test('of equally near items, those with the smaller numbers are kept', () => {
  const { starts, columns } = nearest([[4, 1, 3, 2, 0]], 5, 2)
  assert.deepEqual([...columns], [1, 2, 0, 2, 0, 1, 0, 1, 0, 1])
  assert.deepEqual([...starts], [0, 2, 4, 6, 8, 10])
})
