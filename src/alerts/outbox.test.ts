/** What becomes of alerts' mails, at a real mail server and in the alerts' documents. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startSmtpServer, type TestSmtpServer } from '../../test/support/smtp-server.ts'
import { failing, openTempStore } from '../../test/support/temp-store.ts'
import {
  BREACH,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  mailerFor,
  START,
  type TestAlertsOptions,
  type TestTime,
  testAlerts,
  until,
} from '../../test/support/test-alerts.ts'
import { ALERTS } from '../storage/collections.ts'
import { type Documents, StoreUnavailable } from '../storage/storage.ts'
import { type Alert, type AlertStatus, alertText, parseAlert } from './alert.ts'
import type { Mailer } from './mailer.ts'

const REFUSED: TestSmtpServer['manners'] = { connect: 'hang-up' }

async function setUp(options: TestAlertsOptions = {}) {
  const server = await startSmtpServer({ login: false, startTls: false })
  return { server, ...testAlerts({ mailer: mailerFor(server), ...options }) }
}

const recipients = ({ accepted }: TestSmtpServer) => accepted.flatMap(({ to }) => to)

/** A pending alert, as an earlier run left it. */
async function leave(documents: Documents, more: Partial<Alert> = {}, id = 'ar1/1'): Promise<void> {
  const alert: Alert = {
    artistId: 'ar1',
    at: START,
    windowMinutes: 60,
    counts: { plays: 100, likes: 0, follows: 0 },
    triggers: [{ kind: 'plays', count: 100, threshold: 100 }],
    recipient: null,
    automatic: false,
    status: 'pending',
    attempts: 0,
    nextAttemptAt: START,
    error: null,
    ...more,
  }
  await documents.add(ALERTS, { id, group: alert.artistId, value: alertText(alert) }, Number.POSITIVE_INFINITY)
}

async function alertIn(documents: Documents, id = 'ar1/1'): Promise<Alert> {
  return parseAlert((await documents.get(ALERTS, id))!)
}

const hasStatus = (documents: Documents, status: AlertStatus, id?: string) =>
  until(async () => (await alertIn(documents, id)).status === status)

/** Lets time pass, and waits for the attempts that are due by then. */
async function passWithAttempts(time: TestTime, ms: number, documents: Documents, id?: string): Promise<Alert> {
  await time.pass(ms)
  await until(async () => {
    const { status, nextAttemptAt } = await alertIn(documents, id)
    return nextAttemptAt === null || (status === 'pending' && nextAttemptAt > time.clock())
  })
  return alertIn(documents, id)
}

test('a mail goes to the address in the catalogue, and the alert says so', async t => {
  const { alerts, documents, server } = await setUp()
  t.after(() => alerts.close())
  const { email } = await alerts.request({ artistId: 'ar1' })
  assert.deepEqual(email, { recipient: 'ana@example.com', sent: true, error: null })
  assert.deepEqual(recipients(server), ['ana@example.com'])
  const { status, attempts, sentAt, claim, artistName } = await alertIn(documents, 'ar1/asked-1')
  assert.deepEqual([status, attempts, sentAt, claim, artistName], ['sent', 1, START, undefined, 'Ana'])
  assert.equal(alerts.state().sent, 1)
})

test('a mail server that is away for an hour is asked after 1, 2, 4, 8 and 16 minutes, and gets the mail once', async t => {
  const { alerts, documents, server, time } = await setUp()
  t.after(() => alerts.close())
  server.manners = REFUSED
  await leave(documents)
  await alerts.start()
  assert.equal((await passWithAttempts(time, 1, documents)).attempts, 1)
  for (const [i, minutes] of [1, 2, 4, 8, 16].entries()) {
    assert.equal((await passWithAttempts(time, minutes * MINUTE_MS - 1, documents)).attempts, i + 1)
    assert.equal((await passWithAttempts(time, 1, documents)).attempts, i + 2)
  }
  assert.deepEqual([alerts.state().smtp, alerts.state().pending, alerts.state().retried], ['failing', 1, 6])
  server.manners = {}
  assert.equal((await passWithAttempts(time, 30 * MINUTE_MS, documents)).status, 'sent')
  await time.pass(HOUR_MS)
  assert.equal(server.received.length, 1)
  const { lastError, ...state } = alerts.state()
  assert.deepEqual(state, { smtp: 'ok', pending: 0, sent: 1, failed: 0, unknown: 0, retried: 6 })
  assert.match(lastError ?? '', /closed/)
})

test("an alert that can't be sent is given up a day after it was raised", async t => {
  const { alerts, documents, server, time } = await setUp()
  t.after(() => alerts.close())
  server.manners = REFUSED
  await leave(documents)
  await alerts.start()
  let lastPending = 0
  while (time.monotonic.now() < 25 * HOUR_MS) {
    const { status } = await passWithAttempts(time, 30 * MINUTE_MS, documents)
    if (status === 'pending') lastPending = time.monotonic.now()
  }
  const { status, error } = await alertIn(documents)
  assert.deepEqual([status, alerts.state().failed, alerts.state().pending], ['failed', 1, 0])
  assert.match(error ?? '', /closed/)
  assert.ok(lastPending >= 23 * HOUR_MS && lastPending < 24 * HOUR_MS)
})

for (const [manners, status] of [
  [{ rcpt: 550 }, 'failed'],
  [{ end: 'hang-up' }, 'unknown'],
  [{ rcpt: 451 }, 'pending'],
  [{ end: 452 }, 'pending'],
  [{ end: 554 }, 'failed'],
] as const) {
  test(`where the mail server answers ${JSON.stringify(manners)}, the alert is ${status}`, async t => {
    const { alerts, server } = await setUp()
    t.after(() => alerts.close())
    server.manners = manners
    assert.equal((await alerts.request({ artistId: 'ar1' })).email?.sent, false)
    assert.equal((await alerts.history({ limit: 1 })).items[0]?.status, status)
    assert.equal(alerts.state().pending, status === 'pending' ? 1 : 0)
  })
}

test('an artist without an address gets no mail', async t => {
  const { alerts, server } = await setUp({ contactOf: async () => ({ email: null, name: 'Ana' }) })
  t.after(() => alerts.close())
  const { email } = await alerts.request({ artistId: 'ar1' })
  assert.deepEqual(email, { recipient: null, sent: false, error: 'no e-mail address is known' })
  const [alert] = (await alerts.history({ limit: 1 })).items
  assert.deepEqual([alert?.status, server.received.length], ['none', 0])
})

test('a catalogue that does not answer is asked for the address again', async t => {
  let isAway = true
  const contactOf = async () => {
    if (isAway) throw new Error('the circuit is open')
    return { email: 'ana@example.com', name: null }
  }
  const { alerts, documents, server, time } = await setUp({ contactOf })
  t.after(() => alerts.close())
  await alerts.start()
  const { email } = await alerts.request({ artistId: 'ar1' })
  assert.deepEqual([email?.sent, email?.recipient, alerts.state().smtp], [false, null, 'ok'])
  assert.match(email?.error ?? '', /looked up: the circuit is open/)
  isAway = false
  assert.equal((await passWithAttempts(time, MINUTE_MS, documents, 'ar1/asked-1')).status, 'sent')
  assert.equal(server.received.length, 1)
})

test('three mails are under way at most, and a requested one goes before those that wait', async t => {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>()
  const begun: string[] = []
  const mailer: Mailer = {
    async send({ recipient }, beforeLastChunk) {
      begun.push(recipient)
      await opened
      await beforeLastChunk()
      return { kind: 'sent' }
    },
    close() {},
  }
  const { alerts, documents } = testAlerts({ mailer })
  t.after(() => alerts.close())
  for (let n = 1; n <= 6; n++) await leave(documents, { recipient: `a${n}@example.com`, automatic: true }, `ar${n}/1`)
  await alerts.start()
  await until(() => begun.length >= 3)
  const answer = alerts.request({ artistId: 'ar9', notifyEmail: 'boss@example.com' })
  await until(() => alerts.state().pending === 7)
  assert.equal(begun.length, 3)
  open()
  assert.equal((await answer).email?.sent, true)
  assert.ok(begun.slice(3, 6).includes('boss@example.com'))
  await until(() => begun.length === 7)
})

test('claims of another living process are left alone, and those of a dead one end after two minutes', async t => {
  const { alerts, documents, server, time } = await setUp({ isAlone: false })
  t.after(() => alerts.close())
  const claim = { by: 'another', n: 1 }
  await leave(documents, { status: 'sending', attempts: 1, claim })
  await leave(documents, { status: 'handing-over', attempts: 1, claim, sentAt: START, artistId: 'ar2' }, 'ar2/1')
  await alerts.start()
  for (const _ of [30, 60, 90]) {
    // A wall clock that jumps proves no death.
    time.ahead += 10 * MINUTE_MS
    await time.pass(30_000)
  }
  assert.deepEqual([(await alertIn(documents)).status, server.received.length], ['sending', 0])
  await time.pass(31_000)
  await hasStatus(documents, 'sent')
  await hasStatus(documents, 'unknown', 'ar2/1')
  assert.equal(server.received.length, 1)
})

test('a mail whose claim was taken over while it was sent is withdrawn', async t => {
  const { documents } = openTempStore()
  const other = await setUp({ documents })
  const { promise: taken, resolve } = Promise.withResolvers<void>()
  const smtp = mailerFor(other.server)
  const paused: Mailer = { send: (mail, gate) => taken.then(() => smtp.send(mail, gate)), close: () => smtp.close() }
  const { alerts } = testAlerts({ documents, mailer: paused })
  t.after(() => Promise.all([alerts.close(), other.alerts.close()]))
  const answer = alerts.request({ artistId: 'ar1' })
  await until(async () => (await alerts.history({ limit: 1 })).items[0]?.attempts === 1)
  await other.alerts.start()
  await hasStatus(documents, 'sent', 'ar1/asked-1')
  resolve()
  assert.equal((await answer).email?.sent, false)
  assert.equal(other.server.received.length, 1)
  assert.equal((await alertIn(documents, 'ar1/asked-1')).status, 'sent')
})

test('of two processes that find one alert, one sends it', async t => {
  const { documents } = openTempStore()
  const [a, b] = [await setUp({ documents, isAlone: false }), await setUp({ documents, isAlone: false })]
  t.after(() => Promise.all([a.alerts.close(), b.alerts.close()]))
  const ids = Array.from({ length: 40 }, (_, n) => `ar1/${n}`)
  for (const [n, id] of ids.entries()) await leave(documents, { recipient: `ana${n}@example.com` }, id)
  await Promise.all([a.alerts.start(), b.alerts.start()])
  for (const id of ids) await hasStatus(documents, 'sent', id)
  const sentTo = [...recipients(a.server), ...recipients(b.server)]
  assert.deepEqual([sentTo.length, new Set(sentTo).size], [40, 40])
})

test('a store that is away at the start and when the mail was sent delays the mail, and nothing else', async t => {
  const broken = failing(openTempStore().documents)
  await leave(broken)
  const server = await startSmtpServer({ login: false, startTls: false })
  const smtp = mailerFor(server)
  const mailer: Mailer = {
    async send(mail, gate) {
      const outcome = await smtp.send(mail, gate)
      broken.failure = new StoreUnavailable('locked')
      return outcome
    },
    close: () => smtp.close(),
  }
  const { alerts, time } = testAlerts({ documents: broken, mailer })
  t.after(() => alerts.close())
  broken.failure = new StoreUnavailable('locked')
  await alerts.start()
  await time.pass(5000)
  assert.equal(server.received.length, 0)
  broken.failure = undefined
  await time.pass(1000)
  await until(() => server.received.length === 1 && broken.failure !== undefined)
  await time.pass(5000)
  assert.equal((await alertIn(broken)).status, 'handing-over')
  broken.failure = undefined
  await time.pass(1000)
  await hasStatus(broken, 'sent')
  assert.equal(server.received.length, 1)
})

/** Documents whose store fails once, after it has written that an alert has this status. */
function losingAnswer(documents: Documents, status: AlertStatus): Documents {
  let isLost = false
  const losing = failing(documents)
  losing.swap = async (collection, id, from, to) => {
    const isWritten = await documents.swap(collection, id, from, to)
    if (isLost || collection !== ALERTS || parseAlert({ value: to }).status !== status) return isWritten
    isLost = true
    throw new StoreUnavailable('no answer')
  }
  return losing
}

for (const status of ['sending', 'handing-over', 'sent'] as const) {
  test(`a store that writes "${status}" and then fails costs no mail and makes none twice`, async t => {
    const { documents } = openTempStore()
    await leave(documents)
    const { alerts, server, time } = await setUp({ documents: losingAnswer(documents, status) })
    t.after(() => alerts.close())
    await alerts.start()
    await until(async () => {
      await time.pass(1000)
      return (await alertIn(documents)).status === 'sent' && alerts.state().sent === 1
    })
    await time.pass(HOUR_MS)
    assert.deepEqual([server.received.length, alerts.state().pending], [1, 0])
  })
}

test('a mail is tried again after its delay, whatever happens to the wall clock', async t => {
  const { alerts, documents, server, time } = await setUp()
  t.after(() => alerts.close())
  server.manners = REFUSED
  await alerts.start()
  await alerts.request({ artistId: 'ar1' })
  server.manners = {}
  for (const ahead of [DAY_MS, -DAY_MS, 0]) {
    time.ahead = ahead
    await time.pass(10_000)
  }
  await time.passUntil(MINUTE_MS - 1)
  assert.deepEqual([server.received.length, (await alertIn(documents, 'ar1/asked-1')).attempts], [0, 1])
  await time.passUntil(MINUTE_MS)
  await hasStatus(documents, 'sent', 'ar1/asked-1')
  assert.equal(server.received.length, 1)
})

for (const [jump, status] of [
  [DAY_MS, 'sent'],
  // A day old by the clock, it is given up.
  [-DAY_MS, 'failed'],
] as const) {
  test(`a mail that was put off while the wall clock was ${jump / HOUR_MS} hours ahead is ${status} after its delay`, async t => {
    const { documents } = openTempStore()
    const before = await setUp({ documents })
    before.server.manners = REFUSED
    before.time.ahead = jump
    await before.alerts.request({ artistId: 'ar1' })
    await before.alerts.close()
    const { alerts, server, time } = await setUp({ documents })
    t.after(() => alerts.close())
    await alerts.start()
    await time.pass(MINUTE_MS)
    await hasStatus(documents, status, 'ar1/asked-1')
    assert.equal(server.received.length, status === 'sent' ? 1 : 0)
  })
}

test('an alert whose process died while it was sent can be sent to its address, and no other one can', async t => {
  const { documents } = openTempStore()
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  const send = () => {
    begin()
    return new Promise<never>(() => {})
  }
  const breachingArtists = async () => [{ artistId: 'ar1', counts: BREACH }]
  const dying = testAlerts({ documents, mailer: { send, close() {} }, figures: { breachingArtists } })
  await dying.alerts.evaluate()
  await begun
  const { alerts, server } = await setUp({ documents })
  t.after(() => alerts.close())
  const { email } = await alerts.request({ artistId: 'ar2' })
  assert.match(email?.error ?? '', /has had a mail within the last hour/)
  await alerts.start()
  await hasStatus(documents, 'sent')
  assert.deepEqual(recipients(server), ['ana@example.com'])
})

test('an address to which nothing could be delivered gets the next mail', async t => {
  const { alerts, server } = await setUp()
  t.after(() => alerts.close())
  const isSent = async (artistId: string) => (await alerts.request({ artistId })).email?.sent
  server.manners = { rcpt: 550 }
  assert.equal(await isSent('ar1'), false)
  server.manners = {}
  assert.deepEqual([await isSent('ar2'), await isSent('ar3')], [true, false])
  assert.equal(server.received.length, 1)
})
