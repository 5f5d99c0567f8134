/** How the dashboard is served: its paths, its files, what browsers may keep of it, and what they let it do. */
import assert from 'node:assert/strict'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { BUILT_DASHBOARD } from '../../src/http/dashboard.ts'
import { post, problem } from '../support/http.ts'
import { serve, sharedApp, startApp } from '../support/start-app.ts'

const IDS = [
  '4',
  '65f0a1b2c3d4e5f6a7b8c9d0',
  'name%3AAC%2FDC',
  'name%3A%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E',
  '..%2f..',
]

/** All paths of the page, those of artists, tracks and albums with every id. */
const PATHS = [
  '/',
  ...IDS.flatMap(id => [`/artist/${id}`, `/track/${id}`, `/album/${id}`]),
  '/charts',
  '/recommendations',
  '/alerts',
  '/system',
]

async function pageOf(url: string): Promise<string> {
  const page = await fetch(url)
  assert.equal(page.status, 200, 'the tests need the page: npm run build')
  return page.text()
}

/** The addresses that the page loads. */
const loadedBy = (page: string) => [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => String(address))

test('each path of the page answers with the page, however its ids and slashes are written', async () => {
  const { url } = await sharedApp()
  const page = await pageOf(url)
  assert.match(page, /^<!doctype html>/)
  for (const path of PATHS) {
    for (const written of [path, `${path}/`, `${path}?range=28d&compare=weekday`]) {
      const answer = await fetch(url + written)
      assert.equal(answer.status, 200, written)
      assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8')
      assert.equal(await answer.text(), page)
    }
  }
})

test('the page names its files in full, and each of them is there', async () => {
  const { url } = await sharedApp()
  const addresses = loadedBy(await pageOf(url))
  assert.ok(addresses.some(address => address.endsWith('.js')))
  for (const address of addresses) {
    // Relative ones would be looked for below /artist/.
    assert.match(address, /^\/assets\/[^/]+$/)
    assert.equal((await fetch(url + address)).status, 200, address)
  }
})

test('every file of the build is served with its type, is compressed, and is kept for ever', async () => {
  const { url } = await sharedApp()
  const types = /^(text\/(javascript|css); charset=utf-8|image\/svg\+xml)$/
  for (const name of await readdir(join(BUILT_DASHBOARD, 'assets'))) {
    const path = `${url}/assets/${name}`
    const answers = await Promise.all(
      ['identity', 'gzip', 'br'].map(encoding => fetch(path, { headers: { 'accept-encoding': encoding } })),
    )
    const bodies = await Promise.all(answers.map(answer => answer.text()))
    assert.equal(new Set(bodies).size, 1)
    const isSmall = Buffer.byteLength(bodies[0] ?? '') < 1024
    const encodings = answers.map(({ headers }) => headers.get('content-encoding'))
    assert.deepEqual(encodings, isSmall ? [null, null, null] : [null, 'gzip', 'br'], name)
    for (const { headers } of answers) {
      assert.match(headers.get('content-type') ?? '', types, name)
      assert.equal(headers.get('cache-control'), 'public, max-age=31536000, immutable')
      assert.match(headers.get('vary') ?? '', /accept-encoding/)
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
    }
    const etag = answers[2]?.headers.get('etag') ?? ''
    const again = await fetch(path, { headers: { 'accept-encoding': 'br', 'if-none-match': etag } })
    assert.deepEqual([again.status, await again.text()], [304, ''])
  }
})

test('the page is asked for each time, and sent once to who keeps it', async () => {
  const { url } = await sharedApp()
  for (const path of ['/', '/artist/4']) {
    const { headers } = await fetch(url + path)
    assert.equal(headers.get('cache-control'), 'no-cache')
    const again = await fetch(url + path, { headers: { 'if-none-match': headers.get('etag') ?? '' } })
    assert.deepEqual([again.status, await again.text()], [304, ''])
    assert.ok(again.headers.get('content-security-policy'))
  }
})

test('HEAD is answered as GET without a body, and other methods are refused', async () => {
  const { url } = await sharedApp()
  const script = loadedBy(await pageOf(url)).find(address => address.endsWith('.js'))
  for (const path of ['/', '/track/65f0_1', script]) {
    const headers = { 'accept-encoding': 'br' }
    const [get, head] = await Promise.all(['GET', 'HEAD'].map(method => fetch(url + path, { method, headers })))
    assert.deepEqual([head?.status, await head?.text()], [200, ''])
    for (const name of ['content-length', 'content-type', 'etag', 'cache-control', 'content-security-policy'])
      assert.equal(head?.headers.get(name), get?.headers.get(name), name)
    await get?.arrayBuffer()
    await problem(await post(url + path, {}), 405, 'method_not_allowed')
  }
})

test('only paths of the page answer with the page: others are problem documents', async () => {
  const { url } = await sharedApp()
  const unknown = ['/nothing', '/index.html', '/artist', '/artist/', '/artist/4/kpis', '/charts/week', '/Charts']
  const unknownApi = ['/api', '/api/nothing', '/api/artist/4', '/apis', '/apis/x']
  const files = ['/assets', '/assets/', '/assets/nothing.js', '/assets/x/y.js', '/assets/..%2findex.html', '/assets/.']
  const others = ['/.vite/manifest.json', '/assets/..%2f.vite%2fmanifest.json', '/assets/%2e%2e/.vite/manifest.json']
  for (const path of [...unknown, ...unknownApi, ...files, ...others]) {
    await problem(await fetch(url + path), 404, 'not_found')
  }
  await problem(await fetch(`${url}/artist/%ff`), 400, 'bad_url')
})

test('the policy lets the page run its own files, talk to its own service and show covers of the catalogue', async t => {
  const { url } = await startApp(t, {
    CONTENT_SERVICE_URL: 'http://127.0.0.1:9/',
    COVER_ORIGINS: 'https://covers.example',
  })
  const script = loadedBy(await pageOf(url)).find(address => address.endsWith('.js'))
  for (const path of ['/', '/artist/4', script]) {
    const { headers } = await fetch(url + path)
    const policy = (headers.get('content-security-policy') ?? '').split(';').map(directive => directive.trim())
    assert.deepEqual(policy.sort(), [
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "img-src 'self' blob: https://covers.example",
      "object-src 'none'",
      "require-trusted-types-for 'script'",
      "script-src 'self'",
      "style-src 'self'",
      "trusted-types 'none'",
    ])
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
    assert.equal(headers.get('x-frame-options'), 'DENY')
    assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin')
    assert.match(headers.get('permissions-policy') ?? '', /camera=\(\).*microphone=\(\)/)
  }
  const page = await pageOf(url)
  assert.doesNotMatch(
    page,
    /<style|style=|<script(?![^>]* src=)|\son\w+=/,
    'the policy would refuse what is in the page',
  )
  const { headers } = await fetch(`${url}/api/docs`)
  assert.match(headers.get('content-security-policy') ?? '', /style-src 'self' 'unsafe-inline'/)
  assert.equal(headers.get('permissions-policy'), null)
})

test('without a build, the API is served, and the log and the page say how to build', async t => {
  const { services } = await startApp(t)
  const folder = await mkdtemp(join(tmpdir(), 'not-built-'))
  t.after(() => rm(folder, { recursive: true }))
  for (const missing of [folder, join(folder, 'nothing')]) {
    const { url, log } = await serve(t, services, missing)
    assert.equal(log.filter(({ msg }) => /npm run build/.test(String(msg))).length, 1)
    for (const path of PATHS) {
      const answer = await fetch(url + path)
      assert.equal(answer.status, 404)
      assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8')
      assert.equal(answer.headers.get('cache-control'), 'no-store')
      assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/)
      const text = await answer.text()
      assert.match(text, /npm run build/)
      for (const link of loadedBy(text)) assert.equal((await fetch(url + link)).status, 200, link)
    }
    await problem(await fetch(`${url}/assets/x.js`), 404, 'not_found')
    await problem(await fetch(`${url}/nothing`), 404, 'not_found')
    assert.equal((await fetch(`${url}/api/stats/trending`)).status, 200)
  }
})

test('a build that comes while the service runs does not mix with the one it serves', async t => {
  const { services } = await startApp(t)
  const folder = await mkdtemp(join(tmpdir(), 'built-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await cp(BUILT_DASHBOARD, folder, { recursive: true })
  const { url, log } = await serve(t, services, folder)
  await rm(folder, { recursive: true })
  for (const address of loadedBy(await pageOf(url))) assert.equal((await fetch(url + address)).status, 200)
  assert.deepEqual(
    log.filter(({ level }) => Number(level) >= 40),
    [],
  )
})
