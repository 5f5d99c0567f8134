import assert from 'node:assert/strict'
import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { type Headers, json, PLAY, post, postEvent, problem } from '../support/http.ts'
import { sharedApp, startApp } from '../support/start-app.ts'

const ORIGIN = 'http://localhost:3000'
const KEY = 'a-key-of-a-client-'

test('preflights of the listed origins are answered, with credentials', async () => {
  const { url } = await sharedApp()
  const preflight = (origin: string, path = '/api/stats/events') =>
    fetch(url + path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-api-key',
      },
    })
  const answer = await preflight(ORIGIN)
  assert.equal(answer.status, 204)
  assert.equal(answer.headers.get('access-control-allow-origin'), ORIGIN)
  assert.equal(answer.headers.get('access-control-allow-credentials'), 'true')
  assert.match(answer.headers.get('access-control-allow-methods') ?? '', /POST/)
  assert.equal(answer.headers.get('access-control-allow-headers'), 'content-type,x-api-key')
  assert.equal((await preflight('http://evil.example')).headers.get('access-control-allow-origin'), null)
})

test('answers, errors included, allow pages of the listed origins to read them', async t => {
  const { url } = await startApp(t, { RATE_LIMIT_DEFAULT: '3/minute' })
  const origin = { origin: ORIGIN }
  const answers = [
    await postEvent(url, PLAY, origin),
    await postEvent(url, {}, origin),
    await postEvent(url, 'x'.repeat(70_000), origin),
    await postEvent(url, PLAY, origin),
    await fetch(`${url}/nowhere`, { headers: origin }),
    await fetch(`${url}/healthz`, { headers: origin }),
  ]
  assert.deepEqual(
    answers.map(({ status }) => status),
    [202, 400, 413, 429, 429, 200],
  )
  for (const { headers } of answers) {
    assert.equal(headers.get('access-control-allow-origin'), ORIGIN)
    assert.equal(headers.get('access-control-allow-credentials'), 'true')
    assert.match(
      headers.get('access-control-expose-headers') ?? '',
      /x-request-id, x-next-cursor, retry-after, ratelimit-limit/,
    )
    assert.match(headers.get('vary') ?? '', /Origin/i)
  }
  const evil = await postEvent(url, PLAY, { origin: 'http://evil.example' })
  assert.equal(evil.headers.get('access-control-allow-origin'), null)
})

test('the request id is the client’s where it is short and plain, else a new one', async () => {
  const { url } = await sharedApp()
  const idFor = async (id: string) =>
    (await fetch(`${url}/livez`, { headers: { 'x-request-id': id } })).headers.get('x-request-id')
  assert.equal(await idFor('abc-1.2:3_4'), 'abc-1.2:3_4')
  for (const wrong of ['with space', 'x'.repeat(129), 'a"b'])
    assert.match(String(await idFor(wrong)), /^[0-9a-f-]{36}$/)
  const refused = await postEvent(url, {}, { 'x-request-id': 'mine' })
  assert.equal((await problem(refused, 400, 'required')).requestId, 'mine')
})

test('answers have the rate limit in headers, and a 429 has Retry-After', async t => {
  const { url } = await startApp(t, { RATE_LIMIT_DEFAULT: '2/minute', INGEST_API_KEYS: `${KEY}1,${KEY}2` })
  const send = (key: string) => postEvent(url, PLAY, { 'x-api-key': key })
  const first = await send(`${KEY}1`)
  assert.equal(first.status, 202)
  assert.equal(first.headers.get('ratelimit-limit'), '2')
  assert.equal(first.headers.get('ratelimit-remaining'), '1')
  assert.ok(Number(first.headers.get('ratelimit-reset')) <= 60)
  assert.equal((await send(`${KEY}1`)).status, 202)
  const refused = await send(`${KEY}1`)
  assert.ok(Number(refused.headers.get('retry-after')) > 0)
  await problem(refused, 429, 'rate_limited')
  assert.equal((await send(`${KEY}2`)).status, 202)
  const guesses = [await send('guess1'), await send('guess2'), await send('guess3')]
  assert.deepEqual(
    guesses.map(({ status }) => status),
    [401, 401, 429],
  )
})

test('several rate limits apply at once, and the headers are those of the tightest', async t => {
  const { url } = await startApp(t, { RATE_LIMIT_DEFAULT: '3/day;2 per hour', RATE_LIMIT_STRICT: '1/hour;1/day' })
  const send = async (path: string) => {
    const { status, headers } = await fetch(url + path, { method: 'POST' })
    const [limit, remaining] = ['ratelimit-limit', 'ratelimit-remaining'].map(name => Number(headers.get(name)))
    const isLong = ['ratelimit-reset', 'retry-after'].map(name => Number(headers.get(name)) > 3600)
    return { status, limit, remaining, isLong }
  }
  const unknown = '/nowhere'
  assert.deepEqual(await send(unknown), { status: 404, limit: 2, remaining: 1, isLong: [false, false] })
  assert.deepEqual(await send(unknown), { status: 404, limit: 2, remaining: 0, isLong: [false, false] })
  assert.deepEqual(await send(unknown), { status: 429, limit: 2, remaining: 0, isLong: [false, false] })
  const strict = '/api/stats/dead-letters/replay'
  assert.deepEqual(await send(strict), { status: 200, limit: 1, remaining: 0, isLong: [true, false] })
  assert.deepEqual(await send(strict), { status: 429, limit: 1, remaining: 0, isLong: [true, true] })
})

test('what a short rate limit refuses uses up nothing of a longer one', async t => {
  const { url } = await startApp(t, { RATE_LIMIT_DEFAULT: '3/day;1/second' })
  let accepted = 0
  let limit: string | null = null
  while (limit !== '3') {
    const { status, headers } = await postEvent(url, PLAY)
    if (status === 202) accepted++
    else limit = headers.get('ratelimit-limit')
  }
  assert.equal(accepted, 3)
})

test('replays have the strict limit, probes and documents have none', async t => {
  const { url } = await startApp(t, { RATE_LIMIT_DEFAULT: '3/minute', RATE_LIMIT_STRICT: '1/minute' })
  const replay = () => fetch(`${url}/api/stats/dead-letters/replay`, { method: 'POST' })
  assert.equal((await replay()).status, 200)
  await problem(await replay(), 429, 'rate_limited')
  for (let i = 0; i < 5; i++) {
    for (const path of ['/livez', '/metrics', '/api/openapi.json', '/'])
      assert.equal((await fetch(url + path)).status, 200)
  }
})

test('returns 404 for unknown paths, 405 for wrong methods, 400 for bad URLs, and answers HEAD', async () => {
  const { url } = await sharedApp()
  await problem(await fetch(`${url}/api/nothing?x=1`), 404, 'not_found')
  const wrong = await fetch(`${url}/api/stats/events`)
  assert.equal(wrong.headers.get('allow'), 'OPTIONS, POST')
  await problem(wrong, 405, 'method_not_allowed')
  const kpis = await post(`${url}/api/stats/artist/4/kpis`, {})
  assert.equal(kpis.headers.get('allow'), 'GET, HEAD, OPTIONS')
  const head = await fetch(`${url}/healthz`, { method: 'HEAD' })
  assert.equal(head.status, 200)
  assert.equal(await head.text(), '')
  await problem(await fetch(`${url}/api/stats/artist/%ff/kpis`), 400, 'bad_url')
})

/** Asks with a path as it is: `fetch` would tidy it up. */
function ask(url: string, method: string, path: string, headers: Headers = {}): Promise<IncomingMessage> {
  const { port } = new URL(url)
  return new Promise((resolve, reject) => {
    const sent = request({ port, method, path, headers }, answer => resolve(answer.resume()))
    sent.on('error', reject).end()
  })
}

test('a path answers exactly the methods in its header Allow, however the path is written', async () => {
  const { url } = await sharedApp()
  const paths = ['/', '/api/stats/trending', '/api/stats/events', '/api/stats/dead-letters', '/api/docs', '/healthz']
  const written = paths.flatMap(path => [path, `${path}/`, `/${path}`, path.replace('/stats', '//%73tats/')])
  const lost = ['/api%2Fstats/trending', '/API/stats/trending', '/api/stats/trending/x', '/api/docs/x/y']
  for (const path of [...written, ...lost]) {
    const { statusCode, headers } = await ask(url, 'OPTIONS', path)
    assert.equal(statusCode, lost.includes(path) ? 404 : 204, path)
    const allowed = headers.allow?.split(', ')
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE']) {
      const answer = await ask(url, method, path)
      if (allowed?.includes(method)) assert.ok(![404, 405].includes(Number(answer.statusCode)), `${method} ${path}`)
      else assert.equal(answer.statusCode, allowed ? 405 : 404, `${method} ${path}`)
      if (answer.statusCode === 405) assert.equal(answer.headers.allow, headers.allow)
    }
  }
  assert.equal((await ask(url, 'PROPFIND', '/healthz')).statusCode, 501)
})

test('a wrong method is refused before its body is read, and preflights say which are right', async () => {
  const { url } = await sharedApp()
  const put = (type: string) =>
    fetch(`${url}/api/stats/events`, { method: 'PUT', headers: { 'content-type': type }, body: '{' })
  for (const type of ['application/json', 'image/png']) await problem(await put(type), 405, 'method_not_allowed')
  const preflight = { origin: ORIGIN, 'access-control-request-method': 'POST' }
  assert.equal((await ask(url, 'OPTIONS', '/api/stats/events/', preflight)).headers.allow, 'OPTIONS, POST')
  assert.equal((await ask(url, 'OPTIONS', '/nowhere', preflight)).statusCode, 204)
})

test('no log line at info names a person, an address or a query', async t => {
  const { url, log } = await startApp(t)
  await postEvent(url, { ...PLAY, userId: 'anna@example.org', entityId: null })
  await fetch(`${url}/api/stats/trending?period=secret`)
  await fetch(`${url}/api/people/anna@example.org?token=secret`)
  const text = JSON.stringify(log)
  assert.doesNotMatch(text, /anna|secret|127\.0\.0\.1:\d+.*remote/)
  const refused = log.filter(({ msg }) => msg === 'request')
  assert.deepEqual(
    refused.map(({ method, route, status }) => [method, route, status]),
    [
      ['POST', '/api/stats/events', 400],
      ['GET', '/api/stats/trending', 400],
      ['GET', 'unmatched', 404],
    ],
  )
})

test('a broken request line does no harm', async () => {
  const { url } = await sharedApp()
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const answer = new Promise(resolve => socket.once('data', data => resolve(String(data).slice(0, 12))))
  socket.write('NONSENSE\r\n\r\n')
  assert.equal(await answer, 'HTTP/1.1 400')
  await json(await fetch(`${url}/livez`))
})
