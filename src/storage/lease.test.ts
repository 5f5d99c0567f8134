import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { failing, openTempStore } from '../../test/support/temp-store.ts'
import { LEASES } from './collections.ts'
import { Lease } from './lease.ts'
import { StoreUnavailable } from './storage.ts'

const { documents } = openTempStore()

/** Instances that compete for one lease, of a name of its own, on one clock. */
function instances<Names extends string[]>(...names: Names) {
  const clock = new ManualClock()
  const store = failing(documents)
  const name = `lease-${Math.random()}`
  const options = { documents: store, name, clock }
  const leases = names.map(instance => new Lease({ ...options, instance }))
  const holders = () => names.filter((_, i) => leases[i]?.isHeld)
  return { clock, store, name, leases, holders, again: (instance: string) => new Lease({ ...options, instance }) }
}

const lease = (leases: readonly Lease[], i: number): Lease => leases[i] as Lease

test('a lease has one holder of three instances, the same one as long as it goes on', async () => {
  const { clock, leases, holders } = instances('a', 'b', 'c')
  await Promise.all(leases.map(each => each.tick()))
  const [holder, ...others] = holders()
  assert.equal(others.length, 0)
  assert.notEqual(holder, undefined)
  for (let i = 0; i < 20; i++) {
    clock.work(3_000)
    for (const each of leases) await each.tick()
    assert.deepEqual(holders(), [holder])
  }
})

test('a lease passes to another instance 12 s after the last beat that it saw', async () => {
  const { clock, leases, holders } = instances('a', 'b', 'c')
  for (const each of leases) await each.tick()
  assert.deepEqual(holders(), ['a'])
  clock.work(3_000)
  await lease(leases, 0).tick()
  clock.work(1_000)
  for (const i of [1, 2]) await lease(leases, i).tick()
  clock.work(11_999)
  for (const i of [1, 2]) await lease(leases, i).tick()
  assert.deepEqual(holders(), [])
  clock.work(1)
  for (const i of [1, 2]) await lease(leases, i).tick()
  assert.deepEqual(holders(), ['b'])
})

test('a lease is taken by one instance where all find it free at the same time', async () => {
  const { clock, leases, holders } = instances('a', 'b', 'c', 'd')
  for (const each of leases) await each.tick()
  clock.work(12_000)
  await Promise.all([1, 2, 3].map(i => lease(leases, i).tick()))
  assert.equal(holders().length, 1)
})

test('an instance that was paused for 12 s no longer holds the lease, before it reads the store', async () => {
  const { clock, leases, holders } = instances('a', 'b')
  for (const each of leases) await each.tick()
  clock.work(11_999)
  assert.deepEqual(holders(), ['a'])
  clock.work(1)
  assert.deepEqual(holders(), [])
})

test('a lease stays with its new holder when the one that was paused comes back', async () => {
  const { clock, leases, holders } = instances('a', 'b')
  for (const each of leases) await each.tick()
  clock.work(12_000)
  await lease(leases, 1).tick()
  assert.deepEqual(holders(), ['b'])
  for (let i = 0; i < 10; i++) {
    for (const each of leases) await each.tick()
    assert.deepEqual(holders(), ['b'])
    clock.work(3_000)
  }
})

test('a lease goes back to the instance that was paused where no other one took it', async () => {
  const { clock, leases, holders } = instances('a', 'b')
  for (const each of leases) await each.tick()
  clock.work(60_000)
  await lease(leases, 0).tick()
  assert.deepEqual(holders(), ['a'])
  await lease(leases, 1).tick()
  assert.deepEqual(holders(), ['a'])
})

test('a process that has crashed and runs again does not hold the lease of its earlier run', async () => {
  const { clock, leases, holders, again } = instances('a first run', 'b')
  for (const each of leases) await each.tick()
  const secondRun = again('a second run')
  await secondRun.tick()
  assert.equal(secondRun.isHeld, false)
  clock.work(12_000)
  await lease(leases, 1).tick()
  await secondRun.tick()
  assert.deepEqual(holders(), ['b'])
  assert.equal(secondRun.isHeld, false)
})

test('closing gives the lease back at once', async () => {
  const { leases, holders, store, name } = instances('a', 'b')
  for (const each of leases) await each.tick()
  await lease(leases, 0).close()
  assert.deepEqual(holders(), [])
  assert.equal((await store.get(LEASES, name))?.value, '')
  await lease(leases, 1).tick()
  assert.deepEqual(holders(), ['b'])
})

test('closing takes the lease from no other holder, whether that one is known or not', async () => {
  const { clock, leases, holders } = instances('a', 'b', 'c', 'd')
  for (const each of leases) await each.tick()
  clock.work(12_000)
  await lease(leases, 1).tick()
  await lease(leases, 2).tick()
  for (const i of [0, 2]) await lease(leases, i).close()
  await lease(leases, 3).tick()
  assert.deepEqual(holders(), ['b'])
})

test('a lease beats every 3 s once it is started, and no more once it is closed', async () => {
  const { clock, leases, holders, store, name } = instances('a')
  const value = async () => (await store.get(LEASES, name))?.value
  lease(leases, 0).start()
  await clock.pass(1)
  const values: unknown[] = []
  for (let i = 0; i < 3; i++) {
    values.push(await value())
    clock.work(2_999)
    await clock.pass(1)
  }
  assert.equal(new Set(values).size, 3)
  assert.deepEqual(holders(), ['a'])
  await lease(leases, 0).close()
  clock.work(30_000)
  await clock.pass(1)
  assert.equal(await value(), '')
})

test('after the store was unavailable, the holder keeps the lease, or another instance takes it', async () => {
  const { clock, leases, holders, store } = instances('a', 'b')
  store.failure = new StoreUnavailable('away')
  for (const each of leases) await each.tick()
  assert.deepEqual(holders(), [])
  store.failure = undefined
  for (const each of leases) await each.tick()
  assert.deepEqual(holders(), ['a'])

  store.failure = new StoreUnavailable('away')
  clock.work(9_000)
  for (const each of leases) await each.tick()
  assert.deepEqual(holders(), ['a'])
  store.failure = undefined
  await lease(leases, 0).tick()
  clock.work(9_000)
  for (const each of leases) await each.tick()
  assert.deepEqual(holders(), ['a'])

  store.failure = new StoreUnavailable('away')
  clock.work(12_000)
  for (const each of leases) await each.tick()
  assert.deepEqual(holders(), [])
  store.failure = undefined
  await lease(leases, 1).tick()
  await lease(leases, 0).tick()
  assert.deepEqual(holders(), ['b'])
  store.failure = new StoreUnavailable('away')
  await lease(leases, 1).close()
  store.failure = undefined
  await lease(leases, 0).tick()
  clock.work(12_000)
  await lease(leases, 0).tick()
  assert.deepEqual(holders(), ['a'])
})

test('throws every other error than StoreUnavailable', async () => {
  const { leases, store } = instances('a')
  store.failure = new Error('a bug')
  await assert.rejects(lease(leases, 0).tick(), /a bug/)
})
