import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { shared } from './shared-work.ts'

test('work is done once for all who ask before it begins, and again for those who ask later', async () => {
  let begun = 0
  const ask = shared(async () => ++begun, 20)
  assert.deepEqual(await Promise.all(Array.from({ length: 100 }, ask)), Array(100).fill(1))
  const before = performance.now()
  assert.equal(await ask(), 2)
  assert.ok(performance.now() - before > 1)
})

test('nobody gets a result of work that had begun before', async () => {
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

test('what fails fails for those who asked, and is tried for the next ones', async () => {
  let isAway = true
  const ask = shared(async () => {
    if (isAway) throw new Error('away')
    return 7
  }, 1)
  await Promise.all([assert.rejects(ask()), assert.rejects(ask())])
  isAway = false
  assert.equal(await ask(), 7)
})
