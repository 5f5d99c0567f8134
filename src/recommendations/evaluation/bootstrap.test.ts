import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pairedBootstrap } from './bootstrap.ts'

/** With mean 0, and the same sum of squares as `n` coins of 1 and −1. */
const coins = (n: number): number[] => Array.from({ length: n }, (_, i) => (i % 2 ? 1 : -1))

test('resampled means vary as the error of the mean does', () => {
  const { difference, low, high } = pairedBootstrap(coins(400), new Array(400).fill(0))
  assert.equal(difference, 0)
  // 1.96 standard errors of 1 / √400.
  assert.ok(Math.abs(high - 0.098) < 0.01, String(high))
  assert.ok(Math.abs(low + 0.098) < 0.01, String(low))
})

test('a difference of all listeners is sure, however much listeners differ from each other', () => {
  const second = Array.from({ length: 100 }, (_, i) => i)
  const first = second.map(value => value + 0.5)
  assert.deepEqual(pairedBootstrap(first, second), { difference: 0.5, low: 0.5, high: 0.5 })
})

test('what is better in one order is worse in the other', () => {
  const first = Array.from({ length: 100 }, (_, i) => (i * 7) % 10)
  const second = Array.from({ length: 100 }, (_, i) => (i * 3) % 7)
  const forth = pairedBootstrap(first, second)
  const back = pairedBootstrap(second, first)
  assert.ok(forth.low > 0)
  assert.ok(back.high < 0)
  assert.equal(forth.difference, -back.difference)
})
