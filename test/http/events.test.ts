import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { json, PLAY, postEvent, problem } from '../support/http.ts'
import { serve, sharedApp, startApp } from '../support/start-app.ts'

test('an event is accepted once; sent again it is a duplicate, and with other content a conflict', async () => {
  const { url } = await sharedApp()
  const event = { ...PLAY, eventId: 'e1' }
  assert.deepEqual(await json(await postEvent(url, event), 202), { accepted: true, id: 'e1' })
  assert.deepEqual(await json(await postEvent(url, event), 202), { accepted: true, id: 'e1', duplicate: true })
  const conflict = await problem(await postEvent(url, { ...event, entityId: '2' }), 409, 'event_conflict')
  assert.equal(conflict.errors?.[0]?.path, 'eventId')
})

test('an anonymous event with an object as its artist is a duplicate when it is sent again', async t => {
  const { url } = await startApp(t)
  const sent = { ...PLAY, eventId: 'e1', userId: 'Anonymous', metadata: { artist: { id: 4, name: 'Ana', likes: 1 } } }
  assert.deepEqual(await json(await postEvent(url, sent), 202), { accepted: true, id: 'e1' })
  assert.equal((await json(await postEvent(url, sent), 202)).duplicate, true)
  const plain = { ...sent, metadata: { artistId: '4', artist: 'Ana' } }
  assert.equal((await json(await postEvent(url, plain), 202)).duplicate, true)
})

test('the id comes from the body, the header, or the service', async () => {
  const { url } = await sharedApp()
  const header = { 'idempotency-key': 'k1' }
  assert.equal((await json(await postEvent(url, PLAY, header), 202)).id, 'k1')
  assert.equal((await json(await postEvent(url, PLAY, header), 202)).duplicate, true)
  await problem(await postEvent(url, { ...PLAY, eventId: 'other' }, header), 400, 'id_mismatch')
  assert.match(String((await json(await postEvent(url, PLAY), 202)).id), /^[0-9a-f]{8}-[0-9a-f]{4}-7/)
})

test('every broken rule is named with its path', async () => {
  const { url } = await sharedApp()
  const found = await problem(
    await postEvent(url, { eventType: 'x', timestamp: '2999-01-01T00:00:00Z' }),
    400,
    'unknown_event_type',
  )
  assert.deepEqual(
    found.errors?.map(({ path, code }) => [path, code]),
    [
      ['eventType', 'unknown_event_type'],
      ['timestamp', 'timestamp_in_future'],
      ['entityId', 'required'],
    ],
  )
})

test('a body that is not JSON is refused and kept as a dead letter', async t => {
  const { url, services } = await startApp(t)
  for (const body of ['{"eventType":', '', 'null ,', Buffer.from([0x22, 0xff, 0x22])]) {
    await problem(await postEvent(url, body), 400, 'malformed_json')
  }
  const { items } = await services.deadLetters.list({ reason: 'malformed_json', limit: 10 })
  assert.deepEqual(items.map(({ event }) => event).sort(), ['', '"\ufffd"', 'null ,', '{"eventType":'])
})

test('names of properties of Object.prototype are ordinary faults, and kept in the dead letter', async t => {
  const { url, services } = await startApp(t)
  const text = JSON.stringify(PLAY).replace('"albumId"', '"__proto__":{"x":1},"albumId"')
  const found = await problem(await postEvent(url, text), 400, 'key_forbidden')
  assert.equal(found.errors?.[0]?.path, 'metadata.__proto__')
  assert.equal((await services.deadLetters.summary()).byReason.key_forbidden, 1)
})

test('deep nesting is refused without harm', async () => {
  const { url } = await sharedApp()
  const deep = `{"eventType":"track.played","timestamp":0,"entityId":"1","metadata":{"x":${'['.repeat(30_000)}${']'.repeat(30_000)}}}`
  await problem(await postEvent(url, deep), 400, 'too_deep')
  await json(await postEvent(url, PLAY), 202)
})

test('takes 64 KiB; returns 413 for more, and 415 for other content types', async () => {
  const { url } = await sharedApp()
  const sized = (bytes: number) => {
    const text = JSON.stringify(PLAY)
    return text + ' '.repeat(bytes - text.length)
  }
  await json(await postEvent(url, sized(64 * 1024)), 202)
  await problem(await postEvent(url, sized(64 * 1024 + 1)), 413, 'too_large')
  await problem(await postEvent(url, sized(10 * 1024 * 1024)), 413, 'too_large')
  await problem(
    await postEvent(url, JSON.stringify(PLAY), { 'content-type': 'text/html' }),
    415,
    'unsupported_media_type',
  )
  await json(await postEvent(url, PLAY, { 'content-type': 'application/json; charset=utf-8' }), 202)
})

test('content encodings are decoded', async () => {
  const { url } = await sharedApp()
  const bytes = Buffer.from(JSON.stringify(PLAY))
  for (const [encoding, body] of [
    ['gzip', gzipSync(bytes)],
    ['br', brotliCompressSync(bytes)],
    ['deflate', deflateSync(bytes)],
    ['identity', bytes],
  ] as const) {
    await json(await postEvent(url, body, { 'content-encoding': encoding }), 202)
  }
  await problem(await postEvent(url, bytes, { 'content-encoding': 'gzip' }), 400, 'invalid_encoding')
  await problem(await postEvent(url, bytes, { 'content-encoding': 'br' }), 400, 'invalid_encoding')
  await problem(
    await postEvent(url, gzipSync(bytes).subarray(0, 40), { 'content-encoding': 'gzip' }),
    400,
    'invalid_encoding',
  )
  await problem(await postEvent(url, bytes, { 'content-encoding': 'compress' }), 415, 'unsupported_encoding')
})

test('a decompression bomb is refused without filling the memory', async () => {
  const { url } = await sharedApp()
  const bomb = gzipSync(Buffer.alloc(60 * 1024 * 1024, ' '))
  assert.ok(bomb.length < 64 * 1024)
  const before = process.memoryUsage.rss()
  for (let i = 0; i < 20; i++)
    await problem(await postEvent(url, bomb, { 'content-encoding': 'gzip' }), 413, 'too_large')
  assert.ok(process.memoryUsage.rss() - before < 100 * 1024 * 1024)
})

test('returns 503 with Retry-After for an event that cannot be written now', async t => {
  const { services } = await startApp(t)
  const receive = async () => [{ id: 'x', status: 'unavailable' as const, code: 'unavailable', message: 'not now' }]
  const { url } = await serve(t, { ...services, ingestion: { receive } as unknown as typeof services.ingestion })
  const response = await postEvent(url, PLAY)
  assert.equal(response.headers.get('retry-after'), '1')
  await problem(response, 503, 'unavailable')
})

test('returns 500 for a fault of the service itself, and logs its stack with the request id', async t => {
  const { services } = await startApp(t)
  const receive = async () => assert.fail('a fault')
  const { url, log } = await serve(t, { ...services, ingestion: { receive } as unknown as typeof services.ingestion })
  const { requestId } = await problem(await postEvent(url, PLAY), 500, 'internal')
  const failed = log.find(({ reqId }) => reqId === requestId) as { level: number; err: { stack: string } }
  assert.equal(failed.level, 50)
  assert.match(failed.err.stack, /a fault.*events\.test/s)
})
