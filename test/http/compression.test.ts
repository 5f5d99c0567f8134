import assert from 'node:assert/strict'
import { type IncomingHttpHeaders, request } from 'node:http'
import { test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { json, PLAY, post, postBatch } from '../support/http.ts'
import { sharedApp } from '../support/start-app.ts'

const DOCUMENTS = ['/api/openapi.json', '/api/openapi.yaml']

interface Answer {
  headers: IncomingHttpHeaders
  body: Buffer
}

/** Asks without decoding the answer, as `fetch` would. */
function ask(url: string, encodings: string | undefined, method = 'GET'): Promise<Answer> {
  const headers = encodings === undefined ? {} : { 'accept-encoding': encodings }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { ...headers, origin: 'http://localhost:3000' } }, answer => {
      const chunks: Buffer[] = []
      answer.on('data', chunk => chunks.push(chunk))
      answer.on('end', () => resolve({ headers: answer.headers, body: Buffer.concat(chunks) }))
    })
    sent.on('error', reject).end()
  })
}

test('answers over 1 KB are compressed where the client accepts it', async () => {
  const { url } = await sharedApp()
  await postBatch(
    url,
    Array.from({ length: 100 }, () => ({ ...PLAY, entityId: null })),
  )
  const kpis = '/api/stats/artist/4/kpis?startDate=2026-11-01&endDate=2026-11-30&interval=day'
  for (const path of [
    '/metrics',
    '/api/openapi.json',
    '/api/openapi.yaml',
    kpis,
    '/api/stats/dead-letters?limit=100',
  ]) {
    const plain = await ask(url + path, undefined)
    assert.equal(plain.headers['content-encoding'], undefined)
    const found: Record<string, (body: Buffer) => Buffer> = { br: brotliDecompressSync, gzip: gunzipSync }
    for (const [encoding, decode] of Object.entries(found)) {
      const { headers, body } = await ask(url + path, encoding)
      assert.equal(headers['content-encoding'], encoding, path)
      assert.match(headers.vary ?? '', /origin.*accept-encoding/i)
      assert.equal(headers['content-type'], plain.headers['content-type'])
      assert.ok(body.length < plain.body.length / 2)
      // Between two requests, measurements move on.
      if (path !== '/metrics') assert.deepEqual(decode(body), plain.body)
      else assert.match(decode(body).toString(), /^# HELP/)
    }
    assert.equal((await ask(url + path, 'gzip, deflate, br')).headers['content-encoding'], 'br')
    assert.equal((await ask(url + path, 'zstd, identity')).headers['content-encoding'], undefined)
    const head = await ask(url + path, 'gzip', 'HEAD')
    assert.equal(head.body.length, 0)
    // That of a document is known beforehand: it is made once.
    const length = DOCUMENTS.includes(path) ? (await ask(url + path, 'gzip')).headers['content-length'] : undefined
    assert.equal(head.headers['content-length'], length)
  }
})

test('a client that keeps a document is answered with 304', async () => {
  const { url } = await sharedApp()
  const page = await (await fetch(`${url}/api/docs`)).text()
  const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => String(path))
  for (const path of [...DOCUMENTS, '/api/docs', ...files]) {
    const etags = await Promise.all(
      [undefined, 'gzip', 'br'].map(async encoding => {
        const { headers, body } = await ask(url + path, encoding)
        assert.equal(headers['cache-control'], 'no-cache')
        assert.match(headers.vary ?? '', /accept-encoding/)
        assert.equal(Number(headers['content-length']), body.length)
        const again = await fetch(url + path, {
          headers: { 'accept-encoding': encoding ?? 'identity', 'if-none-match': `"old", W/${headers.etag}` },
        })
        assert.deepEqual([again.status, await again.text()], [304, ''], path)
        assert.equal(again.headers.get('etag'), headers.etag)
        return headers.etag
      }),
    )
    // Each form of it is another one to a cache; a small one has one form.
    assert.equal(new Set(etags).size, etags[0] === etags[1] ? 1 : 3)
  }
  const other = await fetch(`${url}/api/docs`, { headers: { 'if-none-match': '"old"' } })
  assert.match(await other.text(), /^<!doctype html>/)
})

test('an encoding that the client does not accept is not used', async () => {
  const { url } = await sharedApp()
  assert.equal((await ask(`${url}/metrics`, 'br;q=0, gzip;q=0.5')).headers['content-encoding'], 'gzip')
  assert.equal((await ask(`${url}/metrics`, 'br; q=0, deflate')).headers['content-encoding'], undefined)
})

test('the answer to a large batch is compressed', async () => {
  const { url } = await sharedApp()
  for (const encoding of ['br', 'gzip']) {
    const batch = await postBatch(url, Array<unknown>(100).fill(PLAY), { 'accept-encoding': encoding })
    assert.equal(batch.headers.get('content-encoding'), encoding)
    assert.match(batch.headers.get('vary') ?? '', /origin.*accept-encoding/i)
    assert.equal((await json<{ accepted: number }>(batch)).accepted, 100)
  }
})

test('small answers, and those that are written while lines are read, are not compressed', async () => {
  const { url } = await sharedApp()
  for (const path of ['/livez', '/api/stats/trending', '/api/stats/cache/info', '/nowhere'])
    assert.equal((await ask(url + path, 'br')).headers['content-encoding'], undefined)
  const lines = Array.from({ length: 100 }, () => JSON.stringify({ ...PLAY, entityId: null })).join('\n')
  const headers = { 'content-type': 'application/x-ndjson', 'accept-encoding': 'gzip' }
  for (const answer of [
    await post(`${url}/api/stats/events/batch`, lines, headers),
    await postBatch(url, [PLAY], { 'accept-encoding': 'gzip' }),
  ]) {
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('content-encoding'), null)
  }
})
