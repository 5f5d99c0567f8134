/** Who has no key, or the wrong one, tries every way around it. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { type TestContext, test } from 'node:test'
import { type ServiceProcess, startService, temporaryFolder } from '../support/service-process.ts'
import { measured, withstand } from '../support/under-attack.ts'

const INGEST = 'the-key-of-a-writer'
const ADMIN = 'the-key-of-an-admin'
const LETTERS = '/api/stats/dead-letters'
const FORGED = {
  eventId: 'forged',
  eventType: 'order.paid',
  timestamp: new Date().toISOString(),
  entityType: 'artist',
  entityId: 'of-the-attacker',
  metadata: { price: 1_000_000 },
}

interface Attempt {
  method?: string
  path?: string
  /** Names and values in turn: a name may come twice. */
  headers?: readonly string[]
  body?: string
  /** An address of the loopback: each has a rate limit of its own. */
  from?: string
}

interface Answer {
  status: number
  text: string
}

/** Sends the request as it is written: `fetch` would tidy it up. */
function attempt({ port }: ServiceProcess, tried: Attempt): Promise<Answer> {
  const { method = 'GET', path = LETTERS, headers = [], body = '', from = '127.0.0.3' } = tried
  const length = ['content-length', String(Buffer.byteLength(body))]
  const common = ['host', `127.0.0.1:${port}`, 'content-type', 'application/json', ...length]
  const options = { host: '127.0.0.1', port, localAddress: from, method, path, headers: [...common, ...headers] }
  return new Promise((resolve, reject) => {
    const sent = request(options, answer => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', chunk => {
        text += chunk
      })
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

/** The service with a dead letter that is worth reading. */
async function start(t: TestContext, env: NodeJS.ProcessEnv): Promise<ServiceProcess> {
  const service = await startService(t, { dataDir: await temporaryFolder(t), env: { ...env } })
  const event = JSON.stringify({ eventId: 'kept', eventType: 'track.played', userId: 'anna@example.org' })
  const sent = { method: 'POST', path: '/api/stats/events', headers: ['x-api-key', INGEST], body: event }
  assert.equal((await attempt(service, sent)).status, 400)
  return service
}

/** Other ways to write a path: whatever they reach, it must not be without its key. */
function spellings(path: string): string[] {
  const [, , , name = ''] = path.split('/')
  return [
    path,
    `${path}/`,
    `/${path}`,
    path.replaceAll('/', '//'),
    path.replace('stats', '%73tats'),
    path.replace('-', '%2d'),
    path.replace(name, name.toUpperCase()),
    path.replace('/stats/', '%2Fstats%2F'),
    path.replace('/stats/', '/./stats/'),
    path.replace('/stats/', '/%2e/stats/'),
    path.replace('/stats/', '/x/../stats/'),
    path.replace('/stats/', '/x/%2e%2e/stats/'),
    path.replace('/stats/', '/stats;a=b/'),
    path.replace('/stats/', '/stats/trending/..%2f'),
    `/livez/..${path}`,
    `/metrics/..%2f..${path}`,
    `/api/docs/..${path.slice(4)}`,
    `/api/docs/%2e%2e${path.slice(4)}`,
    `${path}%00`,
    `${path}%20`,
    `${path}#/livez`,
    `${path}?path=/livez`,
    `${path};.css`,
    `http://127.0.0.1/${path}`,
    `http://127.0.0.1${path}`,
  ]
}

const HEADERS: readonly (readonly string[])[] = [
  [],
  ['x-api-key', ''],
  ['x-api-key', ' '],
  ['x-api-key', INGEST],
  ['x-api-key', INGEST, 'x-api-key', INGEST],
  ['x-api-key', INGEST, 'x-api-key', ADMIN],
  ['x-api-key', `${INGEST},${INGEST}`],
  ['X-API-KEY', ADMIN.toUpperCase()],
  ['x-api-key', `${ADMIN}\t.`],
  ['x-api-key', `"${ADMIN}"`],
  ['x-api-key', ADMIN.slice(0, -1)],
  ['x-api-key', `${ADMIN}x`],
  ['x-api-key', 'undefined'],
  ['x-api-key', '*'],
  ['api-key', ADMIN],
  ['x_api_key', ADMIN],
  ['cookie', `x-api-key=${ADMIN}`],
  ['authorization', ADMIN],
  ['authorization', `Basic ${Buffer.from(`admin:${ADMIN}`).toString('base64')}`],
  ['authorization', 'Bearer'],
  ['authorization', `Bearer ${INGEST}`],
  ['authorization', `Bearer ${INGEST} ${ADMIN}`],
  ['authorization', `Bearer ${INGEST}`, 'authorization', `Bearer ${ADMIN}`],
  ['authorization', `Bearer, ${ADMIN}`],
  ['authorization', 'Bearer eyJhbGciOiJub25lIn0.eyJyb2xlIjoiYWRtaW4ifQ.'],
  ['proxy-authorization', `Bearer ${ADMIN}`],
  ['x-http-method-override', 'OPTIONS'],
  ['x-method-override', 'HEAD', 'x-http-method', 'GET'],
  ['x-original-url', '/livez', 'x-rewrite-url', '/livez'],
  ['x-forwarded-for', '127.0.0.1', 'x-real-ip', '127.0.0.1', 'forwarded', 'for=127.0.0.1;by=admin'],
  ['x-forwarded-host', 'localhost', 'x-forwarded-user', 'admin'],
]

const SECURED: readonly (readonly [method: string, path: string])[] = [
  ['GET', LETTERS],
  ['HEAD', LETTERS],
  ['GET', `${LETTERS}/summary`],
  ['DELETE', `${LETTERS}?all=true`],
  ['POST', `${LETTERS}/replay`],
  ['GET', '/api/stats/alerts/history'],
  ['POST', '/api/stats/alerts'],
  ['POST', '/api/stats/cache/clear'],
  ['POST', '/api/stats/figures/copies'],
]

/** Nothing that was tried may answer as the route does, nor say what the dead letter says. */
function assertRefused({ status, text }: Answer, what: string): void {
  assert.ok([400, 401, 404, 405].includes(status), `${what}: ${status}`)
  assert.doesNotMatch(text, /anna|"total"|"deleted"|"replayed"|"folder"|"artistId"/, what)
}

test('no spelling of a path and no header stands in for an admin key', async t => {
  const service = await start(t, { INGEST_API_KEYS: INGEST, ADMIN_API_KEYS: ADMIN })
  const attack = async () => {
    for (const [method, path] of SECURED) {
      for (const spelt of spellings(path)) {
        const headers = ['x-api-key', INGEST]
        assertRefused(await attempt(service, { method, path: spelt, headers }), `${method} ${spelt}`)
      }
      for (const headers of HEADERS) {
        assertRefused(await attempt(service, { method, path, headers }), `${method} ${path} ${headers}`)
      }
    }
    for (const method of ['PUT', 'PATCH', 'OPTIONS', 'TRACE', 'SEARCH']) {
      const { text } = await attempt(service, { method, headers: ['x-http-method-override', 'GET'] })
      assert.doesNotMatch(text, /anna/, method)
    }
  }
  await withstand(t, service, attack, { 'x-api-key': INGEST })
  const { text } = await attempt(service, { headers: ['authorization', `bearer ${ADMIN}`] })
  assert.match(text, /anna/, 'the dead letter is there, and an admin may read it')
})

test('with ingest keys alone nobody replays, reads or deletes, and foreign pages write nothing', async t => {
  const service = await start(t, { INGEST_API_KEYS: INGEST, RATE_LIMIT_DEFAULT: '1000/minute' })
  const attack = async () => {
    for (const headers of [[], ['x-api-key', INGEST], ['authorization', `Bearer ${INGEST}`]]) {
      const body = JSON.stringify({ id: 'kept', event: FORGED })
      const replay = await attempt(service, { method: 'POST', path: `${LETTERS}/replay`, headers, body })
      assert.equal(replay.status, 401)
      assert.match(replay.text, /ADMIN_API_KEYS/)
      for (const [method, path] of SECURED) assertRefused(await attempt(service, { method, path, headers }), path)
    }
    await writeFromPages(service)
    await guessKeys(service)
  }
  await withstand(t, service, attack, { 'x-api-key': INGEST })
  assert.equal(await measured(service, 'stats_dead_letters{reason="required"}'), 1)
  await service.projected()
  const kpis = await fetch(`${service.url}/api/stats/artist/of-the-attacker/kpis`)
  assert.equal(((await kpis.json()) as { revenue: number }).revenue, 0)
})

/** As pages of other origins would, even with a key. */
async function writeFromPages(service: ServiceProcess): Promise<void> {
  for (const origin of ['http://evil.example', 'null', `http://127.0.0.1.evil.example:${service.port}`]) {
    for (const path of ['/api/stats/events', '/api/stats/events/batch', `${LETTERS}/replay`]) {
      const headers = ['origin', origin, 'x-api-key', INGEST]
      const { status } = await attempt(service, { method: 'POST', path, headers, body: JSON.stringify(FORGED) })
      assert.equal(status, 403, `${origin} ${path}`)
    }
  }
}

const GUESSES = 2000
const AT_A_TIME = 10

/** Thousands of keys from one address: a thousand are looked at, which is the limit of a minute. */
async function guessKeys(service: ServiceProcess): Promise<void> {
  const counts = new Map<number, number>()
  for (let i = 0; i < GUESSES; i += AT_A_TIME) {
    const guesses = Array.from({ length: AT_A_TIME }, (_, j) => {
      const headers = ['x-api-key', `the-key-of-guess-${i + j}`]
      return attempt(service, { method: 'POST', path: '/api/stats/events', headers, body: '{}', from: '127.0.0.4' })
    })
    for (const { status } of await Promise.all(guesses)) counts.set(status, (counts.get(status) ?? 0) + 1)
  }
  assert.deepEqual(
    counts,
    new Map([
      [401, 1000],
      [429, GUESSES - 1000],
    ]),
  )
}
