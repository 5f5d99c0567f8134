import assert from 'node:assert/strict'
import http from 'node:http'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { BatchResult } from '../../src/http/batch-result.ts'
import { json, PLAY, postBatch, problem, until } from '../support/http.ts'
import { serve, sharedApp, startApp } from '../support/start-app.ts'

test('each event of a batch has a result of its own', async () => {
  const { url } = await sharedApp()
  const first = { ...PLAY, eventId: 'b1' }
  const events = [
    first,
    first,
    { ...first, entityId: '9' },
    { eventType: 'track.played' },
    { ...PLAY, eventId: 'b2' },
    null,
  ]
  const answer = await json<BatchResult>(await postBatch(url, events))
  assert.deepEqual(
    answer.results.map(({ index, status, code }) => [index, status, code]),
    [
      [0, 'accepted', undefined],
      [1, 'duplicate', undefined],
      [2, 'conflict', 'event_conflict'],
      [3, 'rejected', 'required'],
      [4, 'accepted', undefined],
      [5, 'rejected', 'not_an_object'],
    ],
  )
  const { accepted, duplicates, rejected, unavailable } = answer
  assert.deepEqual([accepted, duplicates, rejected, unavailable], [2, 1, 3, 0])
  assert.deepEqual(answer.results[4], { index: 4, id: 'b2', status: 'accepted' })
})

test('takes an array or an object with events, also compressed, and nothing else', async () => {
  const { url } = await sharedApp()
  const body = gzipSync(JSON.stringify({ events: [PLAY, PLAY] }))
  assert.equal((await json(await postBatch(url, body, { 'content-encoding': 'gzip' }))).accepted, 2)
  assert.deepEqual(await json(await postBatch(url, [])), {
    accepted: 0,
    duplicates: 0,
    rejected: 0,
    unavailable: 0,
    results: [],
  })
  assert.equal((await problem(await postBatch(url, { event: [] }), 400, 'required')).errors?.[0]?.path, 'events')
  await problem(await postBatch(url, 'null'), 400, 'required')
  await problem(await postBatch(url, '[{]'), 400, 'malformed_json')
  await problem(await postBatch(url, 'a,b', { 'content-type': 'text/csv' }), 415, 'unsupported_media_type')
})

test('returns 413 for more than 10,000 events or 16 MiB, also after decoding', async () => {
  const { url } = await sharedApp()
  const many = Array.from({ length: 10_000 }, () => PLAY)
  assert.equal((await json(await postBatch(url, many))).accepted, 10_000)
  await problem(await postBatch(url, [...many, PLAY]), 413, 'too_many_events')
  await problem(await postBatch(url, ' '.repeat(16 * 1024 * 1024 + 1)), 413, 'too_large')
  const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024, ' '))
  await problem(await postBatch(url, bomb, { 'content-encoding': 'gzip' }), 413, 'too_large')
})

test('an event over 64 KiB is rejected and kept, the others are accepted', async t => {
  const { url, services } = await startApp(t)
  const long = { ...PLAY, metadata: { x: 'é'.repeat(40_000) } }
  const answer = await json<BatchResult>(await postBatch(url, [PLAY, long, PLAY]))
  assert.deepEqual(
    answer.results.map(({ status, code }) => code ?? status),
    ['accepted', 'too_large', 'accepted'],
  )
  assert.equal((await services.deadLetters.summary()).byReason.too_large, 1)
})

test('rejects an event that is nested too deeply alone, and one of thousands of levels without parsing it', async () => {
  const { url } = await sharedApp()
  const deep = `{"metadata":{"x":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`
  const answer = await json<BatchResult>(await postBatch(url, `[${deep},${JSON.stringify(PLAY)}]`))
  assert.deepEqual([answer.rejected, answer.accepted], [1, 1])
  const begun = performance.now()
  const deepest = await json<BatchResult>(await postBatch(url, '['.repeat(8_000_000) + ']'.repeat(8_000_000)))
  assert.equal(deepest.results[0]?.code, 'too_large')
  assert.ok(performance.now() - begun < 1500)
})

test('returns 503 only where no event at all could be written', async t => {
  const { services } = await startApp(t)
  let calls = 0
  const ingestion = {
    receive: async (arrivals: readonly unknown[]) => {
      const status = calls++ === 0 ? 'unavailable' : 'accepted'
      return arrivals.map(() => ({ id: 'x', status }))
    },
  }
  const { url } = await serve(t, { ...services, ingestion: ingestion as unknown as typeof services.ingestion })
  const response = await postBatch(url, [PLAY])
  assert.equal(response.headers.get('retry-after'), '1')
  await problem(response, 503, 'unavailable')
  calls = 0
  const partly = await json<BatchResult>(await postBatch(url, Array(600).fill(PLAY)))
  assert.deepEqual([partly.accepted, partly.unavailable], [100, 500])
})

test('returns 503 for large bodies that would take too much memory together, and takes them once others have ended', async t => {
  const { url, received } = await startApp(t)
  const size = 15 * 1024 * 1024
  const unfinished = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'].map(localAddress => {
    const request = http.request(`${url}/api/stats/events/batch`, {
      method: 'POST',
      localAddress,
      headers: { 'content-type': 'application/json', 'content-length': size },
    })
    request.on('error', () => {})
    request.write(Buffer.alloc(size - 1, ' '))
    return request
  })
  // Only once these bodies have arrived: the last one to come is refused.
  await until(() => received() >= 4 * (size - 1))
  const refused = await postBatch(url, ' '.repeat(size))
  assert.equal(refused.headers.get('retry-after'), '1')
  await problem(refused, 503, 'unavailable')
  for (const request of unfinished) request.destroy()
  await until(async () => (await postBatch(url, [PLAY])).status === 200)
})

test('one client may use at most a quarter of the memory for large bodies', async t => {
  const { url, received } = await startApp(t)
  const size = 15 * 1024 * 1024
  const headers = { 'content-type': 'application/json', 'content-length': size }
  const unfinished = http.request(`${url}/api/stats/events/batch`, { method: 'POST', headers })
  unfinished.on('error', () => {}).write(Buffer.alloc(size - 1, ' '))
  await until(() => received() >= size - 1)
  const refused = await problem(await postBatch(url, ' '.repeat(2 * 1024 * 1024)), 503, 'unavailable')
  assert.match(refused.detail, /of this client/)
  unfinished.destroy()
  await until(async () => (await postBatch(url, [PLAY])).status === 200)
})

test('results name every event in at most a megabyte, with as many details as fit', async () => {
  const { url } = await sharedApp()
  const bad = (i: number) => ({ ...PLAY, eventId: `${i}-`.padEnd(200, 'x'), eventType: 'x' })
  const answer = await postBatch(
    url,
    Array.from({ length: 10_000 }, (_, i) => bad(i)),
  )
  const text = await answer.text()
  assert.ok(text.length < 1.01 * 2 ** 20, `${text.length} bytes`)
  const { results, rejected, cut } = JSON.parse(text) as BatchResult
  assert.deepEqual([results.length, rejected, cut], [10_000, 10_000, true])
  results.forEach(({ index, id, status }, i) => {
    assert.deepEqual([index, id.startsWith(`${i}-`), status], [i, true, 'rejected'])
  })
  const few = await json<BatchResult>(await postBatch(url, [bad(0)]))
  assert.equal(few.cut, undefined)
  assert.match(few.results[0]?.message ?? '', /must be one of/)
})
