import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { failing, openTempStore } from '../../test/support/temp-store.ts'
import { LEASES } from './collections.ts'
import { Lease } from './lease.ts'
import { StoreUnavailable } from './storage.ts'

const { documents } = openTempStore()

/** Instances after one lease, of a name of its own, on one clock. */
function instances<Names extends string[]>(...names: Names) {
  const clock = { now: 0 }
  const store = failing(documents)
  const name = `lease-${Math.random()}`
  const options = { documents: store, name, monotonic: () => clock.now }
  const leases = names.map(instance => new Lease({ ...options, instance }))
  const holders = () => names.filter((_, i) => leases[i]?.isHeld)
  return { clock, store, name, leases, holders, again: (instance: string) => new Lease({ ...options, instance }) }
}

const lease = (leases: readonly Lease[], i: number): Lease => leases[i] as Lease

describe('lease', () => {
  it('has one holder of three, the same one as long as it goes on', async () => {
    const { clock, leases, holders } = instances('a', 'b', 'c')
    await Promise.all(leases.map(each => each.tick()))
    const [holder, ...others] = holders()
    assert.equal(others.length, 0)
    assert.notEqual(holder, undefined)
    for (let i = 0; i < 20; i++) {
      clock.now += 3_000
      for (const each of leases) await each.tick()
      assert.deepEqual(holders(), [holder])
    }
  })

  it('passes to one of the others 12 s after the last beat that they saw', async () => {
    const { clock, leases, holders } = instances('a', 'b', 'c')
    for (const each of leases) await each.tick()
    assert.deepEqual(holders(), ['a'])
    clock.now += 3_000
    await lease(leases, 0).tick()
    clock.now += 1_000
    for (const i of [1, 2]) await lease(leases, i).tick()
    clock.now += 11_999
    for (const i of [1, 2]) await lease(leases, i).tick()
    assert.deepEqual(holders(), [])
    clock.now += 1
    for (const i of [1, 2]) await lease(leases, i).tick()
    assert.deepEqual(holders(), ['b'])
  })

  it('is taken by one where all find it free at the same time', async () => {
    const { clock, leases, holders } = instances('a', 'b', 'c', 'd')
    for (const each of leases) await each.tick()
    clock.now += 12_000
    await Promise.all([1, 2, 3].map(i => lease(leases, i).tick()))
    assert.equal(holders().length, 1)
  })

  it('is not held by time alone, before the one that was paused asks anybody', async () => {
    const { clock, leases, holders } = instances('a', 'b')
    for (const each of leases) await each.tick()
    clock.now += 11_999
    assert.deepEqual(holders(), ['a'])
    clock.now += 1
    assert.deepEqual(holders(), [])
  })

  it('stays with the living when the one that was paused comes back', async () => {
    const { clock, leases, holders } = instances('a', 'b')
    for (const each of leases) await each.tick()
    clock.now += 12_000
    await lease(leases, 1).tick()
    assert.deepEqual(holders(), ['b'])
    for (let i = 0; i < 10; i++) {
      for (const each of leases) await each.tick()
      assert.deepEqual(holders(), ['b'])
      clock.now += 3_000
    }
  })

  it('goes on with the one that was paused where nobody took it', async () => {
    const { clock, leases, holders } = instances('a', 'b')
    for (const each of leases) await each.tick()
    clock.now += 60_000
    await lease(leases, 0).tick()
    assert.deepEqual(holders(), ['a'])
    await lease(leases, 1).tick()
    assert.deepEqual(holders(), ['a'])
  })

  it('does not recognise an earlier run of a process that crashed', async () => {
    const { clock, leases, holders, again } = instances('a first run', 'b')
    for (const each of leases) await each.tick()
    const secondRun = again('a second run')
    await secondRun.tick()
    assert.equal(secondRun.isHeld, false)
    clock.now += 12_000
    await lease(leases, 1).tick()
    await secondRun.tick()
    assert.deepEqual(holders(), ['b'])
    assert.equal(secondRun.isHeld, false)
  })

  it('is given back by close, at once', async () => {
    const { leases, holders, store, name } = instances('a', 'b')
    for (const each of leases) await each.tick()
    await lease(leases, 0).close()
    assert.deepEqual(holders(), [])
    assert.equal((await store.get(LEASES, name))?.value, '')
    await lease(leases, 1).tick()
    assert.deepEqual(holders(), ['b'])
  })

  it('is not taken from the holder by the close of another, whether that knows of it or not', async () => {
    const { clock, leases, holders } = instances('a', 'b', 'c', 'd')
    for (const each of leases) await each.tick()
    clock.now += 12_000
    await lease(leases, 1).tick()
    await lease(leases, 2).tick()
    for (const i of [0, 2]) await lease(leases, i).close()
    await lease(leases, 3).tick()
    assert.deepEqual(holders(), ['b'])
  })

  it('beats by itself once it is started, and no more when it is closed', async t => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { leases, holders, store, name } = instances('a')
    const value = async () => (await store.get(LEASES, name))?.value
    lease(leases, 0).start()
    const values: unknown[] = []
    for (let i = 0; i < 3; i++) {
      await turn()
      values.push(await value())
      t.mock.timers.tick(3_000)
    }
    assert.equal(new Set(values).size, 3)
    assert.deepEqual(holders(), ['a'])
    await lease(leases, 0).close()
    t.mock.timers.tick(30_000)
    await turn()
    assert.equal(await value(), '')
  })

  it('goes on after the store was away: the holder keeps it, or another one takes it when it is back', async () => {
    const { clock, leases, holders, store } = instances('a', 'b')
    store.failure = new StoreUnavailable('away')
    for (const each of leases) await each.tick()
    assert.deepEqual(holders(), [])
    store.failure = undefined
    for (const each of leases) await each.tick()
    assert.deepEqual(holders(), ['a'])

    store.failure = new StoreUnavailable('away')
    clock.now += 9_000
    for (const each of leases) await each.tick()
    assert.deepEqual(holders(), ['a'])
    store.failure = undefined
    await lease(leases, 0).tick()
    clock.now += 9_000
    for (const each of leases) await each.tick()
    assert.deepEqual(holders(), ['a'])

    store.failure = new StoreUnavailable('away')
    clock.now += 12_000
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
    clock.now += 12_000
    await lease(leases, 0).tick()
    assert.deepEqual(holders(), ['a'])
  })

  it('does not hide another fault than a store that is away', async () => {
    const { leases, store } = instances('a')
    store.failure = new Error('a bug')
    await assert.rejects(lease(leases, 0).tick(), /a bug/)
  })
})
