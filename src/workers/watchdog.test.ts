/** A thread that answers no more is noticed, on real threads; only the timer is moved by hand. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Worker } from 'node:worker_threads'
import type { HeldThread } from '../../test/support/held-thread.ts'
import { callThread } from './remote.ts'
import { Watchdog } from './watchdog.ts'

const EVERY_MS = 10_000

function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const stuck: string[] = []
  const watchdog = new Watchdog(({ message }) => stuck.push(message))
  t.after(() => watchdog.stop())
  /** So many turns of the timer; in between, what a thread answers arrives. */
  const turns = async (count: number, ...threads: { status: () => Promise<unknown> }[]) => {
    for (let turn = 0; turn < count; turn++) {
      t.mock.timers.tick(EVERY_MS)
      for (const { status } of threads) await status()
    }
  }
  return { watchdog, stuck, turns }
}

/** `release` ends what holds the thread. */
function startThread(t: TestContext) {
  const gate = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(new URL('../../test/support/held-thread.ts', import.meta.url), { workerData: { gate } })
  t.after(() => worker.terminate())
  const remote = callThread<HeldThread>(worker, error => error, {})
  const release = () => {
    Atomics.store(gate, 0, 1)
    Atomics.notify(gate, 0)
  }
  return { remote, gate, release }
}

test('a thread that leaves six questions in a row unanswered is named, once', async t => {
  const { watchdog, stuck, turns } = setUp(t)
  const [write, figures] = [startThread(t).remote, startThread(t).remote]
  watchdog.watch('write', write.status)
  watchdog.watch('figures', figures.status)
  await turns(20, write, figures)
  assert.deepEqual(stuck, [])
  figures.hold().catch(() => {})
  await turns(6, write)
  assert.deepEqual(stuck, [])
  await turns(10, write)
  assert.deepEqual(stuck, ['the figures thread did not answer 6 times in a row'])
})

test('a thread that is held for a while and goes on is not, however often', async t => {
  const { watchdog, stuck, turns } = setUp(t)
  const { remote, gate, release } = startThread(t)
  watchdog.watch('figures', remote.status)
  await turns(1, remote)
  for (let time = 0; time < 3; time++) {
    const held = remote.hold()
    await turns(6)
    release()
    await held
    Atomics.store(gate, 0, 0)
    await remote.status()
    await turns(5, remote)
  }
  assert.deepEqual(stuck, [])
})

test('a thread that has not answered yet is starting, however long that takes', async t => {
  const { watchdog, stuck, turns } = setUp(t)
  const { remote, release } = startThread(t)
  const held = remote.hold()
  watchdog.watch('write', remote.status)
  await turns(100)
  assert.deepEqual(stuck, [])
  release()
  await held
  await turns(1, remote)
  assert.deepEqual(stuck, [])
})
