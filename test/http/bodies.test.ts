/** The same body in another wrapping: encodings, media types, nothing at all. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { type Headers, json, PLAY, post, postBatch, postEvent, problem } from '../support/http.ts'
import { RawClient, requestText } from '../support/raw-client.ts'
import { sharedApp, startApp } from '../support/start-app.ts'

const MARK = Buffer.from('\ufeff')
const NDJSON = { 'content-type': 'application/x-ndjson' }

const play = (eventId: string) => JSON.stringify({ ...PLAY, eventId })
const marked = (text: string) => Buffer.concat([MARK, Buffer.from(text)])
const utf16 = (text: string, withMark = true) => Buffer.from((withMark ? '\ufeff' : '') + text, 'utf16le')

test('a byte order mark at the beginning of a body is ignored', async () => {
  const { url } = await sharedApp()
  const send = (path: string, body: string | Uint8Array, headers: Headers = {}) => post(url + path, body, headers)
  assert.deepEqual(await json(await postEvent(url, marked(play('b1'))), 202), { accepted: true, id: 'b1' })
  const lines = `${play('b2')}\n${play('b3')}\n`
  const bodies: [string | Uint8Array, Headers][] = [
    [marked(`[${play('b4')},${play('b5')}]`), {}],
    [marked(lines), NDJSON],
    [gzipSync(marked(lines.replaceAll('"b', '"g'))), { ...NDJSON, 'content-encoding': 'gzip' }],
    [brotliCompressSync(marked(`[${play('br1')},${play('br2')}]`)), { 'content-encoding': 'br' }],
    // Two files, one behind the other.
    [Buffer.concat([marked(`${play('c1')}\n`), marked(`${play('c2')}\n`)]), NDJSON],
  ]
  for (const [body, headers] of bodies) {
    const { accepted, rejected } = await json(await postBatch(url, body, headers))
    assert.deepEqual([accepted, rejected], [2, 0])
  }
  assert.equal((await json(await postBatch(url, MARK, NDJSON))).rejected, 0)

  await postEvent(url, { ...PLAY, eventId: 'd1', entityId: null })
  const replayed = await json(await send('/api/stats/dead-letters/replay', marked(`{"id":"d1","event":${play('d1')}}`)))
  assert.equal(replayed.accepted, 1)
  assert.equal((await json(await send('/api/stats/alerts', marked('{"artistId":"4"}')))).triggered, false)
  assert.deepEqual(await json(await send('/api/stats/cache/clear', marked('{"key":"k"}'))), { cleared: 'k' })
})

test('the routes for events take JSON as text/plain', async () => {
  const { url } = await sharedApp()
  const plain = { 'content-type': 'text/plain;charset=UTF-8' }
  assert.deepEqual(await json(await postEvent(url, play('t1'), plain), 202), { accepted: true, id: 't1' })
  assert.equal((await json(await postBatch(url, `{"events":[${play('t2')}]}`, plain))).accepted, 1)
  await problem(await postEvent(url, 'hello', plain), 400, 'malformed_json')
  await problem(await post(`${url}/api/stats/alerts`, { artistId: '4' }, plain), 415, 'unsupported_media_type')
})

test('media types are compared without case and without their parameters', async () => {
  const { url } = await sharedApp()
  for (const type of [
    'Application/JSON; charset=utf-8',
    'application/json;v=1;charset="UTF-8"',
    'TEXT/PLAIN; charset=ascii',
  ])
    assert.equal((await postEvent(url, PLAY, { 'content-type': type })).status, 202)
  const lines = await postBatch(url, `${play('m1')}\n`, { 'content-type': 'Application/X-NDJSON; charset=utf8' })
  assert.deepEqual((await json(lines)).results, [])
})

test('other character encodings are refused with 415, declared or not', async () => {
  const { url } = await sharedApp()
  for (const charset of ['utf-16', 'ISO-8859-1', '"windows-1252"']) {
    const headers = { 'content-type': `application/json; charset=${charset}` }
    assert.match((await problem(await postEvent(url, PLAY, headers), 415, 'unsupported_charset')).detail, /UTF-8/)
  }
  await problem(
    await postBatch(url, play('x'), { 'content-type': 'application/x-ndjson; charset=utf-16' }),
    415,
    'unsupported_charset',
  )
  const lines = `${play('u1')}\n${play('u2')}\n`
  const answers = [
    await postEvent(url, utf16(play('u3'))),
    await postEvent(url, utf16(play('u3'), false)),
    await postEvent(url, utf16(play('u3')).swap16()),
    await postBatch(url, utf16(`[${play('u4')}]`)),
    await postBatch(url, utf16(lines), NDJSON),
    await postBatch(url, utf16(lines, false), NDJSON),
    await postBatch(url, utf16(lines).swap16(), NDJSON),
    await postBatch(url, gzipSync(utf16(lines)), { ...NDJSON, 'content-encoding': 'gzip' }),
    await post(`${url}/api/stats/dead-letters/replay`, utf16('{}')),
    await post(`${url}/api/stats/alerts`, utf16('{"artistId":"4"}')),
  ]
  for (const answer of answers) {
    assert.match((await problem(answer, 415, 'unsupported_charset')).detail, /must be UTF-8/)
  }
  const latin1 = await postEvent(url, Buffer.from(play('ñ'), 'latin1'))
  assert.match((await problem(latin1, 400, 'malformed_json')).detail, /UTF-8/)
})

/** A body of unknown length, sent in pieces. */
async function sendChunked(url: string, type: string, ...pieces: string[]): Promise<Response> {
  const body = ReadableStream.from(pieces.map(piece => Buffer.from(piece)))
  return fetch(url, { method: 'POST', headers: { 'content-type': type }, body, duplex: 'half' })
}

test('where a body is optional, an empty one of any type is the same as none', async t => {
  const { url } = await startApp(t)
  const types = [
    'application/json',
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data; boundary=x',
  ]
  for (const [path, answer] of [
    ['/api/stats/cache/clear', { cleared: 'all' }],
    ['/api/stats/dead-letters/replay', { replayed: 0, accepted: 0, duplicates: 0, rejected: 0, results: [] }],
  ] as const) {
    assert.deepEqual(await json(await fetch(url + path, { method: 'POST' })), answer)
    for (const type of types) {
      assert.deepEqual(await json(await post(url + path, '', { 'content-type': type })), answer)
      assert.deepEqual(await json(await sendChunked(url + path, type)), answer)
    }
  }
  const deleted = await fetch(`${url}/api/stats/dead-letters?reason=x`, {
    method: 'DELETE',
    headers: { 'content-type': 'application/json' },
  })
  assert.deepEqual(await json(deleted), { deleted: 0 })
})

test('returns 400 for an empty body of any type where a body is required', async () => {
  const { url } = await sharedApp()
  for (const path of ['/api/stats/events', '/api/stats/events/batch', '/api/stats/alerts']) {
    for (const type of ['application/json', 'application/x-www-form-urlencoded'])
      assert.equal((await post(url + path, '', { 'content-type': type })).status, 400)
  }
})

test('returns 415 for a form, and for lines where one event is expected, and says what to send', async () => {
  const { url } = await sharedApp()
  const form = 'application/x-www-form-urlencoded'
  const refusal = async (answer: Response) => (await problem(answer, 415, 'unsupported_media_type')).detail
  for (const [path, takes] of [
    ['events', 'application/json or text/plain'],
    ['events/batch', 'application/json or text/plain or application/x-ndjson'],
    ['dead-letters/replay', 'application/json'],
    ['alerts', 'application/json'],
    ['cache/clear', 'application/json'],
  ] as const) {
    const sent = await post(`${url}/api/stats/${path}`, 'a=b', { 'content-type': form })
    assert.equal(await refusal(sent), `This route takes ${takes}, not ${form}`)
  }
  assert.match(await refusal(await sendChunked(`${url}/api/stats/events`, form, 'a', '=b')), /takes application\/json/)
  assert.match(await refusal(await postEvent(url, play('l1'), NDJSON)), /not application\/x-ndjson/)
  assert.match(await refusal(await postEvent(url, PLAY, { 'content-type': 'json' })), /send application\/json/)
  const untyped = new Blob([play('n1')])
  const without = await fetch(`${url}/api/stats/events`, { method: 'POST', body: untyped })
  assert.match(await refusal(without), /not a body without a content type/)
  const broken = { 'content-type': form, 'content-encoding': 'gzip' }
  await problem(await postEvent(url, 'no gzip', broken), 400, 'invalid_encoding')
})

test('every route that takes a body understands gzip', async () => {
  const { url } = await sharedApp()
  const gzip = { 'content-encoding': 'gzip' }
  const zipped = (value: unknown) => gzipSync(JSON.stringify(value))
  await json(await postEvent(url, zipped(PLAY), gzip), 202)
  assert.equal((await json(await post(`${url}/api/stats/alerts`, zipped({ artistId: '4' }), gzip))).triggered, false)
  assert.deepEqual(await json(await post(`${url}/api/stats/cache/clear`, zipped({ key: 'k' }), gzip)), { cleared: 'k' })
})

test('a connection goes on after a body that is not valid in its encoding, although its rest comes after the answer', async () => {
  const { url } = await sharedApp()
  const junk = 'x'.repeat(100_000)
  for (const [path, type] of [
    ['/api/stats/events/batch', 'application/json'],
    ['/api/stats/events/batch', NDJSON['content-type']],
    ['/api/stats/alerts', 'application/json'],
  ] as const) {
    const headers = { 'content-type': type, 'content-encoding': 'gzip', 'content-length': String(2 * junk.length) }
    const client = await RawClient.send(Number(new URL(url).port), requestText('POST', path, junk, headers))
    const [first] = (await once(client.socket, 'data')) as [Buffer]
    assert.match(String(first), /^HTTP\/1.1 400 /)
    assert.match(String(first), /invalid_encoding/)
    const rest = client.rest()
    client.socket.write(junk + requestText('GET', '/livez', '', { connection: 'close' }))
    assert.match(await rest, /^HTTP\/1.1 200 /)
  }
})
