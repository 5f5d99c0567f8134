import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lag } from './lag.ts'

test('the lag is the number of events that the figures lack, and the age of the oldest one', () => {
  let now = 1_000
  const lag = new Lag(() => now)
  lag.counted(5)
  assert.deepEqual([lag.events, lag.ms], [0, 0])
  lag.appended(9)
  now += 70
  assert.deepEqual([lag.events, lag.ms], [4, 70])
  lag.appended(12)
  now += 30
  lag.counted(7)
  assert.deepEqual([lag.events, lag.ms], [5, 100])
  lag.counted(9)
  assert.deepEqual([lag.events, lag.ms], [3, 30])
  lag.counted(12)
  assert.deepEqual([lag.events, lag.ms], [0, 0])
  now += 9
  lag.counted(2)
  now += 1
  assert.deepEqual([lag.events, lag.ms], [10, 1])
})

test('appends wait for few events that weigh much', async () => {
  const lag = new Lag(() => performance.now())
  lag.appended(100, 20_000)
  await lag.waitForCapacity()
  lag.appended(300, 20_000)
  let isThere = false
  const there = lag.waitForCapacity().then(() => {
    isThere = true
  })
  lag.counted(99)
  await new Promise(setImmediate)
  assert.equal(isThere, false)
  lag.counted(100)
  await there
})

test('appends go on while figures are made again that were complete before', async () => {
  const lag = new Lag(() => performance.now())
  lag.appended(1_000_000)
  lag.counted(1_000_000)
  await lag.waitForCapacity()
  lag.counted(0)
  const there = lag.waitForCapacity()
  lag.counted(10_000)
  await there
})

test('appends go on far behind once the figures have caught up with the last append that was admitted', async () => {
  const lag = new Lag(() => performance.now())
  lag.appended(1_000_000)
  const first = lag.waitForCapacity()
  lag.counted(10_000)
  await first
  lag.appended(1_000_100, 15_000)
  let isThere = false
  const second = lag.waitForCapacity().then(() => {
    isThere = true
  })
  lag.counted(20_000)
  await new Promise(setImmediate)
  assert.equal(isThere, false)
  lag.counted(30_000)
  await second
})

test('no append waits while the projector is close', async () => {
  const lag = new Lag(() => performance.now())
  lag.appended(30_000)
  await lag.waitForCapacity()
})

test('appends wait while the projector is far behind, until it comes closer or fails', async () => {
  const lag = new Lag(() => performance.now())
  lag.appended(30_001)
  const went: string[] = []
  const closer = lag.waitForCapacity().then(() => went.push('closer'))
  await new Promise(setImmediate)
  assert.equal(went.length, 0)
  lag.counted(20_000)
  await closer
  lag.appended(60_000)
  const released = lag.waitForCapacity().then(() => went.push('released'))
  lag.release()
  await released
  assert.deepEqual(went, ['closer', 'released'])
})
