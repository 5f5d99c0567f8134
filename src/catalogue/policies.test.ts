import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS } from '../units.ts'
import { TransientFault } from './catalogue-faults.ts'
import { FAILURES_TO_OPEN, OPEN_SECONDS, Policies } from './policies.ts'

test('an open circuit lets a trial call through after 30 seconds, even where the wall clock is set meanwhile', async t => {
  const time = { wall: Date.UTC(2026, 10, 24), monotonic: 0 }
  t.mock.method(Date, 'now', () => time.wall)
  const policies = new Policies({ onRetry() {}, onTimeout() {} }, Date.now, () => time.monotonic)
  const run = policies.runner(1000)
  let tried = 0
  const call = (answer: () => void) => ({
    admit() {},
    async attempt() {
      tried++
      answer()
    },
  })
  const refuse = () => {
    throw new TransientFault('away')
  }
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const fail = async () => {
    const failed = assert.rejects(run(call(refuse)), TransientFault)
    let isOver = false
    const end = () => {
      isOver = true
    }
    failed.then(end, end)
    while (!isOver) {
      await new Promise(resolve => setImmediate(resolve))
      t.mock.timers.tick(1000)
    }
    await failed
  }
  for (let i = 0; i < FAILURES_TO_OPEN; i++) await fail()
  assert.equal(policies.state, 'Open')
  tried = 0
  for (const jump of [DAY_MS, -2 * DAY_MS]) {
    time.wall += jump
    time.monotonic += 1000
    await assert.rejects(run(call(() => {})))
  }
  assert.equal(tried, 0)
  time.monotonic = OPEN_SECONDS * 1000
  await run(call(() => {}))
  assert.deepEqual([tried, policies.state], [1, 'Closed'])
})
