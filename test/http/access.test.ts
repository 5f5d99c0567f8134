/** Who may do what with which key, on every route that the API document names. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { PAGE_PATHS } from '../../src/http/page-paths.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { type Headers, json, PLAY, post, postBatch, postEvent, problem } from '../support/http.ts'
import { serve, startApp } from '../support/start-app.ts'

const INGEST = 'the-key-of-a-writer'
const ADMIN = 'the-key-of-an-admin'
const WRONG = 'the-key-of-nobody-here'
/** What the platform's front end sends with everything: a user's token. */
const TOKEN = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI0MiJ9.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c'

const SETTINGS = {
  none: {},
  ingest: { INGEST_API_KEYS: INGEST },
  admin: { ADMIN_API_KEYS: ADMIN },
  both: { INGEST_API_KEYS: INGEST, ADMIN_API_KEYS: ADMIN },
  closed: { INGEST_API_KEYS: INGEST, ADMIN_API_KEYS: ADMIN, PUBLIC_READS: 'off' },
}

/** By which keys are set (`closed`: both, and `PUBLIC_READS=off`): whose requests a route takes. */
interface Row {
  none: Taken
  ingest: Taken
  admin: Taken
  both: Taken
  closed: Taken
  /** The role that the API document names. */
  role: 'events' | 'admin' | 'read' | null
}

type Taken = 'all' | 'ingest' | 'admin' | 'ingest admin' | 'none'

const EVENTS: Row = {
  none: 'all',
  ingest: 'ingest',
  admin: 'admin',
  both: 'ingest admin',
  closed: 'ingest admin',
  role: 'events',
}
const FIGURES: Row = { none: 'all', ingest: 'all', admin: 'all', both: 'all', closed: 'admin', role: 'read' }
const SECURED: Row = { none: 'all', ingest: 'none', admin: 'admin', both: 'admin', closed: 'admin', role: 'admin' }
const OPEN: Row = { none: 'all', ingest: 'all', admin: 'all', both: 'all', closed: 'all', role: null }

const TABLE: Record<string, Row> = {
  'POST /api/stats/events': EVENTS,
  'POST /api/stats/events/batch': EVENTS,
  'GET /api/stats/dead-letters': SECURED,
  'GET /api/stats/dead-letters/summary': SECURED,
  'POST /api/stats/dead-letters/replay': SECURED,
  'DELETE /api/stats/dead-letters': SECURED,
  'POST /api/stats/alerts': SECURED,
  'GET /api/stats/alerts/history': SECURED,
  'POST /api/stats/cache/clear': SECURED,
  'POST /api/stats/figures/copies': SECURED,
  'GET /api/stats/artist/{artistId}/kpis': FIGURES,
  'GET /api/stats/artist/{artistId}/tracks': FIGURES,
  'GET /api/stats/artist/{artistId}/albums': FIGURES,
  'GET /api/stats/artist/{artistId}/releases': FIGURES,
  'GET /api/stats/artist/{artistId}/milestones': FIGURES,
  'GET /api/stats/artist/{artistId}/events': SECURED,
  'GET /api/stats/artist/{artistId}/audience': FIGURES,
  'GET /api/stats/artist/{artistId}/rhythm': FIGURES,
  'GET /api/stats/live': FIGURES,
  'GET /api/stats/live/history': FIGURES,
  'GET /api/stats/album/{albumId}/kpis': FIGURES,
  'GET /api/stats/track/{trackKey}/kpis': FIGURES,
  'GET /api/stats/overview': FIGURES,
  'GET /api/stats/definitions': FIGURES,
  'GET /api/stats/artist/{artistId}/position': FIGURES,
  'GET /api/stats/trending': FIGURES,
  'GET /api/stats/unattributed': FIGURES,
  'GET /api/stats/search': FIGURES,
  'GET /api/recommendations/user/{userId}': FIGURES,
  'GET /api/recommendations/similar': FIGURES,
  'GET /api/recommendations/model': FIGURES,
  'GET /api/stats/recommendations/performance': FIGURES,
  'GET /api/stats/cache/info': FIGURES,
  'GET /api/stats/cb/status': FIGURES,
  'GET /healthz': OPEN,
  'GET /livez': OPEN,
  'GET /readyz': OPEN,
  'GET /metrics': OPEN,
}

/** The service with each of the settings, all on one store. */
async function startAll(t: TestContext): Promise<Record<keyof typeof SETTINGS, string>> {
  const { services } = await startApp(t)
  const started = Object.entries(SETTINGS).map(async ([name, keys]) => {
    const config = { ...services.config, ...keysOnly(loadConfig(keys)) }
    return [name, (await serve(t, { ...services, config })).url] as const
  })
  return Object.fromEntries(await Promise.all(started)) as Record<keyof typeof SETTINGS, string>
}

function keysOnly({ ingestApiKeys, adminApiKeys, publicReads }: ReturnType<typeof loadConfig>) {
  return { ingestApiKeys, adminApiKeys, publicReads }
}

const VISITORS: readonly { who: 'stranger' | 'ingest' | 'admin'; headers: Headers; code: string }[] = [
  { who: 'stranger', headers: {}, code: 'key_required' },
  { who: 'stranger', headers: { authorization: `Bearer ${TOKEN}` }, code: 'key_required' },
  { who: 'stranger', headers: { 'x-api-key': WRONG }, code: 'key_invalid' },
  { who: 'stranger', headers: { authorization: `Bearer ${WRONG}` }, code: 'key_invalid' },
  { who: 'ingest', headers: { 'x-api-key': INGEST }, code: 'key_invalid' },
  { who: 'ingest', headers: { authorization: `Bearer ${INGEST}` }, code: 'key_invalid' },
  { who: 'admin', headers: { 'x-api-key': ADMIN }, code: 'key_invalid' },
  { who: 'admin', headers: { authorization: `Bearer ${ADMIN}` }, code: 'key_invalid' },
]

interface Document {
  paths: Record<string, Record<string, { security?: Record<string, string[]>[] }>>
}

async function documentOf(url: string): Promise<Document> {
  return json<Document>(await fetch(`${url}/api/openapi.json`))
}

function operationsOf({ paths }: Document): string[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
  )
}

test('every route takes exactly the keys that the access table names', async t => {
  const urls = await startAll(t)
  assert.deepEqual(operationsOf(await documentOf(urls.none)).sort(), Object.keys(TABLE).sort())
  for (const [operation, row] of Object.entries(TABLE)) {
    const [method = '', path = ''] = operation.split(' ')
    const asked = path.replace(/\{\w+\}/, 'x1')
    for (const [setting, url] of Object.entries(urls) as [keyof typeof urls, string][]) {
      const taken = row[setting]
      for (const { who, headers, code } of VISITORS) {
        for (const each of method === 'GET' ? ['GET', 'HEAD'] : [method]) {
          const answer = await fetch(url + asked, { method: each, headers })
          const isTaken = taken === 'all' || taken.split(' ').includes(who)
          const what = `${each} ${path}, keys set: ${setting}, ${JSON.stringify(headers)}: ${answer.status}`
          if (isTaken) assert.notEqual(answer.status, 401, what)
          else if (each === 'HEAD') assert.equal(answer.status, 401, what)
          else await refused(answer, code, what)
          if (each === 'HEAD' || isTaken) await beginningOf(answer)
        }
      }
    }
  }
})

/** The body; of a stream, which does not end by itself, what comes first. */
async function beginningOf(answer: Response): Promise<string> {
  if (answer.headers.get('content-type') !== 'text/event-stream') return answer.text()
  const reader = answer.body?.getReader()
  const first = await reader?.read()
  await reader?.cancel()
  return new TextDecoder().decode(first?.value)
}

async function refused(answer: Response, code: string, what: string): Promise<void> {
  assert.equal(answer.status, 401, what)
  assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/)
  await problem(answer, 401, code)
}

test('the API document names the role that a route needs, whatever the settings are', async t => {
  const urls = await startAll(t)
  const { paths } = await documentOf(urls.closed)
  for (const [operation, { role }] of Object.entries(TABLE)) {
    const [method = '', path = ''] = operation.split(' ')
    const expected = role === null ? undefined : [{}, { bearer: [role] }, { apiKey: [role] }]
    assert.deepEqual(paths[path]?.[method.toLowerCase()]?.security, expected, operation)
  }
  assert.deepEqual((await documentOf(urls.none)).paths, paths)
})

test('the dashboard, documents and the methods of a path need no key', async t => {
  const { url } = await startApp(t, SETTINGS.closed)
  const page = await (await fetch(url)).text()
  const [, file = ''] = /src="([^"]+\.js)"/.exec(page) ?? []
  const pages = Object.values(PAGE_PATHS).map(path => path.replace(/:\w+/, 'x1'))
  const documents = ['/api/docs', '/api/docs/json', '/api/openapi.json', '/api/openapi.yaml', '/api-docs']
  for (const path of [...pages, file, ...documents]) {
    assert.equal((await fetch(url + path)).status, 200, path)
  }
  assert.equal((await fetch(`${url}/api/stats/alerts/history`, { method: 'OPTIONS' })).status, 204)
  assert.equal((await fetch(`${url}/api/stats/alerts/history`, { method: 'PUT' })).status, 405)
})

test('with ingest keys alone, admin routes answer 401 and name the missing setting, and a replay adds no event', async t => {
  const { url } = await startApp(t, SETTINGS.ingest)
  const headers = { 'x-api-key': INGEST }
  const { requestId } = await problem(await postEvent(url, { ...PLAY, entityId: null }, headers), 400, 'required')
  assert.ok(requestId)
  const repaired = { id: 'any', event: PLAY }
  const answer = await post(`${url}/api/stats/dead-letters/replay`, repaired, headers)
  assert.match((await problem(answer, 401, 'key_invalid')).detail, /ADMIN_API_KEYS has to be set/)
  const without = await problem(await fetch(`${url}/api/stats/dead-letters`), 401, 'key_required')
  assert.match(without.detail, /ADMIN_API_KEYS has to be set/)
  const kpis = await json(await fetch(`${url}/api/stats/artist/4/kpis`))
  assert.equal(kpis.plays, 0)
})

test('a replay needs an admin key, and its events are counted like those of other requests', async t => {
  const { url } = await startApp(t, SETTINGS.both)
  await postEvent(url, { ...PLAY, eventId: 'e1', entityId: null }, { 'x-api-key': INGEST })
  const replay = (key: string) =>
    post(`${url}/api/stats/dead-letters/replay`, { id: 'e1', event: { ...PLAY, eventId: 'e1' } }, { 'x-api-key': key })
  await problem(await replay(INGEST), 401, 'key_invalid')
  assert.equal((await json(await replay(ADMIN))).accepted, 1)
  const metrics = await (await fetch(`${url}/metrics`)).text()
  assert.match(metrics, /^stats_events_total\{status="rejected"\} 1$/m)
  assert.match(metrics, /^stats_events_total\{status="accepted"\} 1$/m)
})

test('a token of the platform is no key: open routes work with it, and a key sent beside it is used', async t => {
  const { url } = await startApp(t, SETTINGS.both)
  const token = { authorization: `Bearer ${TOKEN}` }
  await json(await fetch(`${url}/api/stats/trending`, { headers: token }))
  await problem(await postEvent(url, PLAY, token), 401, 'key_required')
  await json(await postEvent(url, PLAY, { ...token, 'x-api-key': INGEST }), 202)
  await json(await postBatch(url, [PLAY], { authorization: `bearer   ${INGEST} ` }))
  for (const like of ['eyJhbGciOiJIUzI1NiJ9', 'eyJhbGciOiJIUzI1NiJ9.e30', 'abc.def.ghi', `${TOKEN}.more`]) {
    await problem(await postEvent(url, PLAY, { authorization: `Bearer ${like}` }), 401, 'key_invalid')
  }
})

test('no public answer names a listener', async t => {
  const { url, log } = await startApp(t, { ...SETTINGS.both, LOG_LEVEL: 'trace' })
  const listener = 'anna@example.org'
  const headers = { 'x-api-key': INGEST }
  await json(await postEvent(url, { ...PLAY, userId: listener }, headers), 202)
  await postEvent(url, { ...PLAY, userId: listener, entityId: null }, headers)
  await json(await fetch(`${url}/api/recommendations/user/${listener}`))
  for (const path of Object.keys(TABLE)) {
    const [method, asked = ''] = path.replace(/\{\w+\}/, '4').split(' ')
    const answer = await fetch(url + asked, { method: method ?? '' })
    assert.doesNotMatch(await beginningOf(answer), /anna/, path)
  }
  assert.doesNotMatch(JSON.stringify(log), /anna/)
  const clear = (key: string) =>
    post(`${url}/api/stats/cache/clear`, { key }, { 'x-api-key': ADMIN }).then(answer => json(answer))
  const keys = async () => (await json<{ keys: string[] }>(await fetch(`${url}/api/stats/cache/info`))).keys
  assert.ok((await keys()).some(key => key.startsWith('user:#')))
  assert.deepEqual(await clear(`user:${listener}`), { cleared: `user:${listener}` })
  await fetch(`${url}/api/recommendations/user/${listener}`)
  for (const key of (await keys()).filter(each => each.startsWith('user:#'))) await clear(key)
  assert.ok(!(await keys()).some(key => key.startsWith('user:')))
})
