import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { createGzip, gzipSync } from 'node:zlib'
import type { AppServices } from '../../src/http/app-services.ts'
import type { BatchResult } from '../../src/http/batch-result.ts'
import { json, PLAY, post, problem, until } from '../support/http.ts'
import { serve, sharedApp, startApp } from '../support/start-app.ts'

const LINE = JSON.stringify(PLAY)
const TYPE = { 'content-type': 'application/x-ndjson' }
type Answer = BatchResult & { error?: { code: string } }

const postLines = (url: string, body: string | Uint8Array, headers = {}) =>
  post(`${url}/api/stats/events/batch`, body, { ...TYPE, ...headers })

async function stream(url: string, body: Readable, headers = {}): Promise<Response> {
  const init = { method: 'POST', headers: { ...TYPE, ...headers }, body: Readable.toWeb(body), duplex: 'half' }
  return fetch(`${url}/api/stats/events/batch`, init as RequestInit)
}

/** Services whose ingestion counts what it gets and accepts everything. */
function counting(services: AppServices) {
  const counter = { received: 0, underWay: 0, most: 0 }
  const receive = async (arrivals: readonly unknown[]) => {
    counter.received += arrivals.length
    counter.most = Math.max(counter.most, ++counter.underWay)
    await new Promise(resolve => setTimeout(resolve, 1))
    counter.underWay--
    return arrivals.map(() => ({ id: 'x', status: 'accepted' }))
  }
  return { counter, services: { ...services, ingestion: { receive } as unknown as typeof services.ingestion } }
}

test('the results of lines list what was not accepted; blank lines do not count, the last line needs no newline', async t => {
  const { url, services } = await startApp(t)
  const repeated = JSON.stringify({ ...PLAY, eventId: 'n1' })
  const body = [
    LINE,
    '',
    repeated,
    '  \r',
    repeated,
    '{"eventType":"x"}',
    'nonsense',
    `{"x":"${'y'.repeat(70_000)}"}`,
    LINE,
  ].join('\n')
  const answer = await json<Answer>(await postLines(url, body))
  assert.deepEqual(
    answer.results.map(({ index, status, code }) => [index, status, code]),
    [
      [3, 'rejected', 'unknown_event_type'],
      [4, 'rejected', 'malformed_json'],
      [5, 'rejected', 'too_large'],
    ],
  )
  assert.deepEqual([answer.accepted, answer.duplicates, answer.rejected, answer.unavailable], [3, 1, 3, 0])
  assert.equal((await services.deadLetters.summary()).total, 3)
})

test('a body of nothing, or of blank lines alone, has no results', async () => {
  const { url } = await sharedApp()
  for (const body of ['', '\n \n']) {
    const answer = await json<Answer>(await postLines(url, body))
    assert.deepEqual(answer, { results: [], accepted: 0, duplicates: 0, rejected: 0, unavailable: 0 })
  }
})

test('many compressed lines are ingested in constant memory, at most two chunks at a time', async t => {
  const { services } = await startApp(t)
  const { counter, services: counted } = counting(services)
  const { url } = await serve(t, counted)
  const many = 300_000
  function* lines() {
    for (let i = 0; i < many / 100; i++) yield `${LINE}\n`.repeat(100)
  }
  const before = process.memoryUsage.rss()
  const body = Readable.from(lines()).pipe(createGzip({ level: 1 }))
  const answer = await json<Answer>(await stream(url, body, { 'content-encoding': 'gzip' }))
  assert.deepEqual([answer.accepted, answer.results], [many, []])
  assert.equal(counter.received, many)
  assert.ok(counter.most <= 2, `${counter.most} chunks at a time`)
  assert.ok(process.memoryUsage.rss() - before < 150 * 1024 * 1024)
})

test('keeps the beginning of an item that is too long, cut between characters, in lines as in a batch', async t => {
  const { url, services } = await startApp(t)
  const singer = '👩\u200d🎤'
  const long = { x: singer.repeat(20_000) }
  await postLines(url, JSON.stringify(long))
  await post(`${url}/api/stats/events/batch`, [long])
  const { items } = await services.deadLetters.list({ limit: 9 })
  const kept = `{"x":"${singer.repeat(198)}`
  assert.deepEqual(
    items.map(({ event }) => event),
    [kept, kept],
  )
})

test('a decompression bomb is refused, and an endless line is one rejected item', async () => {
  const { url } = await sharedApp()
  const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024, 'x'))
  await problem(await postLines(url, bomb, { 'content-encoding': 'gzip' }), 413, 'compression_ratio')
  const piece = Buffer.alloc(64 * 1024, 'x')
  const before = process.memoryUsage.rss()
  const answer = await json<Answer>(await stream(url, Readable.from(Array(4800).fill(piece))))
  assert.deepEqual([answer.rejected, answer.results[0]?.code], [1, 'too_large'])
  assert.ok(process.memoryUsage.rss() - before < 100 * 1024 * 1024)
})

test('a broken encoding is a problem before the answer has begun, else an error at its end, after the counts', async () => {
  const { url } = await sharedApp()
  await problem(await postLines(url, LINE, { 'content-encoding': 'gzip' }), 400, 'invalid_encoding')
  const events = Array.from({ length: 20_000 }, (_, i) => JSON.stringify({ ...PLAY, userId: `u${i * 7919}` }))
  const whole = gzipSync(events.join('\n'))
  const answer = await json<Answer>(
    await postLines(url, whole.subarray(0, whole.length - 100), { 'content-encoding': 'gzip' }),
  )
  assert.equal(answer.error?.code, 'invalid_encoding')
  assert.ok(answer.accepted > 0 && answer.accepted < 20_000)
})

test('when a client hangs up, its complete lines are ingested, and the service goes on', async t => {
  const { services } = await startApp(t)
  const { counter, services: counted } = counting(services)
  const { url, log } = await serve(t, counted)
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(
    'POST /api/stats/events/batch HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n',
  )
  const lines = `${LINE}\n`.repeat(10)
  socket.write(`${lines.length.toString(16)}\r\n${lines}\r\n`)
  await until(() => counter.received === 10)
  socket.destroy()
  assert.equal((await json<Answer>(await postLines(url, LINE))).accepted, 1)
  assert.deepEqual(
    log.filter(({ level }) => Number(level) >= 50),
    [],
  )
})

test('after 5,000 refused lines reading ends, and the counts say where', async t => {
  const { url, services } = await startApp(t)
  const bad = JSON.stringify({ ...PLAY, eventType: 'x'.repeat(200) })
  const answer = await json<Answer>(await postLines(url, `${LINE}\n${bad}\n`.repeat(20_000)))
  assert.equal(answer.error?.code, 'too_many_refused')
  assert.ok(answer.rejected >= 5_000 && answer.rejected <= 6_000, `${answer.rejected} lines were refused`)
  assert.equal(answer.results.length, answer.rejected)
  assert.ok(Math.abs(answer.accepted - answer.rejected) <= 1)
  assert.equal((await services.deadLetters.summary()).total, answer.rejected)
  assert.ok(JSON.stringify(answer.results).length <= 2 ** 20)
})

test('returns 400 for more than a hundred thousand blank lines in a row', async () => {
  const { url } = await sharedApp()
  const answer = await json<Answer>(
    await postLines(url, `${LINE}\n${'\n'.repeat(99_999)}${LINE}\n${' \n'.repeat(200_000)}${LINE}`),
  )
  assert.deepEqual([answer.accepted, answer.error?.code], [2, 'too_many_blank_lines'])
})

test('returns 503 for a fifth stream of lines of one client', async () => {
  const { url } = await sharedApp()
  const blocked = Promise.withResolvers<void>()
  async function* endless() {
    yield `${LINE}\n`.repeat(1000)
    await blocked.promise
  }
  const answers = Array.from({ length: 4 }, () => stream(url, Readable.from(endless())))
  await Promise.all(answers)
  const refused = await postLines(url, LINE)
  assert.match((await problem(refused, 503, 'unavailable')).detail, /of this client/)
  blocked.resolve()
  for (const answer of answers) assert.equal((await json<Answer>(await answer)).accepted, 1000)
  assert.equal((await json<Answer>(await postLines(url, LINE))).accepted, 1)
})

test('a shutdown ends an endless stream, with an answer that says what was ingested', async t => {
  const { url, services, stop } = await startApp(t)
  const blocked = Promise.withResolvers<void>()
  async function* endless() {
    yield `${LINE}\n`
    await blocked.promise
  }
  const answer = stream(url, Readable.from(endless()))
  // Time for the first line to arrive.
  await new Promise(resolve => setTimeout(resolve, 200))
  const stopped = stop()
  const response = await answer
  if (response.status === 200) assert.equal((await json<Answer>(response)).error?.code, 'unavailable')
  else await problem(response, 503, 'unavailable')
  await stopped
  blocked.resolve()
  assert.equal((await services.health()).queue.events, 0)
})
