/** Alerts over HTTP, with a real mail server and the stand-in catalogue. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { startContentService } from '../../dev/content-service/server.ts'
import { json, post, postBatch, problem, until } from '../support/http.ts'
import { startSmtpServer, type TestSmtpServer } from '../support/smtp-server.ts'
import { type StartedApp, startApp } from '../support/start-app.ts'

type Row = Record<string, unknown>

const NO_COUNTS = { plays: 0, likes: 0, follows: 0 }
const HOUR_MS = 3_600_000
/** Longer than what came in waits for its evaluation. */
const EVALUATED_MS = 700

const ago = (ms: number) => new Date(Date.now() - ms).toISOString()

const follow = (artist: string, user: number, at = ago(0)): Row => ({
  eventType: 'artist.followed',
  timestamp: at,
  userId: `u${user}`,
  entityType: 'artist',
  entityId: artist,
})

const follows = (artist: string, count: number, at?: string) =>
  Array.from({ length: count }, (_, i) => follow(artist, i, at))

/** The service with a mail server whose certificate is not checked, and that needs no log-in. */
async function startMailing(t: TestContext, env: NodeJS.ProcessEnv = {}) {
  const server = await startSmtpServer({ login: false, startTls: false })
  const { host, port } = server.config
  const app = await startApp(t, { SMTP_HOST: host, SMTP_PORT: String(port), ...env })
  return { app, server }
}

async function startWithCatalogue(t: TestContext, { emails = true } = {}) {
  const content = await startContentService({ requestsPerMinute: null, emails })
  t.after(() => content.close())
  const env = { CONTENT_SERVICE_URL: content.url, CONTENT_LOOKUPS_PER_MINUTE: '100000' }
  return { content, ...(await startMailing(t, env)) }
}

async function ingest({ url, services }: StartedApp, events: Row[]): Promise<void> {
  const { accepted } = await json(await postBatch(url, events))
  assert.equal(accepted, events.length)
  await until(async () => (await services.health()).projector.lagEvents === 0)
}

const ask = ({ url }: StartedApp, body: unknown, headers?: Record<string, string>) =>
  post(`${url}/api/stats/alerts`, body, headers)

const answerTo = async (app: StartedApp, body: Row) => json(await ask(app, body))

const historyOf = async ({ url }: StartedApp, query = '') =>
  json<Row[]>(await fetch(`${url}/api/stats/alerts/history${query}`))

const recipients = ({ accepted }: TestSmtpServer) => accepted.flatMap(({ to }) => to)

test('a request raises no alert below the thresholds; with one reached it sends a mail, and the artist cools down', async t => {
  const { app, server } = await startMailing(t)
  const details = { ...NO_COUNTS, follows: 3 }
  await ingest(app, follows('4', 3))
  assert.deepEqual(await answerTo(app, { artistId: '4' }), { triggered: false, details })
  assert.deepEqual(await answerTo(app, { artistId: '4', thresholds: { follows: 4 } }), { triggered: false, details })
  const asked = { artistId: '4', windowMinutes: 60, thresholds: { follows: 3 }, notifyEmail: 'ana@example.com' }
  assert.deepEqual(await answerTo(app, asked), {
    triggered: true,
    details,
    triggers: [{ kind: 'follows', count: 3, threshold: 3 }],
    email: { recipient: 'ana@example.com', sent: true, error: null },
  })
  assert.deepEqual(recipients(server), ['ana@example.com'])
  assert.match(server.accepted[0]!.raw, /^From: UnderSounds <no-reply@undersounds\.local>\r?$/m)

  const { cooldown_remaining: left, cooldown_until: end, ...cooling } = await answerTo(app, asked)
  assert.deepEqual(cooling, { triggered: false, reason: 'cooldown', cooldown_of: 'artist' })
  assert.ok(Number.isInteger(left) && Number(left) > 3590 && Number(left) <= 3600, String(left))
  assert.ok(Math.abs(Date.parse(String(end)) - Date.now() - Number(left) * 1000) < 5000, String(end))
  const other = { ...asked, artistId: '5', thresholds: NO_COUNTS }
  assert.equal((await answerTo(app, other)).cooldown_of, 'address')
  assert.equal((await answerTo(app, { ...other, thresholds: {}, notifyEmail: 'bea@example.com' })).reason, undefined)
  assert.equal(server.received.length, 1)
})

test('counts are those of the last `windowMinutes` minutes', async t => {
  const { app } = await startMailing(t)
  await ingest(app, [...follows('4', 3, ago(10 * 60_000)), follow('4', 9)])
  const follows10 = async (windowMinutes: number) => (await answerTo(app, { artistId: '4', windowMinutes })).details
  assert.deepEqual(await follows10(5), { ...NO_COUNTS, follows: 1 })
  assert.deepEqual(await follows10(15), { ...NO_COUNTS, follows: 4 })
})

test('thresholds of 0 raise an alert without events, also of an artist whose id is a number', async t => {
  const { app, server } = await startMailing(t)
  const forced = { artistId: 4, thresholds: NO_COUNTS, notifyEmail: 'ana@example.com' }
  assert.deepEqual(await answerTo(app, forced), {
    triggered: true,
    details: NO_COUNTS,
    triggers: ['plays', 'likes', 'follows'].map(kind => ({ kind, count: 0, threshold: 0 })),
    email: { recipient: 'ana@example.com', sent: true, error: null },
  })
  assert.equal((await answerTo(app, { ...forced, artistId: '4' })).reason, 'cooldown')
  assert.equal((await historyOf(app, '?artistId=4')).length, 1)
  assert.equal(server.accepted.length, 1)
})

const outcomeOf = ({ triggered, reason, email }: Row) => (triggered ? (email as Row).sent : reason)

const SPELLINGS = ['Ñandú Eléctrico', 'ñandú eléctrico', ' ÑANDÚ ELÉCTRICO ', 'Ñandú Eléctrico'.normalize('NFD')]

test('all spellings of a name share one cooldown and one history, also for requests at the same time', async t => {
  const { app, server } = await startMailing(t)
  const play = { eventType: 'track.played', timestamp: ago(0), entityId: '7', metadata: { artist: SPELLINGS[0] } }
  await ingest(app, [play])
  const asked = { thresholds: { plays: 1 }, notifyEmail: 'ana@example.com' }
  const six = [...SPELLINGS, ...SPELLINGS].slice(0, 6)
  const answers = await Promise.all(six.map(artistId => answerTo(app, { ...asked, artistId })))
  assert.deepEqual(answers.map(outcomeOf).sort(), [...Array(5).fill('cooldown'), true])
  assert.equal(server.received.length, 1)
  for (const artistId of SPELLINGS) {
    assert.equal(outcomeOf(await answerTo(app, { ...asked, artistId })), 'cooldown')
    const [alert, ...others] = await historyOf(app, `?artistId=${encodeURIComponent(artistId)}`)
    assert.deepEqual([alert?.status, others], ['sent', []])
    assert.ok(SPELLINGS.some(spelling => spelling.trim() === alert?.artistId))
  }
})

test('number, other id and name of an artist share its counts, its one mail and its history', async t => {
  const { app, content, server } = await startWithCatalogue(t)
  const { _id, name } = content.catalogue.artists.find(({ id }) => id === 4)!
  await ingest(app, follows('4', 1))
  const kpis = `${app.url}/api/stats/artist/${_id}/kpis`
  await until(async () => (await json(await fetch(kpis))).follows === 1)
  const spellings = [name, '4', _id, ` ${name.toUpperCase()} `, 4, _id.toUpperCase()]
  const answers = await Promise.all(
    spellings.map(artistId => answerTo(app, { artistId, thresholds: { follows: 1, plays: 5 } })),
  )
  assert.deepEqual(answers.map(outcomeOf).sort(), [...Array(5).fill('cooldown'), true])
  assert.deepEqual(recipients(server), ['artist4@example.com'])
  for (const artistId of spellings) {
    const [alert, ...others] = await historyOf(app, `?artistId=${encodeURIComponent(artistId)}`)
    assert.deepEqual([alert?.artistId, alert?.details, others], ['4', { ...NO_COUNTS, follows: 1 }, []])
  }
})

test('cooldown and history of a name hold for the artist that is later known by it', async t => {
  const { app, server } = await startMailing(t)
  const forced = { thresholds: NO_COUNTS, notifyEmail: 'ana@example.com' }
  assert.equal(outcomeOf(await answerTo(app, { ...forced, artistId: 'Ana' })), true)
  assert.deepEqual(await historyOf(app, '?artistId=7'), [])
  await ingest(app, [{ ...follow('7', 1), metadata: { artistName: 'ANA' } }])
  for (const artistId of ['7', 'ana', 7]) {
    assert.equal(outcomeOf(await answerTo(app, { ...forced, artistId })), 'cooldown')
    const [alert, ...others] = await historyOf(app, `?artistId=${artistId}`)
    assert.deepEqual([alert?.artistId, alert?.status, others], ['Ana', 'sent', []])
  }
  assert.equal(server.received.length, 1)
})

test('where the certificate of the mail server is untrusted, the history names the setting that accepts it', async t => {
  const server = await startSmtpServer({ login: false })
  const { host, port } = server.config
  const start = (env: NodeJS.ProcessEnv) => startApp(t, { SMTP_HOST: host, SMTP_PORT: String(port), ...env })
  const asked = { artistId: '4', thresholds: NO_COUNTS, notifyEmail: 'ana@example.com' }
  const strict = await start({})
  assert.equal(outcomeOf(await answerTo(strict, asked)), false)
  const [waiting] = await historyOf(strict)
  assert.equal(waiting?.status, 'pending')
  assert.match(String(waiting?.error), /certificate.*SMTP_TLS=insecure/)
  assert.equal(outcomeOf(await answerTo(await start({ SMTP_TLS: 'insecure' }), asked)), true)
  assert.equal(server.accepted[0]?.secure, true)
})

test('a field that is null has the default, as an absent one', async t => {
  const { app, server } = await startMailing(t)
  const nothing = { triggered: false, details: NO_COUNTS }
  const unset = { artistId: '4', windowMinutes: null, thresholds: null, notifyEmail: null }
  assert.deepEqual(await answerTo(app, unset), nothing)
  const thresholds = { plays: null, likes: null, follows: null }
  assert.deepEqual(await answerTo(app, { ...unset, thresholds }), nothing)
  assert.deepEqual([await historyOf(app), server.received], [[], []])
})

test('returns 400 with the path of the invalid field, and sends nothing', async t => {
  const { app, server } = await startMailing(t)
  const cases: [field: string, code: string, body: Row][] = [
    ['artistId', 'required', { artistId: undefined }],
    ...['', ' ', 'undefined'].map((artistId): [string, string, Row] => ['artistId', 'required', { artistId }]),
    ['artistId', 'text_invalid', { artistId: 'a\0' }],
    ['artistId', 'text_invalid', { artistId: '\ud800' }],
    ['artistId', 'wrong_type', { artistId: null }],
    ['windowMinutes', 'out_of_range', { windowMinutes: 0 }],
    ['windowMinutes', 'out_of_range', { windowMinutes: -5 }],
    ['windowMinutes', 'out_of_range', { windowMinutes: 525_601 }],
    ['windowMinutes', 'wrong_type', { windowMinutes: 1.5 }],
    ['windowMinutes', 'wrong_type', { windowMinutes: 'soon' }],
    ['windowMinutes', 'wrong_type', { windowMinutes: '60' }],
    ['windowMinutes', 'wrong_type', { windowMinutes: true }],
    ['thresholds.plays', 'wrong_type', { thresholds: { plays: '5' } }],
    ['thresholds.plays', 'out_of_range', { thresholds: { plays: -1 } }],
    ['thresholds.likes', 'wrong_type', { thresholds: { likes: 0.5 } }],
    ['thresholds.follows', 'wrong_type', { thresholds: { follows: 'many' } }],
    ['thresholds', 'wrong_type', { thresholds: [1] }],
    ['notifyEmail', 'email_invalid', { notifyEmail: 'a@example.com\r\nBcc: b@example.com' }],
    ['notifyEmail', 'email_invalid', { notifyEmail: 'a@example.com, b@example.com' }],
    ['notifyEmail', 'email_invalid', { notifyEmail: 'a@example.com;b@example.com' }],
    ['notifyEmail', 'email_invalid', { notifyEmail: 'Ana <a@example.com>' }],
    ['notifyEmail', 'too_long', { notifyEmail: `${'a'.repeat(250)}@example.com` }],
  ]
  for (const [field, code, more] of cases) {
    // Without the wrong field this is an alert.
    const response = await ask(app, { artistId: '4', thresholds: NO_COUNTS, ...more })
    const { errors = [], detail } = await problem(response, 400, code)
    assert.equal(errors[0]?.path, field)
    assert.ok(detail.includes(field), detail)
  }
  await problem(await ask(app, '[]'), 400, 'wrong_type')
  assert.deepEqual([await historyOf(app), server.received], [[], []])
})

test('without a mail server an alert is recorded, not sent, and begins no cooldown', async t => {
  const app = await startApp(t)
  const asked = { artistId: '4', thresholds: NO_COUNTS, notifyEmail: 'ana@example.com' }
  for (const _ of [1, 2]) {
    const { triggered, email } = await answerTo(app, asked)
    const unsent = { recipient: 'ana@example.com', sent: false, error: 'SMTP_HOST is not set' }
    assert.deepEqual([triggered, email], [true, unsent])
  }
  const [last, ...others] = await historyOf(app)
  assert.deepEqual([last?.status, last?.error, others.length], ['none', 'SMTP_HOST is not set', 1])
  const { checks } = await json<{ checks: Row }>(await fetch(`${app.url}/healthz`))
  assert.deepEqual(checks.mailer, { status: 'ok', state: 'off', pending: 0 })
})

test('an artist without an address gets no mail, and the answer says so', async t => {
  const { app, server } = await startWithCatalogue(t, { emails: false })
  const unsent = { recipient: null, sent: false, error: 'no e-mail address is known' }
  for (const artistId of ['4', '4', '999999']) {
    const { triggered, email } = await answerTo(app, { artistId, thresholds: NO_COUNTS })
    assert.deepEqual([triggered, email], [true, unsent])
  }
  assert.deepEqual(
    (await historyOf(app)).map(({ artistId, status, recipient }) => [artistId, status, recipient]),
    [
      ['999999', 'none', null],
      ['4', 'none', null],
      ['4', 'none', null],
    ],
  )
  assert.equal(server.received.length, 0)
})

test('where the request names no address, the mail goes to that in the catalogue', async t => {
  const { app, server } = await startWithCatalogue(t)
  const { email } = await answerTo(app, { artistId: 4, thresholds: NO_COUNTS })
  assert.deepEqual(email, { recipient: 'artist4@example.com', sent: true, error: null })
  assert.match(server.accepted[0]!.raw, /^Subject: UnderSounds: DJ Beats supera /m)
})

test('where the mail server refuses, the answer says why, and the artist cools down only if the mail is tried again', async t => {
  const { app, server } = await startMailing(t)
  const asked = { artistId: '4', thresholds: NO_COUNTS, notifyEmail: 'ana@example.com' }
  server.manners = { rcpt: 550 }
  const refused = (await answerTo(app, asked)).email as Row
  assert.deepEqual([refused.recipient, refused.sent], ['ana@example.com', false])
  assert.match(String(refused.error), /550/)
  server.manners = { rcpt: 451 }
  const later = (await answerTo(app, asked)).email as Row
  assert.deepEqual([later.sent, typeof later.error], [false, 'string'])
  assert.equal((await answerTo(app, asked)).cooldown_remaining, 3600)
  const [waiting, failed] = await historyOf(app)
  assert.deepEqual([waiting?.status, failed?.status], ['pending', 'failed'])
  assert.ok(!JSON.stringify([waiting, failed]).includes('ana@'))
  assert.equal(server.accepted.length, 0)
})

test('returns 401 without an admin key where admin keys are set', async t => {
  const app = await startApp(t, { ADMIN_API_KEYS: 'the-key-of-the-boss', INGEST_API_KEYS: 'the-key-of-a-writer' })
  const path = `${app.url}/api/stats/alerts`
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
  await problem(await post(path, { artistId: '4' }), 401, 'key_required')
  await problem(await post(path, { artistId: '4' }, bearer('the-key-of-a-writer')), 401, 'key_invalid')
  await problem(await fetch(`${path}/history`), 401, 'key_required')
  await problem(await fetch(`${path}/history`, { headers: bearer('the-key-of-a-writer') }), 401, 'key_invalid')
  assert.equal((await json(await post(path, { artistId: '4' }, bearer('the-key-of-the-boss')))).triggered, false)
  assert.deepEqual(await json(await fetch(`${path}/history`, { headers: { 'x-api-key': 'the-key-of-the-boss' } })), [])
})

test('returns 403 for an address that ALERT_RECIPIENTS does not allow, and begins no cooldown', async t => {
  const content = await startContentService({ requestsPerMinute: null, emails: true })
  t.after(() => content.close())
  const catalogue = { CONTENT_SERVICE_URL: content.url, ALERT_RECIPIENTS: 'catalogue' }
  const { app, server } = await startMailing(t, catalogue)
  const forced = { artistId: '4', thresholds: NO_COUNTS }
  const refused = await ask(app, { ...forced, notifyEmail: 'boss@example.com' })
  const { errors = [], detail } = await problem(refused, 403, 'recipient_not_allowed')
  assert.equal(errors[0]?.path, 'notifyEmail')
  assert.match(detail, /^notifyEmail: must be the artist's address in the catalogue.*ALERT_RECIPIENTS/)
  assert.deepEqual([await historyOf(app), server.received], [[], []])
  const { email } = await answerTo(app, { ...forced, notifyEmail: 'Artist4@Example.com' })
  assert.deepEqual(email, { recipient: 'Artist4@Example.com', sent: true, error: null })
  const unnamed = (await answerTo(app, { artistId: '5', thresholds: NO_COUNTS })).email
  assert.deepEqual(unnamed, { recipient: 'a***@example.com', sent: true, error: null })
  content.setFault({ kind: 'status', status: 500, path: '/api/artists/6' })
  await problem(
    await ask(app, { ...forced, artistId: '6', notifyEmail: 'x@example.com' }),
    403,
    'recipient_not_allowed',
  )

  const domains = await startMailing(t, { ALERT_RECIPIENTS: 'undersounds.com, example.org' })
  const named = (notifyEmail: string) => ask(domains.app, { artistId: '7', thresholds: NO_COUNTS, notifyEmail })
  const { detail: listed } = await problem(await named('boss@www.example.org'), 403, 'recipient_not_allowed')
  assert.match(listed, /an address of undersounds\.com or example\.org/)
  assert.equal(outcomeOf(await json(await named('boss@example.org'))), true)

  const keyed = await startMailing(t, { ALERT_RECIPIENTS: 'catalogue', ADMIN_API_KEYS: 'a-key-of-the-boss' })
  const key = { 'x-api-key': 'a-key-of-the-boss' }
  const byAdmin = await json(await ask(keyed.app, { ...forced, notifyEmail: 'boss@example.net' }, key))
  assert.equal(outcomeOf(byAdmin), true)
})

test('returns 502 where the catalogue has to allow an address and does not answer', async t => {
  const content = await startContentService({ requestsPerMinute: null })
  await content.close()
  const { app, server } = await startMailing(t, { CONTENT_SERVICE_URL: content.url, ALERT_RECIPIENTS: 'catalogue' })
  const asked = { artistId: '4', thresholds: NO_COUNTS, notifyEmail: 'boss@example.com' }
  await problem(await ask(app, asked), 502, 'catalogue_failed')
  assert.equal(server.received.length, 0)
})

test('requests for alerts have the strict rate limit, the history has the usual one', async t => {
  const app = await startApp(t, { RATE_LIMIT_STRICT: '2/minute' })
  for (const _ of [1, 2]) await answerTo(app, { artistId: '4' })
  const refused = await ask(app, { artistId: '4' })
  const retryAfter = Number(refused.headers.get('retry-after'))
  assert.ok(retryAfter > 0 && retryAfter <= 60, String(retryAfter))
  await problem(refused, 429, 'rate_limited')
  for (const _ of [1, 2, 3]) assert.deepEqual(await historyOf(app), [])
})

test('the history lists alerts of one artist or all in pages, the newest first, with masked addresses', async t => {
  const { app } = await startMailing(t)
  for (const artistId of ['4', '5', '6']) {
    await answerTo(app, { artistId, thresholds: NO_COUNTS, notifyEmail: `a${artistId}@example.com` })
  }
  const path = `${app.url}/api/stats/alerts/history`
  const first = await fetch(`${path}?limit=2`)
  const cursor = first.headers.get('x-next-cursor')
  const artists = (rows: Row[]) => rows.map(({ artistId }) => artistId)
  assert.deepEqual(artists(await json<Row[]>(first)), ['6', '5'])
  const second = await fetch(`${path}?limit=2&cursor=${cursor}`)
  assert.equal(second.headers.get('x-next-cursor'), null)
  const [oldest, ...others] = await json<Row[]>(second)
  const { id, at, ...rest } = oldest!
  assert.deepEqual([typeof id, others], ['string', []])
  assert.ok(Math.abs(Date.parse(String(at)) - Date.now()) < 60_000)
  assert.deepEqual(rest, {
    artistId: '4',
    triggers: ['plays', 'likes', 'follows'].map(kind => ({ kind, count: 0, threshold: 0 })),
    details: NO_COUNTS,
    recipient: 'a***@example.com',
    status: 'sent',
    attempts: 1,
    error: null,
  })
  assert.deepEqual(artists(await historyOf(app, '?artistId=5')), ['5'])
  assert.deepEqual(await historyOf(app, '?artistId=nobody'), [])
  await problem(await fetch(`${path}?cursor=!`), 400, 'cursor_invalid')
  assert.equal((await historyOf(app, '?limit=101')).length, 3)
})

test('ten follows of the last hour raise one alert by themselves; nine do not, nor ten older ones', async t => {
  const { app, server } = await startWithCatalogue(t)
  const late = follows('5', 10, ago(3 * HOUR_MS))
  await ingest(app, [...late, ...follows('6', 9), ...follows('4', 10)])
  await until(() => server.accepted.length > 0)
  await ingest(app, [...follows('5', 9, ago(3 * HOUR_MS + 1)), ...follows('4', 40).slice(10)])
  await wait(EVALUATED_MS)
  assert.deepEqual(recipients(server), ['artist4@example.com'])
  const [alert, ...others] = await historyOf(app)
  assert.deepEqual(others, [])
  assert.deepEqual(
    [alert?.artistId, alert?.status, alert?.details, alert?.triggers],
    ['4', 'sent', { ...NO_COUNTS, follows: 10 }, [{ kind: 'follows', count: 10, threshold: 10 }]],
  )
  assert.equal((await answerTo(app, { artistId: '4' })).reason, 'cooldown')
})

test('plays that name only an album raise an alert of its artist in the catalogue', async t => {
  const { app, content, server } = await startWithCatalogue(t)
  const [first, second] = content.catalogue.albums.filter(({ artistId }) => artistId === 4)
  const play = (_: unknown, i: number): Row => ({
    eventType: 'track.played',
    timestamp: ago(0),
    entityType: 'track',
    entityId: String(1 + (i % 3)),
    userId: i % 4 === 0 ? null : `u${i}`,
    metadata: { albumId: (i % 2 ? first : second)!.id, artist: 'A guest' },
  })
  await ingest(app, Array.from({ length: 100 }, play))
  const kpis = `${app.url}/api/stats/artist/4/kpis`
  await until(async () => (await json(await fetch(kpis))).plays === 100)
  await until(() => server.accepted.length > 0)
  await ingest(app, Array.from({ length: 20 }, play))
  await wait(EVALUATED_MS)
  assert.deepEqual(recipients(server), ['artist4@example.com'])
  const [alert, ...others] = await historyOf(app)
  assert.deepEqual([alert?.artistId, alert?.details, others], ['4', { ...NO_COUNTS, plays: 100 }, []])
})

test('health and metrics show how many mails wait, were sent and were tried again', async t => {
  const { app, server } = await startMailing(t)
  const asked = { artistId: '4', thresholds: NO_COUNTS, notifyEmail: 'ana@example.com' }
  const health = async () => json<{ status: string; checks: Row }>(await fetch(`${app.url}/healthz`))
  const metric = async (name: string) => {
    const text = await (await fetch(`${app.url}/metrics`)).text()
    return new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]
  }
  assert.equal(((await answerTo(app, asked)).email as Row).sent, true)
  assert.deepEqual((await health()).checks.mailer, { status: 'ok', state: 'ok', pending: 0 })
  server.manners = { connect: 'hang-up' }
  assert.equal(
    ((await answerTo(app, { ...asked, artistId: '5', notifyEmail: 'bea@example.com' })).email as Row).sent,
    false,
  )
  const { status, checks } = await health()
  assert.deepEqual([status, checks.mailer], ['degraded', { status: 'degraded', state: 'failing', pending: 1 }])
  const counts = { pending: '1', sent_total: '1', retried_total: '1', failed_total: '0', unknown_total: '0' }
  for (const [name, count] of Object.entries(counts)) assert.equal(await metric(`stats_outbox_${name}`), count, name)
})
