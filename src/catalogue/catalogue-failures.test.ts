/** What the client does where calls fail: retries, the circuit breaker, and the limit of concurrent calls. */
import assert from 'node:assert/strict'
import type { RequestListener, ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import {
  ALBUM,
  clientOf,
  failCall,
  json,
  listen,
  retry,
  scriptedCatalogue,
  status,
  tick,
  turn,
  unavailable,
  until,
} from '../../test/support/scripted-catalogue.ts'

for (const code of [502, 503, 504]) {
  test(`the client tries ${code} again after 1, 2 and 4 seconds`, async t => {
    const times: number[] = []
    const start = Date.now()
    const { client, requests } = await scriptedCatalogue(t, (request, response) => {
      times.push(Date.now() - start)
      status(code)(request, response)
    })
    const failed = unavailable(client.album('a1'))
    for (const [i, delay] of [1000, 2000, 4000].entries()) {
      await until(() => client.counts.retries === i + 1)
      tick(delay - 1)
      await turn()
      await turn()
      assert.equal(requests.length, i + 1)
      tick(1)
    }
    const { reason, unusable } = await failed
    assert.deepEqual([reason, unusable], ['error', false])
    assert.deepEqual(times, [0, 1000, 3000, 7000])
    const { calls, failures, retries, timeouts } = client.counts
    assert.deepEqual({ calls, failures, retries, timeouts }, { calls: 1, failures: 1, retries: 3, timeouts: 0 })
    assert.equal(client.status().fail_count, 1)
  })
}

test('the client returns the answer of a later attempt', async t => {
  const { client, requests } = await scriptedCatalogue(t, (request, response) => {
    if (requests.length < 2) status(503)(request, response)
    else json(response, ALBUM)
  })
  const answer = client.album('a1')
  await retry(client, 1, 1000)
  assert.equal((await answer)?.id, 'a1')
  assert.equal(client.status().fail_count, 0)
})

const cuts: Record<string, RequestListener> = {
  'before the answer': request => request.socket.destroy(),
  'in the middle of the body': (request, response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('{"id": "a1",', () => request.socket.destroy())
  },
  'in the middle of a chunked body': (request, response) => {
    response.write('{"id": "a1",', () => request.socket.destroy())
  },
}
for (const [name, cut] of Object.entries(cuts)) {
  test(`the client tries again where the connection is cut ${name}`, async t => {
    const { client, requests } = await scriptedCatalogue(t, (request, response) => {
      if (requests.length < 2) cut(request, response)
      else json(response, ALBUM)
    })
    const answer = client.album('a1')
    await retry(client, 1, 1000)
    assert.equal((await answer)?.id, 'a1')
  })
}

test('the client tries again where no server listens', async t => {
  const server = createServer()
  const url = await listen(t, server)
  await new Promise(resolve => server.close(resolve))
  const client = clientOf(url)
  assert.equal((await failCall(client)).reason, 'error')
  assert.deepEqual([client.counts.retries, client.status().fail_count], [3, 1])
})

test('the client ends each attempt after 2 seconds, and closes its connection', async t => {
  let closed = 0
  const { client, requests } = await scriptedCatalogue(t, request => request.once('close', () => closed++))
  const failed = unavailable(client.album('a1'))
  for (const [i, delay] of [1000, 2000, 4000, 0].entries()) {
    await until(() => requests.length === i + 1)
    tick(1999)
    await turn()
    assert.equal(client.counts.timeouts, i)
    tick(1)
    await until(() => client.counts.timeouts === i + 1 && closed === i + 1)
    if (delay) await until(() => client.counts.retries === i + 1)
    tick(delay)
  }
  assert.equal((await failed).reason, 'timeout')
  assert.equal(client.status().fail_count, 1)
})

test('the client ends an attempt whose body takes too long', async t => {
  const { client, requests } = await scriptedCatalogue(
    t,
    (_request, response) => {
      if (requests.length < 2) response.write('{"id": ')
      else json(response, ALBUM)
    },
    { timeoutMs: 500 },
  )
  const answer = client.album('a1')
  await until(() => requests.length === 1)
  tick(500)
  await until(() => client.counts.retries === 1)
  assert.equal(client.counts.timeouts, 1)
  tick(1000)
  assert.equal((await answer)?.id, 'a1')
})

test('the client reports why the last attempt failed', async t => {
  const { client, requests } = await scriptedCatalogue(t, (request, response) => {
    if (requests.length > 1) status(503)(request, response)
  })
  const failed = unavailable(client.album('a1'))
  await until(() => requests.length === 1)
  tick(2000)
  for (const [i, delay] of [1000, 2000, 4000].entries()) {
    await until(() => client.counts.retries === i + 1)
    tick(delay)
  }
  assert.equal((await failed).reason, 'error')
})

test('the client waits 10 seconds for the list of artists', async t => {
  const waiting: ServerResponse[] = []
  const { client } = await scriptedCatalogue(t, (_request, response) => void waiting.push(response))
  const answer = client.artists()
  await until(() => waiting.length === 1)
  tick(9999)
  await turn()
  json(waiting[0]!, [])
  assert.deepEqual(await answer, [])
})

const closed = { state: 'Closed', fail_max: 5, reset_timeout: 30, opened_at: null }

/** An open circuit in front of a catalogue that is overloaded until the test sets another answer. */
async function broken(t: TestContext) {
  const now: { answer: RequestListener } = { answer: status(503) }
  const made = await scriptedCatalogue(t, (request, response) => now.answer(request, response))
  for (let i = 0; i < 5; i++) {
    assert.deepEqual(made.client.status(), { ...closed, fail_count: i })
    await failCall(made.client)
  }
  assert.equal(made.requests.length, 20)
  return { ...made, now }
}

test('the circuit opens after five failed calls, and then refuses without a request', async t => {
  const { client, requests } = await broken(t)
  const openedAt = new Date(Date.now()).toISOString()
  const open = { state: 'Open', fail_count: 5, fail_max: 5, reset_timeout: 30, opened_at: openedAt }
  assert.deepEqual(client.status(), open)
  tick(29_999)
  assert.equal((await unavailable(client.album('a2'))).reason, 'open')
  assert.equal((await unavailable(client.artists())).reason, 'open')
  assert.deepEqual([requests.length, client.counts.rejectedOpen], [20, 2])
  tick(1)
  assert.deepEqual(client.status(), open)
})

test('the circuit lets one trial call through after 30 seconds, refuses the others, and closes when it succeeds', async t => {
  const { client, requests, now } = await broken(t)
  const waiting: ServerResponse[] = []
  now.answer = (_request, response) => void waiting.push(response)
  tick(30_000)
  const trial = client.album('a1')
  const others = ['a2', 'a3', 'a4'].map(id => unavailable(client.album(id)))
  for (const other of others) assert.equal((await other).reason, 'open')
  await until(() => waiting.length === 1)
  assert.equal(client.status().state, 'Half-Open')
  assert.notEqual(client.status().opened_at, null)
  json(waiting[0]!, ALBUM)
  assert.equal((await trial)?.id, 'a1')
  assert.equal(requests.length, 21)
  assert.deepEqual(client.status(), { ...closed, fail_count: 0 })
})

test('the circuit opens for another 30 seconds when the trial call fails after its retries', async t => {
  const { client, requests } = await broken(t)
  tick(30_000)
  assert.equal((await failCall(client)).reason, 'error')
  assert.equal(requests.length, 24)
  const { state, fail_count, opened_at } = client.status()
  assert.deepEqual([state, fail_count, opened_at], ['Open', 6, new Date(Date.now()).toISOString()])
  tick(29_999)
  assert.equal((await unavailable(client.album('a1'))).reason, 'open')
  tick(1)
  await failCall(client)
  assert.equal(requests.length, 28)
})

const replies: Record<string, RequestListener> = {
  404: status(404),
  500: status(500),
  429: status(429),
  'an unusable answer': (_request, response) => response.end('<html>'),
}
for (const [name, reply] of Object.entries(replies)) {
  test(`the circuit closes when the trial call is answered with ${name}`, async t => {
    const { client, now } = await broken(t)
    tick(30_000)
    now.answer = reply
    await client.album('a1').catch(() => {})
    assert.deepEqual(client.status(), { ...closed, fail_count: 0 })
  })
}

test('the circuit counts only consecutive failed calls', async t => {
  const now: { answer: RequestListener } = { answer: status(503) }
  const { client } = await scriptedCatalogue(t, (request, response) => now.answer(request, response))
  for (let i = 0; i < 4; i++) await failCall(client)
  assert.equal(client.status().fail_count, 4)
  now.answer = status(404)
  assert.equal(await client.album('a1'), null)
  assert.equal(client.status().fail_count, 0)
  now.answer = status(503)
  for (let i = 0; i < 4; i++) await failCall(client)
  assert.equal(client.status().state, 'Closed')
})

test('the circuit ends calls between attempts when it opens', async t => {
  const { client, requests } = await scriptedCatalogue(t, status(503))
  const first = Array.from({ length: 5 }, () => unavailable(client.album('a1')))
  await until(() => client.counts.retries === 5)
  tick(500)
  const later = unavailable(client.album('a1'))
  await until(() => client.counts.retries === 6)
  for (const [ms, retries] of [
    [500, 11],
    [500, 12],
    [1500, 17],
    [500, 18],
  ] as const) {
    tick(ms)
    await until(() => client.counts.retries === retries)
  }
  tick(3500)
  for (const failed of first) assert.equal((await failed).reason, 'error')
  assert.equal(client.status().state, 'Open')
  tick(500)
  assert.equal((await later).reason, 'open')
  assert.equal(requests.length, 23)
})

test('the client runs 16 calls at a time, lets 500 wait, and refuses more', async t => {
  let running = 0
  let most = 0
  const { client, requests } = await scriptedCatalogue(t, (_request, response) => {
    most = Math.max(most, ++running)
    setImmediate(() => {
      running--
      json(response, { title: 'X' })
    })
  })
  const calls = await Promise.allSettled(Array.from({ length: 600 }, (_, i) => client.album(`a${i}`)))
  const refused = calls.filter(({ status }) => status === 'rejected')
  assert.equal(refused.length, 84)
  assert.ok(refused.every(call => call.status === 'rejected' && call.reason.reason === 'error'))
  assert.equal(requests.length, 516)
  assert.ok(most <= 16, String(most))
  assert.equal(client.status().fail_count, 0)
})
