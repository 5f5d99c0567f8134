import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTempStore } from '../../test/support/temp-store.ts'
import {
  breachingArtists,
  HOUR_MS,
  MINUTE_MS,
  ownContact,
  START,
  type TestAlertsOptions,
  testAlerts,
  until,
} from '../../test/support/test-alerts.ts'
import { StoreUnavailable } from '../storage/storage.ts'
import { suppressAlerts } from './alert-suppression.ts'
import type { AlertFigures } from './ports.ts'

/** As `testAlerts`; `ar1` and `ar2` breach by themselves, and each artist has an address of its own. */
function setUp(options: TestAlertsOptions = {}) {
  return testAlerts({ contactOf: ownContact, ...options, figures: { breachingArtists, ...options.figures } })
}

test('of two processes that evaluate at once, one raises each alert', async t => {
  const { documents } = openTempStore()
  const [a, b] = [setUp({ documents, isAlone: false }), setUp({ documents, isAlone: false })]
  t.after(() => Promise.all([a.alerts.close(), b.alerts.close()]))
  await Promise.all([a.alerts.evaluate(), b.alerts.evaluate()])
  await until(() => a.mails.length + b.mails.length === 2)
  assert.deepEqual((await a.alerts.history({ limit: 9 })).items.map(({ id }) => id).sort(), ['ar1/1', 'ar2/1'])
})

test('evaluation alerts each artist once an hour, and leaves out those that it knows to cool down', async () => {
  const excepted: (readonly string[])[] = []
  const recording: AlertFigures['breachingArtists'] = (rule, now, except) => {
    excepted.push(except)
    return breachingArtists(rule, now, except)
  }
  const { alerts, time, mails } = setUp({ figures: { breachingArtists: recording } })
  assert.deepEqual([await alerts.evaluate(), await alerts.evaluate()], [2, 0])
  assert.deepEqual([...excepted[1]!].sort(), ['ar1', 'ar2'])
  await until(() => mails.length === 2)
  for (let minute = 0; minute < 60; minute++) {
    assert.equal(await alerts.evaluate(), 0)
    await time.pass(MINUTE_MS)
  }
  assert.equal(await alerts.evaluate(), 2)
  await alerts.close()
})

test('evaluation records an alert that reaches nobody once an hour', async () => {
  const { alerts, time } = setUp({ mailer: null })
  let recorded = 0
  for (let minute = 0; minute < 120; minute++, await time.pass(MINUTE_MS)) recorded += await alerts.evaluate()
  assert.equal(recorded, 4)
})

test('evaluation begins 250 ms after events came in, and once a minute', async t => {
  const at: number[] = []
  const breachingArtists = async () => {
    at.push(time.monotonic.now())
    return []
  }
  const { alerts, time } = setUp({ figures: { breachingArtists } })
  t.after(() => alerts.close())
  await alerts.start()
  await time.pass(1000)
  for (const _ of [1, 2, 3]) {
    alerts.onEventsCounted()
    await time.pass(100)
  }
  await time.passUntil(2 * MINUTE_MS)
  assert.deepEqual(at, [250, 1250, 61_250])
})

test('evaluation is tried again after a second where the store is away', async t => {
  const at: number[] = []
  const breachingArtists = async () => {
    if (at.push(time.monotonic.now()) === 1) throw new StoreUnavailable('locked')
    return []
  }
  const { alerts, time } = setUp({ figures: { breachingArtists } })
  t.after(() => alerts.close())
  await alerts.start()
  await time.pass(MINUTE_MS)
  assert.deepEqual(at, [250, 1250])
})

test('evaluation takes 5 % of the time at most, and never runs twice at once', async t => {
  const begun: number[] = []
  let running = 0
  const breachingArtists = async () => {
    assert.equal(running++, 0)
    begun.push(time.monotonic.now())
    await time.monotonic.sleep(100, new AbortController().signal)
    running--
    return []
  }
  const { alerts, time } = setUp({ figures: { breachingArtists } })
  t.after(() => alerts.close())
  await alerts.start()
  while (time.monotonic.now() < 5000) {
    alerts.onEventsCounted()
    await time.pass(50)
  }
  assert.deepEqual(begun, [250, 2250, 4250])
})

test('events up to the end of an import count for no automatic alert', async () => {
  const windows: number[] = []
  const breachingArtists: AlertFigures['breachingArtists'] = async ({ windowMs }) => {
    windows.push(windowMs)
    return []
  }
  const { alerts, documents, time } = setUp({ figures: { breachingArtists } })
  await suppressAlerts(documents, START)
  for (const minutes of [0, 15, 60]) {
    await time.passUntil(minutes * MINUTE_MS)
    await alerts.evaluate()
  }
  assert.deepEqual(windows, [15 * MINUTE_MS, HOUR_MS])
})

test('a requested alert delays no automatic one, which then delays the next request', async () => {
  const { alerts, time, mails } = setUp()
  assert.equal((await alerts.request({ artistId: 'ar1' })).email?.sent, true)
  await time.pass(1000)
  assert.equal(await alerts.evaluate(), 2)
  await until(() => mails.length === 3)
  assert.equal(mails.filter(({ recipient }) => recipient === 'ana@example.com').length, 2)
  await time.passUntil(HOUR_MS)
  const { cooldown_of, cooldown_remaining } = await alerts.request({ artistId: 'ar1' })
  assert.deepEqual([cooldown_of, cooldown_remaining], ['artist', 1])
  await alerts.close()
})

test('an automatic alert waits until its address may have a mail', async t => {
  const { alerts, time, mails } = setUp({ contactOf: async () => ({ email: 'label@example.com', name: 'Ana' }) })
  t.after(() => alerts.close())
  await alerts.start()
  await time.pass(250)
  await until(() => alerts.state().sent === 1 && alerts.state().retried === 1)
  const { items } = await alerts.history({ limit: 9 })
  assert.deepEqual(items.map(({ status }) => status).sort(), ['pending', 'sent'])
  assert.equal(mails.length, 1)
  await time.passUntil(HOUR_MS + MINUTE_MS)
  await until(
    async () => (await alerts.history({ limit: 9 })).items.filter(({ status }) => status === 'sent').length >= 2,
  )
})
