import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { shared } from './shared-work.ts'

test('concurrent callers share one run, and later callers get another one after the interval', async () => {
  let begun = 0
  const ask = shared(async () => ++begun, 20)
  assert.deepEqual(await Promise.all(Array.from({ length: 100 }, ask)), Array(100).fill(1))
  const before = performance.now()
  assert.equal(await ask(), 2)
  assert.ok(performance.now() - before > 1)
})

test('a caller never gets the result of a run that began before the call', async () => {
  let value = 'old'
  const ask = shared(async () => {
    const seen = value
    await wait(20)
    return seen
  }, 5)
  const first = ask()
  await wait(10)
  value = 'new'
  assert.deepEqual(await Promise.all([first, ask()]), ['old', 'new'])
})

test('a run that fails rejects for its callers only, and the next call runs again', async () => {
  let isAway = true
  const ask = shared(async () => {
    if (isAway) throw new Error('away')
    return 7
  }, 1)
  await Promise.all([assert.rejects(ask()), assert.rejects(ask())])
  isAway = false
  assert.equal(await ask(), 7)
})
