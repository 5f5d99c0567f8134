import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { ManualClock } from '../../../test/support/manual-clock.ts'
import type { ModelInfo } from '../model/model.ts'
import { Trainings } from './trainings.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Trainings of a service that has counted `counted` events; a training takes three minutes, and fails while `failure` is set. */
function trainings(everyHours: number | null = 24) {
  const clock = new ManualClock()
  const world = {
    clock,
    counted: 0,
    failure: null as string | null,
    isOurTurn: true,
    trained: [] as number[],
    published: 0,
    lines: [] as string[],
    info: null as ModelInfo | null,
  }
  let written: ModelInfo | null = null
  const at = () => new Date(clock.now()).toISOString()
  const trainings = new Trainings({
    folder: '/nowhere',
    everyHours,
    figures: {
      status: async () => ({ isComplete: true, counted: world.counted }),
      modelInfo: async () => world.info,
      loadModels: async () => (world.info = written!),
      trainingExtent: async () => ({ upTo: world.counted, heldOutFrom: null }),
      writeTrainingData: async () => {},
    },
    async train({ seq }) {
      clock.work(3 * MINUTE)
      if (world.failure) throw new Error(world.failure)
      world.trained.push(seq)
      const kinds = [{ kind: 'artist' as const, listeners: 1, items: 1, pairs: 1, dimensions: 1 }]
      written = { version: `v${seq}`, trainedAt: at(), seq, tookMs: 3 * MINUTE, kinds }
    },
    evaluate: async () => {},
    publish: async () => {
      world.published++
    },
    isOurTurn: () => world.isOurTurn,
    now: () => clock.now(),
    clock,
    announce: line => world.lines.push(line),
  })
  trainings.start()
  /** In steps, since files are removed in real time. */
  const pass = async (ms: number) => {
    for (let step = 0; step < 20; step++) {
      await clock.pass(ms / 20)
      await wait(5)
    }
  }
  const count = async (events: number) => {
    world.counted += events
    trainings.onEventsCounted()
    await pass(20_000)
  }
  return { world, trainings, count, pass }
}

test('models are trained of the first thousand events, of each further tenth, and of any new event after a day', async () => {
  const { world, trainings: all, count, pass } = trainings()
  await count(999)
  assert.deepEqual(world.trained, [])
  await count(1)
  assert.deepEqual([world.trained, world.published], [[1_000], 1])
  await count(99)
  await count(1)
  assert.deepEqual(world.trained, [1_000, 1_100])
  await pass(30 * HOUR)
  assert.equal(world.trained.length, 2, 'nothing is new')
  await count(1)
  assert.deepEqual(world.trained, [1_000, 1_100, 1_101])
  assert.deepEqual(all.counts, { succeeded: 3, failed: 0, lastMs: 3 * MINUTE })
  await all.close()
})

test('a training that fails keeps the last models, says why, and is tried again after ten minutes', async () => {
  const { world, trainings: all, count, pass } = trainings()
  await count(1_000)
  world.failure = 'no memory'
  await count(500)
  const failed = await all.about()
  assert.deepEqual([failed.version, failed.training.state, failed.training.error], ['v1000', 'failed', 'no memory'])
  assert.match(world.lines.join(), /could not be trained, the last models stay: no memory/)
  world.failure = null
  await pass(9 * MINUTE)
  assert.deepEqual(world.trained, [1_000])
  await pass(2 * MINUTE)
  const { version, training } = await all.about()
  assert.deepEqual([version, training.state, training.error], ['v1500', 'idle', null])
  assert.equal(training.lastFailedAt, failed.training.lastFailedAt)
  await all.close()
})

test('an instance trains when it is its turn, and never where that is switched off', async () => {
  const waiting = trainings()
  waiting.world.isOurTurn = false
  await waiting.count(5_000)
  assert.deepEqual(waiting.world.trained, [])
  waiting.world.isOurTurn = true
  await waiting.pass(5_000)
  assert.deepEqual(waiting.world.trained, [5_000])
  await waiting.trainings.close()

  const off = trainings(null)
  await off.count(5_000)
  await off.pass(48 * HOUR)
  assert.deepEqual(off.world.trained, [])
  await off.trainings.close()
})
