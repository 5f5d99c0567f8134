import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock, othersAct } from '../../test/support/manual-clock.ts'
import { BackgroundLoop } from './background-loop.ts'

const never = (): number => assert.fail('no step fails here')

test('a step is followed by the pause that it asks for', async () => {
  const clock = new ManualClock()
  const at: number[] = []
  const loop = new BackgroundLoop({ step: async () => (at.push(clock.now()) < 3 ? 0 : 100), retryMs: never, clock })
  loop.start()
  await clock.pass(250)
  assert.deepEqual(at, [0, 0, 0, 100, 200])
  await loop.stop()
})

test('a wake-up ends a pause, and never makes it longer', async () => {
  const clock = new ManualClock()
  const at: number[] = []
  const loop = new BackgroundLoop({
    step: async () => {
      at.push(clock.now())
      return 100
    },
    retryMs: never,
    clock,
  })
  loop.start(10)
  await clock.pass(20)
  loop.wake(30)
  loop.wake(500)
  await clock.pass(60)
  loop.wake()
  await clock.pass(10)
  assert.deepEqual(at, [10, 50, 80])
  await loop.stop()
})

test('a wake-up during a step makes another one follow', async () => {
  const clock = new ManualClock()
  let steps = 0
  const loop = new BackgroundLoop({
    step: async () => {
      if (++steps === 1) loop.wake()
      return Number.POSITIVE_INFINITY
    },
    retryMs: never,
    clock,
  })
  loop.start()
  await clock.pass(1)
  assert.equal(steps, 2)
  await loop.stop()
})

test('steps take no more than their share of the time, however often the loop is woken', async () => {
  const clock = new ManualClock()
  const at: number[] = []
  const loop = new BackgroundLoop({
    step: async () => {
      at.push(clock.now())
      clock.work(10)
      return 0
    },
    retryMs: never,
    dutyCycle: () => 0.1,
    clock,
  })
  loop.start()
  for (let i = 0; i < 250; i++) {
    await clock.pass(1)
    loop.wake()
  }
  // 10 ms of work and 90 ms of rest.
  assert.deepEqual(at, [0, 100, 200])
  await loop.stop()
})

test('a step that failed is tried again after the time that the error asks for', async () => {
  const clock = new ManualClock()
  const at: number[] = []
  const loop = new BackgroundLoop({
    step: async () => {
      at.push(clock.now())
      throw new Error(at.length < 3 ? 'soon' : 'later')
    },
    retryMs: error => ((error as Error).message === 'soon' ? 5 : 50),
    clock,
  })
  loop.start()
  await clock.pass(100)
  assert.deepEqual(at, [0, 5, 10, 60])
  await loop.stop()
})

test('an error that is thrown again ends the loop with it', async () => {
  const loop = new BackgroundLoop({
    step: async signal => {
      await new Promise(resolve => signal.addEventListener('abort', resolve))
      throw new Error('lost')
    },
    retryMs: error => {
      throw error
    },
  })
  loop.start()
  await othersAct()
  await assert.rejects(loop.stop(), /lost/)
})

test('stopping waits for the step that is under way, whose signal aborts, and begins no other', async () => {
  const clock = new ManualClock()
  let ended = 0
  const loop = new BackgroundLoop({
    step: async signal => {
      await new Promise(resolve => signal.addEventListener('abort', resolve))
      ended++
      return 0
    },
    retryMs: never,
    clock,
  })
  loop.start()
  await clock.pass(5)
  await loop.stop()
  assert.equal(ended, 1)
  await clock.pass(5)
  assert.equal(ended, 1)
})

test('stopping ends a pause, and a loop that was never started stops at once', async () => {
  const clock = new ManualClock()
  const loop = new BackgroundLoop({ step: async () => Number.POSITIVE_INFINITY, retryMs: never, clock })
  await loop.stop()
  const other = new BackgroundLoop({ step: async () => Number.POSITIVE_INFINITY, retryMs: never, clock })
  other.start()
  await clock.pass(5)
  await other.stop()
})
