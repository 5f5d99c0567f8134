import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { valueTicks } from './value-ticks.ts'

test('ticks are round, begin at 0 and end at or above the highest value', () => {
  assert.deepEqual(valueTicks([4523], true), [0, 1000, 2000, 3000, 4000, 5000])
  assert.deepEqual(valueTicks([12, 7], true), [0, 5, 10, 15])
  assert.deepEqual(valueTicks([0.98], false), [0, 0.2, 0.4, 0.6, 0.8, 1])
})

test('whole figures have no tick between two of them', () => {
  assert.deepEqual(valueTicks([1], true), [0, 1])
  assert.deepEqual(valueTicks([3], true), [0, 1, 2, 3])
})

test('without any value but zero, the axis is from 0 to 1', () => {
  assert.deepEqual(valueTicks([], true), [0, 1])
  assert.deepEqual(valueTicks([0, 0], false), [0, 1])
})

test('more refunds than purchases are below 0, which keeps its tick', () => {
  assert.deepEqual(valueTicks([-35, 98], false), [-50, 0, 50, 100])
  assert.deepEqual(valueTicks([-3, -1], true), [-3, -2, -1, 0])
})

test('any values lie between the first and the last of at most seven ticks, one of which is 0', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { minLength: 1 }),
      fc.boolean(),
      (all, whole) => {
        const values = whole ? all.map(Math.round) : all.map(value => Math.round(value * 100) / 100)
        const ticks = valueTicks(values, whole)
        assert.ok(ticks[0]! <= Math.min(...values) && ticks.at(-1)! >= Math.max(...values), String(ticks))
        assert.ok(ticks.length >= 2 && ticks.length <= 7 && ticks.includes(0), String(ticks))
        if (whole) assert.ok(ticks.every(Number.isInteger))
      },
    ),
  )
})
