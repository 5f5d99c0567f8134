import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { failing, openTempStore } from '../../test/support/temp-store.ts'
import { ServiceError } from '../errors.ts'
import { foldText } from '../identity/fold-text.ts'
import { openEmbedded } from '../opening/open-storage.ts'
import { ALERTS } from '../storage/collections.ts'
import { type Documents, StoreUnavailable } from '../storage/storage.ts'
import { DAY_MS, HOUR_MS } from '../units.ts'
import { type Alert, alertText, MAX_ALERTS } from './alert.ts'
import { Alerts, type AlertsOptions, MAX_WAITING_FOR_REQUEST } from './alerts.ts'
import type { Mailer } from './mailer.ts'
import type { Mail } from './message.ts'

const START = Date.parse('2026-11-24T10:00:00Z')
const BREACH = { plays: 120, likes: 0, follows: 0 }

const addressOf = (artistId: string) =>
  artistId === 'ar1' ? 'ana@example.com' : `${Buffer.from(artistId).toString('hex')}@example.com`

let instances = 0

function setUp(more: Partial<AlertsOptions> = {}) {
  // `now` passes as time does; the clock on the wall is `ahead` of it.
  const time = { now: START, ahead: 0 }
  const mails: Mail[] = []
  const mailer: Mailer = {
    async send(mail, gate) {
      if (await gate()) mails.push(mail)
      return { kind: 'sent' }
    },
    close() {},
  }
  const excepted: string[][] = []
  const alerts = new Alerts({
    documents: more.documents ?? openTempStore().documents,
    clock: () => time.now + time.ahead,
    monotonic: () => time.now,
    instance: `instance ${++instances}`,
    artistOf: async asked => ({ id: asked, keys: [asked] }),
    countsOf: async () => BREACH,
    breaching: async (_, except) => {
      excepted.push(except)
      return ['ar1', 'ar2'].filter(id => !except.includes(id)).map(artistId => ({ artistId, counts: BREACH }))
    },
    recipientOf: async artistId => ({ email: addressOf(artistId), name: 'Ana' }),
    recipients: 'any',
    mailer,
    soleInstance: true,
    ...more,
  })
  return { alerts, time, mails, excepted }
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 10_000
  while (!condition()) {
    assert.ok(performance.now() < end, 'waited for 10 seconds in vain')
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

test('a breach is mailed and answered; then the artist cools down for an hour', async () => {
  const { alerts, time, mails } = setUp()
  assert.deepEqual(await alerts.request({ artistId: 'ar1' }), {
    triggered: true,
    details: BREACH,
    triggers: [{ kind: 'plays', count: 120, threshold: 100 }],
    email: { recipient: 'ana@example.com', sent: true, error: null },
  })
  time.now += 1000.5
  const cooling = { triggered: false, reason: 'cooldown', cooldown_of: 'artist' }
  const until = { cooldown_until: new Date(START + HOUR_MS).toISOString() }
  assert.deepEqual(await alerts.request({ artistId: 'ar1' }), { ...cooling, ...until, cooldown_remaining: 3599 })
  assert.equal((await alerts.request({ artistId: 'ar2' })).triggered, true)
  time.now = START + HOUR_MS - 1
  assert.deepEqual(await alerts.request({ artistId: 'ar1' }), { ...cooling, ...until, cooldown_remaining: 1 })
  time.now = START + HOUR_MS
  assert.equal((await alerts.request({ artistId: 'ar1' })).triggered, true)
  assert.equal(mails.length, 3)
})

test('below the thresholds nothing happens; thresholds and window are as asked', async () => {
  const windows: number[] = []
  const countsOf = async (_: string, windowMs: number) => {
    windows.push(windowMs)
    return { plays: 99, likes: 49, follows: 9 }
  }
  const { alerts, mails } = setUp({ countsOf })
  const details = { plays: 99, likes: 49, follows: 9 }
  assert.deepEqual(await alerts.request({ artistId: 'ar1', thresholds: null }), { triggered: false, details })
  const asked = { artistId: 'ar1', windowMinutes: 5, thresholds: { plays: null, follows: 9 } }
  assert.deepEqual((await alerts.request(asked)).triggers, [{ kind: 'follows', count: 9, threshold: 9 }])
  assert.deepEqual([windows, mails.length], [[3_600_000, 300_000], 1])
})

test('the given address is used, masked in the history, and must be one address', async () => {
  const { alerts, mails } = setUp()
  await assert.rejects(alerts.request({ artistId: 'ar1', notifyEmail: 'a@x.y\r\nBcc: b@x.y' }), {
    status: 400,
    code: 'email_invalid',
  })
  const { email } = await alerts.request({ artistId: 'ar1', notifyEmail: 'boss@label.example' })
  assert.deepEqual([email?.recipient, mails[0]?.recipient], ['boss@label.example', 'boss@label.example'])
  const { items } = await alerts.history({ limit: 10 })
  assert.deepEqual(items, [
    {
      id: 'ar1/asked-1',
      artistId: 'ar1',
      at: '2026-11-24T10:00:00.000Z',
      triggers: [{ kind: 'plays', count: 120, threshold: 100 }],
      details: BREACH,
      recipient: 'b***@label.example',
      status: 'sent',
      attempts: 1,
      error: null,
    },
  ])
})

test('without a mail server alerts are recorded, and not sent', async () => {
  const { alerts } = setUp({ mailer: null })
  for (const attempt of [1, 2]) {
    const { triggered, email } = await alerts.request({ artistId: 'ar1' })
    assert.deepEqual(
      [attempt, triggered, email],
      [attempt, true, { recipient: 'ana@example.com', sent: false, error: 'SMTP_HOST is not set' }],
    )
  }
  assert.equal(alerts.state().smtp, 'off')
  assert.deepEqual(
    (await alerts.history({ artistId: 'ar1', limit: 9 })).items.map(({ status }) => status),
    ['none', 'none'],
  )
})

test('the cooldown survives a restart', async t => {
  const dataDir = mkdtempSync(join(tmpdir(), 'alerts-'))
  t.after(() => rmSync(dataDir, { recursive: true }))
  for (const triggered of [true, false]) {
    const storage = openEmbedded(dataDir)
    const { alerts } = setUp({ documents: storage.documents })
    assert.equal((await alerts.request({ artistId: 'ar1' })).triggered, triggered)
    await alerts.close()
    await storage.close()
  }
})

test('two processes record one alert', async () => {
  const { documents } = openTempStore()
  const [a, b] = [setUp({ documents, soleInstance: false }), setUp({ documents, soleInstance: false })]
  const answers = await Promise.all([a, b, a, b].map(({ alerts }) => alerts.request({ artistId: 'ar1' })))
  assert.equal(answers.filter(({ triggered }) => triggered).length, 1)
  assert.equal(answers.filter(({ reason }) => reason === 'cooldown').length, 3)
  await Promise.all([a.alerts.evaluate(), b.alerts.evaluate()])
  await until(() => a.mails.length + b.mails.length === 3)
  const { items } = await a.alerts.history({ limit: 9 })
  assert.deepEqual(items.map(({ id }) => id).sort(), ['ar1/1', 'ar1/asked-1', 'ar2/1'])
  await Promise.all([a.alerts.close(), b.alerts.close()])
})

const byName = async (asked: string) => ({ id: asked.trim(), keys: [foldText(asked)] as const })

/** As earlier versions kept what was asked for. */
async function recordAsBefore(documents: Documents, artistId: string): Promise<void> {
  const alert = pastAlert(artistId)
  await documents.add(ALERTS, { id: `${artistId}/1`, group: artistId, value: alertText(alert) }, MAX_ALERTS)
}

function pastAlert(artistId: string): Alert {
  return {
    ...{ artistId, at: START, windowMinutes: 60, counts: BREACH, triggers: [], recipient: 'ana@example.com' },
    ...{ automatic: false, status: 'sent', sentAt: START, attempts: 1, nextAttemptAt: null, error: null },
  }
}

test('what was recorded under how a name was spelled is found, in history and cooldown', async () => {
  const { documents } = openTempStore()
  for (const spelling of ['Ñandú', ' ÑANDÚ ', 'other']) await recordAsBefore(documents, spelling)
  const { alerts, time, mails } = setUp({ documents, artistOf: byName })
  assert.equal((await alerts.request({ artistId: 'ñandú' })).reason, 'cooldown')
  time.now += HOUR_MS
  assert.equal((await alerts.request({ artistId: 'ñandú' })).triggered, true)
  assert.equal((await alerts.request({ artistId: 'Ñandú' })).reason, 'cooldown')
  const ids = async (page: { limit: number; cursor?: string }) => {
    const { items, nextCursor } = await alerts.history({ artistId: 'ÑANDÚ', ...page })
    return [items.map(({ id }) => id), nextCursor] as const
  }
  const [first, cursor] = await ids({ limit: 2 })
  assert.deepEqual(first, ['ñandú/asked-1', ' ÑANDÚ /1'])
  assert.deepEqual(await ids({ limit: 2, cursor: cursor! }), [['Ñandú/1'], null])
  assert.equal(mails.length, 1)
})

test('a store that is away when spellings are looked for is asked again', async () => {
  const { documents } = openTempStore()
  let away = true
  const unsteady = failing(documents)
  unsteady.counts = async collection => {
    if (away) throw new StoreUnavailable('locked')
    return documents.counts(collection)
  }
  const { alerts } = setUp({ documents: unsteady })
  await assert.rejects(alerts.request({ artistId: 'ar1' }), StoreUnavailable)
  away = false
  assert.equal((await alerts.request({ artistId: 'ar1' })).triggered, true)
})

test('the ids of an artist share one cooldown, and the mail is for the one that it goes by', async () => {
  const artistOf = async () => ({ id: '4', keys: ['4', '65f', 'dj beats'] as const })
  const asked: string[] = []
  const recipientOf = async (artistId: string) => {
    asked.push(artistId)
    return { email: 'ana@example.com', name: 'DJ Beats' }
  }
  const { documents } = openTempStore()
  const before = setUp({ documents })
  await before.alerts.request({ artistId: 'dj beats' })
  const { alerts, time } = setUp({ documents, artistOf, recipientOf })
  for (const artistId of ['4', '65f', 'DJ Beats']) {
    assert.equal((await alerts.request({ artistId })).reason, 'cooldown')
  }
  time.now += HOUR_MS
  assert.equal((await alerts.request({ artistId: 'DJ Beats' })).triggered, true)
  assert.deepEqual(asked, ['4'])
  assert.deepEqual(
    (await alerts.history({ artistId: '65f', limit: 9 })).items.map(({ id }) => id),
    ['4/asked-1', 'dj beats/asked-1'],
  )
})

test('the history has pages', async () => {
  const { alerts } = setUp({ mailer: null })
  for (let n = 1; n <= 5; n++) await alerts.request({ artistId: `ar${n % 2}` })
  const ids: string[][] = []
  let cursor: string | null = null
  do {
    const page = await alerts.history({ limit: 2, ...(cursor === null ? {} : { cursor }) })
    ids.push(page.items.map(({ id }) => id))
    cursor = page.nextCursor
  } while (cursor !== null)
  assert.deepEqual(ids, [['ar1/asked-3', 'ar0/asked-2'], ['ar1/asked-2', 'ar0/asked-1'], ['ar1/asked-1']])
  await assert.rejects(alerts.history({ limit: 2, cursor: '?' }), { status: 400, code: 'cursor_invalid' })
})

test('evaluation alerts each artist once an hour, and leaves out whom it knows to cool down', async () => {
  const { alerts, time, mails, excepted } = setUp()
  assert.deepEqual([await alerts.evaluate(), await alerts.evaluate()], [2, 0])
  assert.deepEqual(excepted[1]?.sort(), ['ar1', 'ar2'])
  await until(() => mails.length === 2)
  for (; time.now < START + HOUR_MS; time.now += 60_000) assert.equal(await alerts.evaluate(), 0)
  assert.equal(await alerts.evaluate(), 2)
  await alerts.close()
})

test('an alert that reaches nobody is recorded once an hour by evaluation', async () => {
  const { alerts, time } = setUp({ mailer: null })
  let recorded = 0
  for (; time.now < START + 2 * HOUR_MS; time.now += 60_000) recorded += await alerts.evaluate()
  assert.equal(recorded, 4)
})

test('evaluation follows ingestion, is tried again where the store is away, and is never run twice at once', async () => {
  let runs = 0
  let running = 0
  let most = 0
  const breaching = async () => {
    most = Math.max(most, ++running)
    await new Promise(resolve => setTimeout(resolve, 2))
    running--
    if (++runs === 1) throw new StoreUnavailable('locked')
    return []
  }
  const { alerts } = setUp({ breaching })
  await alerts.start()
  const keepAlive = setInterval(() => alerts.ingested(), 1)
  const start = performance.now()
  await until(() => runs === 4)
  clearInterval(keepAlive)
  await alerts.close()
  assert.equal(most, 1)
  assert.ok(performance.now() - start >= 1000 - 50, 'events of 250 ms are gathered')
})

test('what was asked for holds up nothing that the service finds by itself, but itself and what comes after that', async () => {
  const { alerts, time, mails } = setUp()
  assert.equal((await alerts.request({ artistId: 'ar1' })).email?.sent, true)
  time.now += 1000
  assert.equal(await alerts.evaluate(), 2)
  await until(() => mails.length === 3)
  assert.deepEqual(
    mails.map(({ recipient }) => recipient).filter(recipient => recipient === 'ana@example.com').length,
    2,
  )
  time.now += HOUR_MS - 1000
  const { cooldown_of, cooldown_remaining } = await alerts.request({ artistId: 'ar1' })
  assert.deepEqual([cooldown_of, cooldown_remaining], ['artist', 1])
  await alerts.close()
})

test('an address gets one mail an hour that was asked for, however it is spelled and whatever artist it is about', async () => {
  const { alerts, time, mails } = setUp()
  const ask = (artistId: string, notifyEmail: string) => alerts.request({ artistId, notifyEmail })
  assert.equal((await ask('ar1', 'boss@Ñandú.example')).email?.sent, true)
  time.now += 60_000
  assert.deepEqual(await ask('ar2', 'BOSS@xn--and-6ma2c.example'), {
    triggered: false,
    reason: 'cooldown',
    cooldown_of: 'address',
    cooldown_remaining: 3540,
    cooldown_until: new Date(START + HOUR_MS).toISOString(),
  })
  // Nothing began with it.
  assert.equal((await ask('ar2', 'other@label.example')).email?.sent, true)
  time.now = START + HOUR_MS
  assert.equal((await ask('ar3', 'boss@ñandú.example')).email?.sent, true)
  assert.equal(mails.length, 3)
})

test('an address of the catalogue that has had a mail: a request is told, an alert of the service waits for its hour', async t => {
  const recipientOf = async () => ({ email: 'label@example.com', name: 'Ana' })
  const { alerts, time, mails } = setUp({ recipientOf })
  t.after(() => alerts.close())
  await alerts.request({ artistId: 'ar1' })
  const { email } = await alerts.request({ artistId: 'ar3' })
  assert.equal(email?.sent, false)
  assert.match(email?.error ?? '', /has had a mail within the last hour, and gets no other before 2026-11-24T11:00/)
  assert.equal(await alerts.evaluate(), 2)
  await until(() => mails.length === 2)
  const statuses = async () =>
    (await alerts.history({ limit: 9 })).items.filter(({ id }) => /^ar[12]\/1$/.test(id)).map(({ status }) => status)
  await until(() => alerts.state().sent === 2 && alerts.state().retried === 1)
  assert.deepEqual((await statuses()).sort(), ['pending', 'sent'])
  time.now += HOUR_MS
  // The outbox looks what is due whenever there is something new.
  await alerts.request({ artistId: 'ar9', notifyEmail: 'boss@example.com' })
  await until(() => mails.length === 4)
  assert.deepEqual(mails.map(({ recipient }) => recipient).sort(), [
    'boss@example.com',
    ...Array(3).fill('label@example.com'),
  ])
})

test('two instances send an address one mail', async () => {
  const { documents } = openTempStore()
  const both = [setUp({ documents, soleInstance: false }), setUp({ documents, soleInstance: false })]
  const asked = Array.from({ length: 8 }, (_, i) => ({ artistId: `made up ${i}`, notifyEmail: 'boss@example.com' }))
  const answers = await Promise.all(asked.map((request, i) => both[i % 2]!.alerts.request(request)))
  assert.equal(answers.filter(({ email }) => email?.sent).length, 1)
  assert.equal(both.flatMap(({ mails }) => mails).length, 1)
})

test('whom a request may name is as ALERT_RECIPIENTS says, and what is refused begins no cooldown', async () => {
  const refused = { status: 403, code: 'recipient_not_allowed' }
  const named = (alerts: Alerts, notifyEmail: string) => alerts.request({ artistId: 'ar1', notifyEmail })
  const catalogue = setUp({ recipients: 'catalogue' })
  for (const address of ['boss@example.com', 'ana@www.example.com']) {
    await assert.rejects(named(catalogue.alerts, address), refused)
  }
  assert.equal((await named(catalogue.alerts, 'ANA@Example.com')).email?.recipient, 'ANA@Example.com')
  const nobody = setUp({ recipients: 'catalogue', recipientOf: async () => ({ email: null, name: null }) })
  await assert.rejects(named(nobody.alerts, 'ana@example.com'), refused)
  const domains = setUp({ recipients: ['undersounds.com', 'xn--and-6ma2c.example'] })
  for (const address of ['a@example.com', 'a@www.undersounds.com', 'a@undersounds.com.example.org']) {
    await assert.rejects(named(domains.alerts, address), refused)
  }
  assert.equal((await named(domains.alerts, 'a@UnderSounds.com')).email?.sent, true)
  assert.equal((await domains.alerts.request({ artistId: 'ar2', notifyEmail: 'a@ñandú.example' })).email?.sent, true)
  assert.deepEqual([catalogue.mails.length, nobody.mails.length, domains.mails.length], [1, 0, 2])
  assert.equal((await nobody.alerts.history({ limit: 9 })).items.length, 0)
})

test('an admin may name any address; who may not is told no address of the catalogue', async () => {
  const { alerts } = setUp({ recipients: 'catalogue' })
  const asked = { artistId: 'ar1', notifyEmail: 'boss@example.com', isAdmin: true }
  assert.equal((await alerts.request(asked)).email?.recipient, 'boss@example.com')
  const unnamed = (more: object) => setUp({ recipients: 'catalogue' }).alerts.request({ artistId: 'ar1', ...more })
  assert.equal((await unnamed({})).email?.recipient, 'a***@example.com')
  assert.equal((await unnamed({ isAdmin: true })).email?.recipient, 'ana@example.com')
})

for (const jump of [DAY_MS, -DAY_MS]) {
  test(`a clock that is set ${jump > 0 ? 'forward' : 'back'} by a day changes no cooldown, and neither does setting it right`, async () => {
    const { alerts, time, mails } = setUp()
    await alerts.request({ artistId: 'ar1', notifyEmail: 'boss@example.com' })
    assert.equal(await alerts.evaluate(), 2)
    await until(() => mails.length === 3)
    for (const ahead of [jump, 0]) {
      time.ahead = ahead
      time.now += 60_000
      assert.equal((await alerts.request({ artistId: 'ar1' })).cooldown_of, 'artist')
      const other = { artistId: 'ar7', notifyEmail: 'boss@example.com' }
      assert.equal((await alerts.request(other)).cooldown_of, 'address')
      assert.equal(await alerts.evaluate(), 0)
    }
    time.now = START + HOUR_MS
    assert.equal((await alerts.request({ artistId: 'ar1', notifyEmail: 'boss@example.com' })).email?.sent, true)
    await alerts.close()
  })

  test(`what was sent by a clock that was set ${jump > 0 ? 'ahead' : 'behind'} by a day cools down for an hour at most`, async () => {
    const { documents } = openTempStore()
    const before = setUp({ documents })
    before.time.ahead = jump
    await before.alerts.request({ artistId: 'ar1', notifyEmail: 'boss@example.com' })
    const { alerts, time } = setUp({ documents })
    const reasons = async () => [
      (await alerts.request({ artistId: 'ar1', notifyEmail: 'a@example.com', thresholds: { plays: 1000 } }))
        .cooldown_of,
      (await alerts.request({ artistId: 'ar2', notifyEmail: 'boss@example.com' })).cooldown_of,
    ]
    assert.deepEqual(await reasons(), jump > 0 ? ['artist', 'address'] : [undefined, undefined])
    time.now += HOUR_MS
    assert.deepEqual(await reasons(), [undefined, undefined])
  })
}

test('what waits for its mail stays, however much is asked for', async t => {
  const { documents } = openTempStore()
  const waiting = { ...pastAlert('ar1'), status: 'pending', nextAttemptAt: START + HOUR_MS, automatic: true } as const
  await documents.put(ALERTS, [{ id: 'ar1/1', group: 'ar1', value: alertText(waiting) }], MAX_ALERTS)
  const others = Array.from({ length: MAX_ALERTS }, (_, n) => ({
    ...{ id: `made-up ${n}/asked-1`, group: ` asked: made-up ${n}` },
    value: alertText({ ...pastAlert(`made-up ${n}`), status: 'none' }),
  }))
  await documents.put(ALERTS, others, Number.POSITIVE_INFINITY)
  const { alerts, time, mails } = setUp({ documents, breaching: async () => [] })
  t.after(() => alerts.close())
  await alerts.start()
  for (const id of ['ar3', 'ar4']) assert.equal((await alerts.request({ artistId: id })).email?.sent, true)
  const { items } = await alerts.history({ limit: 3 })
  assert.deepEqual(
    items.map(({ id }) => id),
    ['ar4/asked-1', 'ar3/asked-1', 'made-up 99999/asked-1'],
  )
  for (const { id } of others.slice(0, 2)) assert.equal(await documents.get(ALERTS, id), null)
  assert.ok(await documents.get(ALERTS, others[2]!.id))
  time.now += HOUR_MS
  await alerts.request({ artistId: 'ar5' })
  await until(() => mails.length === 4)
  assert.deepEqual(
    mails.map(({ recipient }) => recipient).filter(recipient => recipient === 'ana@example.com'),
    ['ana@example.com'],
  )
})

test('where too many alerts wait for their mail, none is taken that is asked for, and nothing of it is recorded', async t => {
  const { documents } = openTempStore()
  const kept = Array.from({ length: MAX_WAITING_FOR_REQUEST }, (_, n) => ({
    ...{ id: `ar${n}/asked-1`, group: ` asked: ar${n}` },
    value: alertText({ ...pastAlert(`ar${n}`), status: 'pending', nextAttemptAt: START + HOUR_MS }),
  }))
  await documents.put(ALERTS, kept, MAX_ALERTS)
  const { alerts } = setUp({ documents, breaching: async () => [{ artistId: 'own', counts: BREACH }] })
  t.after(() => alerts.close())
  await alerts.start()
  const refused = (error: unknown) => {
    assert.ok(error instanceof ServiceError)
    return error.status === 503 && error.retryAfter === 60
  }
  await assert.rejects(alerts.request({ artistId: 'new' }), refused)
  assert.deepEqual((await alerts.history({ artistId: 'new', limit: 1 })).items, [])
  assert.equal((await alerts.request({ artistId: 'ar1' })).reason, 'cooldown')
  // The service's own are no less recorded.
  await alerts.evaluate()
  assert.equal((await alerts.history({ artistId: 'own', limit: 1 })).items.length, 1)
})
