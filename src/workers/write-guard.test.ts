import assert from 'node:assert/strict'
import { it, type TestContext } from 'node:test'
import { StoreUnavailable } from '../storage/storage.ts'
import { WriteGuard } from './write-guard.ts'

const fails = () => Promise.reject(new StoreUnavailable('locked'))

it('refuses at once while the store fails, and lets through once a probe succeeds', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let works = false
  let probes = 0
  const guard = new WriteGuard(async () => {
    probes++
    if (!works) throw new StoreUnavailable('still locked')
  })
  const afterProbe = async () => {
    t.mock.timers.tick(500)
    await new Promise(setImmediate)
  }
  assert.equal(await guard.run(async () => 'written'), 'written')
  await assert.rejects(guard.run(fails), StoreUnavailable)
  let tried = false
  const write = async () => {
    tried = true
  }
  await assert.rejects(guard.run(write), { name: 'StoreUnavailable', message: 'locked' })
  assert.equal(tried, false)

  await afterProbe()
  assert.equal(guard.fault, 'still locked')
  works = true
  await afterProbe()
  assert.equal(guard.fault, undefined)
  await guard.run(write)
  assert.equal(tried, true)
  await afterProbe()
  assert.equal(probes, 2)
})

it('takes no other error for a failing store', async () => {
  const guard = new WriteGuard(fails)
  await assert.rejects(
    guard.run(() => Promise.reject(new RangeError('a bug'))),
    RangeError,
  )
  assert.equal(guard.fault, undefined)
})
