import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { failing, openTempStore } from '../../test/support/temp-store.ts'
import {
  BREACH,
  breachingArtists,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  ownContact,
  START,
  type TestAlertsOptions,
  testAlerts,
  until,
} from '../../test/support/test-alerts.ts'
import { foldText } from '../identity/fold-text.ts'
import { openEmbedded } from '../opening/open-storage.ts'
import { ALERTS } from '../storage/collections.ts'
import { type Documents, StoreUnavailable } from '../storage/storage.ts'
import { type Alert, alertText } from './alert.ts'
import { MAX_ALERTS } from './alert-history.ts'
import { MAX_WAITING_FOR_REQUEST } from './alert-requests.ts'
import type { Alerts } from './alerts.ts'

/** As `testAlerts`; `ar1` and `ar2` breach by themselves, and each artist has an address of its own. */
function setUp(options: TestAlertsOptions = {}) {
  return testAlerts({ contactOf: ownContact, ...options, figures: { breachingArtists, ...options.figures } })
}

const idsOf = async (alerts: Alerts, page: { artistId?: string; limit?: number; cursor?: string } = {}) =>
  (await alerts.history({ limit: 9, ...page })).items.map(({ id }) => id)

/** An alert that was requested and sent. */
function sentAlert(artistId: string, more: Partial<Alert> = {}): Alert {
  return {
    ...{ artistId, at: START, windowMinutes: 60, counts: BREACH, triggers: [], recipient: 'ana@example.com' },
    ...{ automatic: false, status: 'sent', sentAt: START, attempts: 1, nextAttemptAt: null, error: null },
    ...more,
  }
}

test('a breach is mailed and answered', async () => {
  const { alerts, mails } = setUp()
  assert.deepEqual(await alerts.request({ artistId: 'ar1' }), {
    triggered: true,
    details: BREACH,
    triggers: [{ kind: 'plays', count: 120, threshold: 100 }],
    email: { recipient: 'ana@example.com', sent: true, error: null },
  })
  assert.deepEqual(
    mails.map(({ recipient }) => recipient),
    ['ana@example.com'],
  )
})

test('after an alert the artist cools down for an hour, and no other one', async () => {
  const { alerts, time, mails } = setUp()
  await alerts.request({ artistId: 'ar1' })
  const cooldown = { triggered: false, reason: 'cooldown', cooldown_of: 'artist' }
  const end = { cooldown_until: new Date(START + HOUR_MS).toISOString() }
  await time.pass(1000.5)
  assert.deepEqual(await alerts.request({ artistId: 'ar1' }), { ...cooldown, ...end, cooldown_remaining: 3599 })
  assert.equal((await alerts.request({ artistId: 'ar2' })).triggered, true)
  await time.passUntil(HOUR_MS - 1)
  assert.deepEqual(await alerts.request({ artistId: 'ar1' }), { ...cooldown, ...end, cooldown_remaining: 1 })
  await time.passUntil(HOUR_MS)
  assert.equal((await alerts.request({ artistId: 'ar1' })).triggered, true)
  assert.equal(mails.length, 3)
})

test('below the thresholds nothing happens; window and thresholds are those of the request', async () => {
  const windows: number[] = []
  const details = { plays: 99, likes: 49, follows: 9 }
  const alertCounts = async (_: string, windowMs: number) => {
    windows.push(windowMs)
    return details
  }
  const { alerts, mails } = setUp({ figures: { alertCounts } })
  assert.deepEqual(await alerts.request({ artistId: 'ar1', thresholds: null }), { triggered: false, details })
  const request = { artistId: 'ar1', windowMinutes: 5, thresholds: { plays: null, follows: 9 } }
  assert.deepEqual((await alerts.request(request)).triggers, [{ kind: 'follows', count: 9, threshold: 9 }])
  assert.deepEqual([windows, mails.length], [[3_600_000, 300_000], 1])
})

test('the mail goes to the address that the request names, which the history masks', async () => {
  const { alerts, mails } = setUp()
  const { email } = await alerts.request({ artistId: 'ar1', notifyEmail: 'boss@label.example' })
  assert.deepEqual([email?.recipient, mails[0]?.recipient], ['boss@label.example', 'boss@label.example'])
  assert.deepEqual((await alerts.history({ limit: 10 })).items, [
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

test('a request that names anything but one address is refused', async () => {
  const { alerts } = setUp()
  const request = alerts.request({ artistId: 'ar1', notifyEmail: 'a@x.y\r\nBcc: b@x.y' })
  await assert.rejects(request, { status: 400, code: 'email_invalid' })
})

test('without a mail server alerts are recorded, not sent, and begin no cooldown', async () => {
  const { alerts } = setUp({ mailer: null })
  for (const _ of [1, 2]) {
    const { triggered, email } = await alerts.request({ artistId: 'ar1' })
    const unsent = { recipient: 'ana@example.com', sent: false, error: 'SMTP_HOST is not set' }
    assert.deepEqual([triggered, email], [true, unsent])
  }
  const { items } = await alerts.history({ artistId: 'ar1', limit: 9 })
  assert.deepEqual(
    items.map(({ status }) => status),
    ['none', 'none'],
  )
  assert.equal(alerts.state().smtp, 'off')
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

test('of requests that come at once to two processes, one raises an alert', async () => {
  const { documents } = openTempStore()
  const [a, b] = [setUp({ documents, isAlone: false }), setUp({ documents, isAlone: false })]
  const answers = await Promise.all([a, b, a, b].map(({ alerts }) => alerts.request({ artistId: 'ar1' })))
  assert.equal(answers.filter(({ triggered }) => triggered).length, 1)
  assert.equal(answers.filter(({ reason }) => reason === 'cooldown').length, 3)
})

test('two processes send an address one requested mail', async () => {
  const { documents } = openTempStore()
  const both = [setUp({ documents, isAlone: false }), setUp({ documents, isAlone: false })]
  const requests = Array.from({ length: 8 }, (_, i) => ({ artistId: `made up ${i}`, notifyEmail: 'boss@example.com' }))
  const answers = await Promise.all(requests.map((request, i) => both[i % 2]!.alerts.request(request)))
  assert.equal(answers.filter(({ email }) => email?.sent).length, 1)
  assert.equal(both.flatMap(({ mails }) => mails).length, 1)
})

/** As earlier versions kept requested alerts. */
async function recordAsBefore(documents: Documents, artistId: string): Promise<void> {
  const document = { id: `${artistId}/1`, group: artistId, value: alertText(sentAlert(artistId)) }
  await documents.add(ALERTS, document, MAX_ALERTS)
}

const artistByName = async (asked: string) => ({ id: asked.trim(), keys: [foldText(asked)] as const })

test('what earlier versions recorded under the spelling of a name is found, in history and cooldown', async () => {
  const { documents } = openTempStore()
  for (const spelling of ['Ñandú', ' ÑANDÚ ', 'other']) await recordAsBefore(documents, spelling)
  const { alerts, time, mails } = setUp({ documents, figures: { artistOf: artistByName } })
  assert.equal((await alerts.request({ artistId: 'ñandú' })).reason, 'cooldown')
  await time.pass(HOUR_MS)
  assert.equal((await alerts.request({ artistId: 'ñandú' })).triggered, true)
  assert.equal((await alerts.request({ artistId: 'Ñandú' })).reason, 'cooldown')
  const { items, nextCursor } = await alerts.history({ artistId: 'ÑANDÚ', limit: 2 })
  assert.deepEqual(
    items.map(({ id }) => id),
    ['ñandú/asked-1', ' ÑANDÚ /1'],
  )
  assert.deepEqual(await idsOf(alerts, { artistId: 'ÑANDÚ', cursor: nextCursor! }), ['Ñandú/1'])
  assert.equal(mails.length, 1)
})

test('a store that is away when spellings are read is asked for them again', async () => {
  const documents = failing(openTempStore().documents)
  const { counts } = documents
  documents.counts = () => Promise.reject(new StoreUnavailable('locked'))
  const { alerts } = setUp({ documents })
  await assert.rejects(alerts.request({ artistId: 'ar1' }), StoreUnavailable)
  documents.counts = counts
  assert.equal((await alerts.request({ artistId: 'ar1' })).triggered, true)
})

test('all ids and names of an artist share one cooldown and one history', async () => {
  const { documents } = openTempStore()
  await setUp({ documents }).alerts.request({ artistId: 'dj beats' })
  const artistOf = async () => ({ id: '4', keys: ['4', '65f', 'dj beats'] as const })
  const { alerts, time } = setUp({ documents, figures: { artistOf } })
  for (const artistId of ['4', '65f', 'DJ Beats']) {
    assert.equal((await alerts.request({ artistId })).reason, 'cooldown')
  }
  await time.pass(HOUR_MS)
  assert.equal((await alerts.request({ artistId: 'DJ Beats' })).triggered, true)
  assert.deepEqual(await idsOf(alerts, { artistId: '65f' }), ['4/asked-1', 'dj beats/asked-1'])
})

test('the address is that of the artist whom an id or a name means', async () => {
  const lookedUp: string[] = []
  const { alerts } = setUp({
    figures: { artistOf: async () => ({ id: '4', keys: ['4', 'dj beats'] }) },
    contactOf: async artistId => {
      lookedUp.push(artistId)
      return { email: 'ana@example.com', name: 'DJ Beats' }
    },
  })
  assert.equal((await alerts.request({ artistId: 'DJ Beats' })).email?.sent, true)
  assert.deepEqual(lookedUp, ['4'])
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

test('an address gets one requested mail an hour, however it is spelled and whatever artist it is about', async () => {
  const { alerts, time, mails } = setUp()
  const ask = (artistId: string, notifyEmail: string) => alerts.request({ artistId, notifyEmail })
  assert.equal((await ask('ar1', 'boss@Ñandú.example')).email?.sent, true)
  await time.pass(MINUTE_MS)
  assert.deepEqual(await ask('ar2', 'BOSS@xn--and-6ma2c.example'), {
    triggered: false,
    reason: 'cooldown',
    cooldown_of: 'address',
    cooldown_remaining: 3540,
    cooldown_until: new Date(START + HOUR_MS).toISOString(),
  })
  // That began no cooldown of the artist.
  assert.equal((await ask('ar2', 'other@label.example')).email?.sent, true)
  await time.passUntil(HOUR_MS)
  assert.equal((await ask('ar3', 'boss@ñandú.example')).email?.sent, true)
  assert.equal(mails.length, 3)
})

test('a request whose address in the catalogue has had a mail is answered with the reason', async () => {
  const { alerts } = setUp({ contactOf: async () => ({ email: 'label@example.com', name: 'Ana' }) })
  await alerts.request({ artistId: 'ar1' })
  const { email } = await alerts.request({ artistId: 'ar3' })
  assert.equal(email?.sent, false)
  assert.match(email?.error ?? '', /has had a mail within the last hour, and gets no other before 2026-11-24T11:00/)
})

const REFUSED = { status: 403, code: 'recipient_not_allowed' }

for (const [title, options, allowed, refused] of [
  [
    'the address in the catalogue',
    { recipients: 'catalogue' },
    ['ANA@Example.com'],
    ['boss@example.com', 'ana@www.example.com'],
  ],
  [
    'no address where the catalogue has none',
    { recipients: 'catalogue', contactOf: async () => ({ email: null, name: null }) },
    [],
    ['ana@example.com'],
  ],
  [
    'addresses of the domains that are allowed',
    { recipients: ['undersounds.com', 'xn--and-6ma2c.example'] },
    ['a@UnderSounds.com', 'a@ñandú.example'],
    ['a@example.com', 'a@www.undersounds.com', 'a@undersounds.com.example.org'],
  ],
] as [string, TestAlertsOptions, string[], string[]][]) {
  test(`a request may name ${title}, and no other`, async () => {
    for (const notifyEmail of allowed) {
      const { email } = await setUp(options).alerts.request({ artistId: 'ar1', notifyEmail })
      assert.deepEqual([email?.sent, email?.recipient], [true, notifyEmail])
    }
    const { alerts, mails } = setUp(options)
    for (const notifyEmail of refused) {
      await assert.rejects(alerts.request({ artistId: 'ar1', notifyEmail }), REFUSED)
    }
    // What is refused is not recorded, so it begins no cooldown.
    assert.deepEqual([mails.length, await idsOf(alerts)], [0, []])
  })
}

test('an admin may name any address', async () => {
  const { alerts } = setUp({ recipients: 'catalogue' })
  const request = { artistId: 'ar1', notifyEmail: 'boss@example.com', isAdmin: true }
  assert.equal((await alerts.request(request)).email?.recipient, 'boss@example.com')
})

test('the answer masks the address in the catalogue for a client that may not name any', async () => {
  const recipient = async (isAdmin: boolean) => {
    const { email } = await setUp({ recipients: 'catalogue' }).alerts.request({ artistId: 'ar1', isAdmin })
    return email?.recipient
  }
  assert.deepEqual([await recipient(false), await recipient(true)], ['a***@example.com', 'ana@example.com'])
})

for (const jump of [DAY_MS, -DAY_MS]) {
  const hours = jump / HOUR_MS
  test(`setting the wall clock ahead by ${hours} hours, and right again, changes no cooldown`, async t => {
    const { alerts, time, mails } = setUp()
    t.after(() => alerts.close())
    await alerts.request({ artistId: 'ar1', notifyEmail: 'boss@example.com' })
    assert.equal(await alerts.evaluate(), 2)
    await until(() => mails.length === 3)
    for (const ahead of [jump, 0]) {
      time.ahead = ahead
      await time.pass(MINUTE_MS)
      assert.equal((await alerts.request({ artistId: 'ar1' })).cooldown_of, 'artist')
      const other = { artistId: 'ar7', notifyEmail: 'boss@example.com' }
      assert.equal((await alerts.request(other)).cooldown_of, 'address')
      assert.equal(await alerts.evaluate(), 0)
    }
    await time.passUntil(HOUR_MS)
    assert.equal((await alerts.request({ artistId: 'ar1', notifyEmail: 'boss@example.com' })).email?.sent, true)
  })

  test(`what was sent while the wall clock was ${hours} hours ahead cools down for an hour at most`, async () => {
    const { documents } = openTempStore()
    const before = setUp({ documents })
    before.time.ahead = jump
    await before.alerts.request({ artistId: 'ar1', notifyEmail: 'boss@example.com' })
    const { alerts, time } = setUp({ documents })
    const ofArtist = { artistId: 'ar1', notifyEmail: 'a@example.com', thresholds: { plays: 1000 } }
    const ofAddress = { artistId: 'ar2', notifyEmail: 'boss@example.com' }
    const cooldowns = async () => [
      (await alerts.request(ofArtist)).cooldown_of,
      (await alerts.request(ofAddress)).cooldown_of,
    ]
    assert.deepEqual(await cooldowns(), jump > 0 ? ['artist', 'address'] : [undefined, undefined])
    await time.pass(HOUR_MS)
    assert.deepEqual(await cooldowns(), [undefined, undefined])
  })
}

test('an alert whose mail is not sent yet stays, however many are requested; the oldest others leave', async t => {
  const { documents } = openTempStore()
  const pending = sentAlert('ar1', { status: 'pending', nextAttemptAt: START + HOUR_MS, automatic: true })
  await documents.put(ALERTS, [{ id: 'ar1/1', group: 'ar1', value: alertText(pending) }], MAX_ALERTS)
  const others = Array.from({ length: MAX_ALERTS }, (_, n) => ({
    ...{ id: `made-up ${n}/asked-1`, group: ` asked: made-up ${n}` },
    value: alertText(sentAlert(`made-up ${n}`, { status: 'none' })),
  }))
  await documents.put(ALERTS, others, Number.POSITIVE_INFINITY)
  const { alerts, time, mails } = setUp({ documents, figures: { breachingArtists: async () => [] } })
  t.after(() => alerts.close())
  await alerts.start()
  for (const id of ['ar3', 'ar4']) assert.equal((await alerts.request({ artistId: id })).email?.sent, true)
  assert.deepEqual(await idsOf(alerts, { limit: 3 }), ['ar4/asked-1', 'ar3/asked-1', 'made-up 99999/asked-1'])
  for (const { id } of others.slice(0, 2)) assert.equal(await documents.get(ALERTS, id), null)
  assert.ok(await documents.get(ALERTS, others[2]!.id))
  await time.pass(HOUR_MS)
  await until(() => mails.length === 3)
  assert.equal(mails.at(-1)?.recipient, 'ana@example.com')
})

test('while too many alerts wait for their mail, a request gets 503 and records nothing; automatic alerts go on', async () => {
  const { documents } = openTempStore()
  const waiting = Array.from({ length: MAX_WAITING_FOR_REQUEST }, (_, n) => ({
    ...{ id: `ar${n}/asked-1`, group: ` asked: ar${n}` },
    value: alertText(sentAlert(`ar${n}`, { status: 'pending', nextAttemptAt: START + HOUR_MS })),
  }))
  await documents.put(ALERTS, waiting, MAX_ALERTS)
  const { alerts } = setUp({
    documents,
    figures: { breachingArtists: async () => [{ artistId: 'own', counts: BREACH }] },
  })
  await alerts.start()
  await assert.rejects(alerts.request({ artistId: 'new' }), { name: 'ServiceError', status: 503, retryAfter: 60 })
  assert.deepEqual(await idsOf(alerts, { artistId: 'new' }), [])
  assert.equal((await alerts.request({ artistId: 'ar1' })).reason, 'cooldown')
  await alerts.evaluate()
  assert.deepEqual(await idsOf(alerts, { artistId: 'own' }), ['own/1'])
  await alerts.close()
})
