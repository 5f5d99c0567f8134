import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { StoreUnavailable } from '../storage/storage.ts'
import { WriteGuard } from './write-guard.ts'

const fails = () => Promise.reject(new StoreUnavailable('locked'))

test('refuses writes at once while the store fails, and runs them again once a probe succeeds', async () => {
  const clock = new ManualClock()
  let works = false
  let probes = 0
  const guard = new WriteGuard(async () => {
    probes++
    if (!works) throw new StoreUnavailable('still locked')
  }, clock)
  const afterProbe = () => clock.pass(500)
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
  await guard.stop()
})

test('counts no other error than StoreUnavailable as a failing store', async () => {
  const guard = new WriteGuard(fails)
  await assert.rejects(
    guard.run(() => Promise.reject(new RangeError('a bug'))),
    RangeError,
  )
  assert.equal(guard.fault, undefined)
})
