/** Pages of other origins: what changes something is refused to them, on every route. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import { type Headers, json, PLAY, problem } from '../support/http.ts'
import { sharedApp, startApp } from '../support/start-app.ts'

interface Document {
  paths: Record<string, Record<string, object>>
}

interface Answer {
  status: number
  body: { code?: string }
}

/** Asks with these headers and no others: `fetch` sets some by itself. */
function ask(url: string, method: string, path: string, headers: Headers, body: string): Promise<Answer> {
  const { port } = new URL(url)
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(Buffer.byteLength(body)) }
    const sent = request({ host: '127.0.0.1', port, method, path, headers: { ...headers, ...length } }, answer => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', chunk => {
        text += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text === '' ? {} : JSON.parse(text) }))
    })
    sent.on('error', reject).end(body)
  })
}

const BEACON = { 'content-type': 'text/plain' }
const JSON_BODY = { 'content-type': 'application/json' }

const bodyOf = (method: string) => (method === 'DELETE' ? '' : '{}')

test('every route that changes something refuses pages of other origins, and takes requests without an origin', async () => {
  const { url } = await sharedApp()
  const { host } = new URL(url)
  const { paths } = await json<Document>(await fetch(`${url}/api/openapi.json`))
  const changes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter(method => method !== 'get')
      .map(method => [method.toUpperCase(), path] as const),
  )
  assert.ok(changes.length >= 7)
  const foreign: Headers[] = [
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: '' },
    { origin: 'http://localhost:3000.evil.example' },
    { origin: 'https://localhost:3000' },
    { origin: 'http://localhost:3001' },
    { origin: `http://${host}.evil.example` },
    { origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' },
    { origin: `http://${host}`, 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'cross-site' },
    { origin: 'http://evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' },
  ]
  const own: Headers[] = [
    {},
    { origin: `http://${host}` },
    { origin: `https://${host}` },
    { origin: 'http://localhost:3000' },
    { origin: 'http://localhost:3000', 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
  ]
  for (const [method, path] of changes) {
    for (const headers of foreign) {
      const { status, body } = await ask(url, method, path, { ...BEACON, ...headers }, bodyOf(method))
      assert.deepEqual([status, body.code], [403, 'origin_forbidden'], `${method} ${path} ${JSON.stringify(headers)}`)
    }
    for (const headers of own) {
      const { status } = await ask(url, method, path, { ...JSON_BODY, ...headers }, bodyOf(method))
      assert.notEqual(status, 403, `${method} ${path} ${JSON.stringify(headers)}`)
    }
  }
})

test('a beacon of a foreign page becomes neither an event nor a dead letter', async t => {
  const { url } = await startApp(t)
  for (const body of [PLAY, { ...PLAY, entityId: null }]) {
    const headers = { ...BEACON, origin: 'http://evil.example' }
    assert.equal((await ask(url, 'POST', '/api/stats/events', headers, JSON.stringify(body))).status, 403)
  }
  assert.equal((await json(await fetch(`${url}/api/stats/dead-letters/summary`))).total, 0)
  const metrics = await (await fetch(`${url}/metrics`)).text()
  assert.match(metrics, /^stats_events_total\{status="accepted"\} 0$/m)
})

test('routes that only read are protected by CORS alone', async () => {
  const { url } = await sharedApp()
  for (const path of ['/api/stats/trending', '/livez', '/api/openapi.json']) {
    const answer = await fetch(url + path, {
      headers: { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' },
    })
    assert.equal(answer.status, 200, path)
    assert.equal(answer.headers.get('access-control-allow-origin'), null)
  }
})

test('the own host is the one that the request came to, or the one that a trusted proxy names', async t => {
  const event = (url: string, headers: Headers) =>
    ask(url, 'POST', '/api/stats/events', { ...BEACON, ...headers }, JSON.stringify(PLAY)).then(({ status }) => status)
  const alone = await startApp(t)
  assert.equal(await event(alone.url, { host: 'stats.example', origin: 'https://stats.example' }), 202)
  assert.equal(await event(alone.url, { host: 'Stats.Example:443', origin: 'https://stats.example' }), 202)
  assert.equal(await event(alone.url, { host: 'stats.example:8080', origin: 'https://stats.example' }), 403)
  assert.equal(await event(alone.url, { host: '[::1]:5002', origin: 'http://[::1]:5002' }), 202)
  assert.equal(await event(alone.url, { host: '', origin: 'http://stats.example' }), 403)

  const proxied = await startApp(t, { TRUST_PROXY: '127.0.0.1' })
  const forwarded = { host: '10.0.0.7:5002', 'x-forwarded-host': 'stats.example', 'x-forwarded-proto': 'https' }
  assert.equal(await event(proxied.url, { ...forwarded, origin: 'https://stats.example' }), 202)
  assert.equal(await event(proxied.url, { ...forwarded, origin: 'https://10.0.0.7:5002' }), 403)
  const elsewhere = await startApp(t, { TRUST_PROXY: '10.9.9.9' })
  assert.equal(await event(elsewhere.url, { ...forwarded, origin: 'https://stats.example' }), 403)
})

test('the refusal is a problem document', async () => {
  const { url } = await sharedApp()
  const answer = await fetch(`${url}/api/stats/cache/clear`, {
    method: 'POST',
    headers: { origin: 'http://evil.example' },
  })
  assert.match((await problem(answer, 403, 'origin_forbidden')).detail, /CORS_ORIGINS/)
})
