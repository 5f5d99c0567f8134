/** The watchdog on real threads; only its timer is moved by hand. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Worker } from 'node:worker_threads'
import type { BlockedThread } from '../../test/support/blocked-thread.ts'
import { Caller } from './calls.ts'
import { Watchdog } from './watchdog.ts'

const EVERY_MS = 10_000

function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const stuck: string[] = []
  const watchdog = new Watchdog(({ message }) => stuck.push(message))
  t.after(() => watchdog.stop())
  /** Fires the timer so many times; in between, the answers of the threads arrive. */
  const turns = async (count: number, ...threads: { status: () => Promise<unknown> }[]) => {
    for (let turn = 0; turn < count; turn++) {
      t.mock.timers.tick(EVERY_MS)
      for (const { status } of threads) await status()
    }
  }
  return { watchdog, stuck, turns }
}

/** A thread whose call `block` lasts until `release`. */
function startThread(t: TestContext) {
  const gate = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(new URL('../../test/support/blocked-thread.ts', import.meta.url), { workerData: { gate } })
  t.after(() => worker.terminate())
  const caller = new Caller<BlockedThread>(worker)
  const status = () => caller.call('status', [])
  const block = () => caller.call('block', [])
  const release = () => {
    Atomics.store(gate, 0, 1)
    Atomics.notify(gate, 0)
  }
  return { status, block, gate, release }
}

test('names a thread once that leaves six questions in a row unanswered', async t => {
  const { watchdog, stuck, turns } = setUp(t)
  const [write, figures] = [startThread(t), startThread(t)]
  watchdog.watch('write', write.status)
  watchdog.watch('figures', figures.status)
  await turns(20, write, figures)
  assert.deepEqual(stuck, [])
  figures.block().catch(() => {})
  await turns(6, write)
  assert.deepEqual(stuck, [])
  await turns(10, write)
  assert.deepEqual(stuck, ['the figures thread did not answer 6 times in a row'])
})

test('ignores a thread that is blocked for a while and goes on, however often', async t => {
  const { watchdog, stuck, turns } = setUp(t)
  const thread = startThread(t)
  watchdog.watch('figures', thread.status)
  await turns(1, thread)
  for (let time = 0; time < 3; time++) {
    const blocking = thread.block()
    await turns(6)
    thread.release()
    await blocking
    Atomics.store(thread.gate, 0, 0)
    await thread.status()
    await turns(5, thread)
  }
  assert.deepEqual(stuck, [])
})

test('ignores a thread that has not answered yet, however long it takes to start', async t => {
  const { watchdog, stuck, turns } = setUp(t)
  const thread = startThread(t)
  const blocking = thread.block()
  watchdog.watch('write', thread.status)
  await turns(100)
  assert.deepEqual(stuck, [])
  thread.release()
  await blocking
  await turns(1, thread)
  assert.deepEqual(stuck, [])
})
