import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failing, openTempStore } from '../../test/support/temp-store.ts'
import { ALERTS } from '../storage/collections.ts'
import { type Documents, StoreUnavailable } from '../storage/storage.ts'
import { StoredWaits } from '../storage/stored-waits.ts'
import { DAY_MS, HOUR_MS } from '../units.ts'
import { type Alert, alertText, MAX_ALERTS, parseAlert } from './alert.ts'
import type { Mailer, SendOutcome } from './mailer.ts'
import type { Mail } from './message.ts'
import { Outbox, type OutboxOptions } from './outbox.ts'

const START = Date.parse('2026-11-24T10:00:00Z')
const SENT: SendOutcome = { kind: 'sent' }
const DOWN: SendOutcome = { kind: 'temporary', error: 'connect ECONNREFUSED', answered: false }

/** Delivers where it is told to, and allowed to. */
function postman(answer: () => SendOutcome = () => SENT) {
  const delivered: Mail[] = []
  const mailer: Mailer = {
    async send(mail, beforeLastChunk) {
      const outcome = answer()
      if (outcome.kind === 'temporary' && !outcome.answered) return outcome
      const allowed = await beforeLastChunk().catch(() => false)
      if (!allowed) return { kind: 'temporary', error: 'withdrawn', answered: false }
      if (outcome.kind === 'sent') delivered.push(mail)
      return outcome
    },
    close() {},
  }
  return { mailer, delivered }
}

let instances = 0

function setUp(more: Partial<OutboxOptions> = {}) {
  const documents = more.documents ?? openTempStore().documents
  // `now` passes as time does; the clock on the wall is `ahead` of it.
  const time = { now: START, ahead: 0 }
  const { mailer, delivered } = postman()
  const clock = () => time.now + time.ahead
  const monotonic = () => time.now
  const options: OutboxOptions = {
    documents,
    clock,
    monotonic,
    waits: new StoredWaits(clock, monotonic),
    instance: `instance ${++instances}`,
    mailer,
    recipientOf: async () => ({ email: 'ana@example.com', name: 'Ana' }),
    soleInstance: true,
    ...more,
  }
  const outbox = new Outbox(options)
  return { documents, time, delivered, options, outbox }
}

async function record(documents: Documents, more: Partial<Alert> = {}, id = 'ar1/1'): Promise<string> {
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
  await documents.add(ALERTS, { id, group: alert.artistId, value: alertText(alert) }, MAX_ALERTS)
  return id
}

async function stateOf(documents: Documents, id = 'ar1/1'): Promise<Alert> {
  return parseAlert((await documents.get(ALERTS, id))!)
}

test('looks the recipient up, sends, and says so', async () => {
  const { documents, delivered, outbox } = setUp()
  const answer = await outbox.attempt(await record(documents), 5000)
  assert.deepEqual([answer?.status, answer?.recipient, answer?.attempts], ['sent', 'ana@example.com', 1])
  assert.deepEqual([delivered.length, delivered[0]?.recipient], [1, 'ana@example.com'])
  const { status, sentAt, claim, artistName } = await stateOf(documents)
  assert.deepEqual([status, sentAt, claim, artistName], ['sent', START, undefined, 'Ana'])
  assert.equal(outbox.state().sent, 1)
})

test('a mail server that is away for an hour gets the mail afterwards, once', async t => {
  let down = true
  const { mailer, delivered } = postman(() => (down ? DOWN : SENT))
  const { documents, time, outbox } = setUp({ mailer })
  t.after(() => outbox.close())
  await outbox.start()
  assert.equal((await outbox.attempt(await record(documents), 5000))?.status, 'pending')
  const attempts: number[] = []
  for (; time.now < START + HOUR_MS; time.now += 60_000) {
    await outbox.tick()
    attempts.push((await stateOf(documents)).attempts)
  }
  assert.deepEqual([attempts[0], attempts.at(-1), outbox.state().smtp], [1, 6, 'failing'])
  down = false
  for (; time.now < START + 2 * HOUR_MS; time.now += 60_000) await outbox.tick()
  assert.equal(delivered.length, 1)
  assert.deepEqual(outbox.state(), {
    smtp: 'ok',
    pending: 0,
    sent: 1,
    failed: 0,
    unknown: 0,
    retried: 6,
    lastError: DOWN.error,
  })
})

test('is given up a day after the alert', async t => {
  const { mailer } = postman(() => DOWN)
  const { documents, time, outbox } = setUp({ mailer })
  t.after(() => outbox.close())
  await record(documents)
  await outbox.start()
  let last = START
  for (; time.now <= START + 25 * HOUR_MS; time.now += 10 * 60_000) {
    await outbox.tick()
    if ((await stateOf(documents)).status === 'pending') last = time.now
  }
  const { status, error } = await stateOf(documents)
  assert.deepEqual([status, error, outbox.state().pending], ['failed', DOWN.error, 0])
  assert.ok(last > START + 23.5 * HOUR_MS)
})

test('what becomes of each outcome', async () => {
  const outcomes: [SendOutcome, Alert['status'], number][] = [
    [{ kind: 'permanent', error: '550 no' }, 'failed', 0],
    [{ kind: 'unknown', error: 'cut' }, 'unknown', 0],
    [{ kind: 'temporary', error: '451 later', answered: true }, 'pending', 1],
  ]
  for (const [outcome, status, pending] of outcomes) {
    const { mailer } = postman(() => outcome)
    const { documents, outbox } = setUp({ mailer })
    assert.equal((await outbox.attempt(await record(documents), 5000))?.status, status)
    assert.equal(outbox.state().pending, pending)
    await outbox.close()
  }
})

test('an artist without an address gets none; a catalogue that is away is asked again', async t => {
  const nobody = setUp({ recipientOf: async () => ({ email: null, name: 'Ana' }) })
  const answer = await nobody.outbox.attempt(await record(nobody.documents), 5000)
  assert.deepEqual([answer?.status, answer?.error], ['none', 'no e-mail address is known'])

  let away = true
  const { documents, time, delivered, outbox } = setUp({
    recipientOf: async () => {
      if (away) throw new Error('the circuit is open')
      return { email: 'ana@example.com', name: null }
    },
  })
  t.after(() => outbox.close())
  const first = await outbox.attempt(await record(documents), 5000)
  assert.deepEqual([first?.status, first?.recipient, outbox.state().smtp], ['pending', null, 'ok'])
  assert.match(first?.error ?? '', /looked up: the circuit is open/)
  away = false
  time.now += 60_000
  await outbox.tick()
  assert.equal(delivered.length, 1)
})

test('claims of another living process are left alone, those of a dead one taken after two minutes', async t => {
  const { documents, time, delivered, outbox } = setUp({ soleInstance: false })
  t.after(() => outbox.close())
  const claim = { by: 'another', n: 1 }
  await record(documents, { status: 'sending', attempts: 1, claim })
  await record(documents, { status: 'handing-over', attempts: 1, claim, sentAt: START, artistId: 'ar2' }, 'ar2/1')
  await outbox.start()
  for (const seconds of [30, 60, 90]) {
    time.now = START + seconds * 1000
    // A clock that jumps is no proof of death.
    time.ahead += 10 * 60_000
    await outbox.tick()
  }
  assert.deepEqual([(await stateOf(documents)).status, delivered.length], ['sending', 0])
  time.now = START + 121_000
  await outbox.tick()
  assert.deepEqual([(await stateOf(documents)).status, delivered.length], ['sent', 1])
  assert.equal((await stateOf(documents, 'ar2/1')).status, 'unknown')
})

test('a mail whose claim was taken over while it was sent is withdrawn', async () => {
  const { documents, options } = setUp()
  const { promise: taken, resolve } = Promise.withResolvers<void>()
  const slow = postman()
  const outbox = new Outbox({
    ...options,
    mailer: { ...slow.mailer, send: (mail, gate) => taken.then(() => slow.mailer.send(mail, gate)) },
  })
  outbox.post(await record(documents))
  while ((await stateOf(documents)).status !== 'sending') await new Promise(setImmediate)
  const other = setUp({ documents })
  await other.outbox.start()
  await other.outbox.tick()
  resolve()
  await outbox.tick()
  assert.deepEqual([slow.delivered.length, other.delivered.length], [0, 1])
  assert.equal((await stateOf(documents)).status, 'sent')
  await other.outbox.close()
})

test('of two processes that see one alert, one sends it', async t => {
  const { documents } = openTempStore()
  const [a, b] = [setUp({ documents, soleInstance: false }), setUp({ documents, soleInstance: false })]
  t.after(() => Promise.all([a.outbox.close(), b.outbox.close()]))
  for (let n = 1; n <= 40; n++) await record(documents, { recipient: `ana${n}@example.com` }, `ar1/${n}`)
  await Promise.all([a.outbox.start(), b.outbox.start()])
  await Promise.all([a.outbox.tick(), b.outbox.tick()])
  assert.equal(a.delivered.length + b.delivered.length, 40)
  assert.equal(new Set([...a.delivered, ...b.delivered].map(({ key }) => key)).size, 40)
})

test('a store that is away at any step delays the mail, and nothing else', async t => {
  const { documents } = openTempStore()
  const broken = failing(documents)
  const { mailer, delivered } = postman()
  const sending = {
    ...mailer,
    send: async (mail: Mail, gate: () => Promise<boolean>) => {
      const outcome = await mailer.send(mail, gate)
      broken.failure = new StoreUnavailable('locked')
      setTimeout(() => {
        broken.failure = undefined
      }, 300)
      return outcome
    },
  }
  const { time, outbox } = setUp({ documents: broken, mailer: sending })
  t.after(() => outbox.close())
  await record(documents)
  broken.failure = new StoreUnavailable('locked')
  await outbox.start()
  await outbox.tick()
  assert.equal(delivered.length, 0)
  broken.failure = undefined
  time.now += 1000
  const alive = setInterval(() => {}, 100)
  await outbox.tick()
  clearInterval(alive)
  assert.deepEqual([delivered.length, (await stateOf(documents)).status], [1, 'sent'])
})

for (const step of [1, 2, 3]) {
  test(`a store that writes swap ${step} and then fails costs no mail and makes none twice`, async t => {
    const { documents } = openTempStore()
    let swaps = 0
    const swap: Documents['swap'] = async (...args) => {
      const won = await documents.swap(...args)
      if (++swaps === step) throw new StoreUnavailable('no answer')
      return won
    }
    const unsure: Documents = {
      put: documents.put.bind(documents),
      add: documents.add.bind(documents),
      get: documents.get.bind(documents),
      list: documents.list.bind(documents),
      counts: documents.counts.bind(documents),
      remove: documents.remove.bind(documents),
      swap,
    }
    const { time, delivered, outbox } = setUp({ documents: unsure })
    const alive = setInterval(() => {}, 100)
    t.after(() => clearInterval(alive))
    t.after(() => outbox.close())
    await record(documents)
    await outbox.start()
    for (let minute = 0; minute < 3; minute++, time.now += 60_000) await outbox.tick()
    assert.deepEqual([delivered.length, (await stateOf(documents)).status, outbox.state().sent], [1, 'sent', 1])
  })
}

test('a mail is tried again after its delay, whatever happens to the clock', async t => {
  let down = true
  const { mailer, delivered } = postman(() => (down ? DOWN : SENT))
  const { documents, time, outbox } = setUp({ mailer })
  t.after(() => outbox.close())
  await outbox.start()
  await outbox.attempt(await record(documents), 5000)
  down = false
  for (const ahead of [DAY_MS, -DAY_MS, 0]) {
    time.ahead = ahead
    time.now += 10_000
    await outbox.tick()
  }
  assert.deepEqual([delivered.length, (await stateOf(documents)).status], [0, 'pending'])
  time.now = START + 60_000
  await outbox.tick()
  assert.deepEqual([delivered.length, (await stateOf(documents)).status], [1, 'sent'])
})

for (const jump of [DAY_MS, -DAY_MS]) {
  test(`a mail that was put off by a clock ${jump > 0 ? 'ahead' : 'behind'} by a day is tried when its delay has passed`, async t => {
    const { documents } = openTempStore()
    const { mailer } = postman(() => DOWN)
    const before = setUp({ documents, mailer })
    before.time.ahead = jump
    await before.outbox.attempt(await record(documents, { at: START + jump, nextAttemptAt: START + jump }), 5000)
    await before.outbox.close()
    const { time, delivered, outbox } = setUp({ documents })
    t.after(() => outbox.close())
    await outbox.start()
    time.now += 60_000
    await outbox.tick()
    // A day old by the clock, it is given up.
    assert.equal((await stateOf(documents)).status, jump > 0 ? 'sent' : 'failed')
    assert.equal(delivered.length, jump > 0 ? 1 : 0)
  })
}

test('a process that dies while it sends to an address can send there again, and nobody else can', async t => {
  const { documents } = openTempStore()
  const never = new Promise<SendOutcome>(() => {})
  const dying = setUp({ documents, mailer: { send: () => never, close() {} } })
  await dying.outbox.start()
  void dying.outbox.attempt(await record(documents), 5000)
  while (!(await documents.get('alert-addresses', 'asked ana@example.com'))) await new Promise(setImmediate)
  const { delivered, outbox } = setUp({ documents })
  t.after(() => outbox.close())
  const other = await outbox.attempt(await record(documents, { artistId: 'ar2' }, 'ar2/asked-1'), 5000)
  assert.equal(other?.status, 'none')
  await outbox.start()
  await outbox.tick()
  assert.deepEqual([delivered.length, (await stateOf(documents)).status], [1, 'sent'])
  void dying.outbox.close()
})

test('an address to which nothing could be delivered gets the next mail', async () => {
  let outcome: SendOutcome = { kind: 'permanent', error: '550 no' }
  const { mailer, delivered } = postman(() => outcome)
  const { documents, outbox } = setUp({ mailer })
  assert.equal((await outbox.attempt(await record(documents), 5000))?.status, 'failed')
  outcome = SENT
  const second = await record(documents, { artistId: 'ar2' }, 'ar2/asked-1')
  assert.equal((await outbox.attempt(second, 5000))?.status, 'sent')
  const third = await record(documents, { artistId: 'ar3' }, 'ar3/asked-1')
  assert.equal((await outbox.attempt(third, 5000))?.status, 'none')
  assert.equal(delivered.length, 1)
})
