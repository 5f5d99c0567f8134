/** What is not HTTP, or not what the service understands of it, is answered in the form of every other error. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Problem } from '../support/http.ts'
import { RawClient, requestText } from '../support/raw-client.ts'
import { startApp } from '../support/start-app.ts'

const ALIVE = requestText('GET', '/livez')
const JSON_TYPE = { 'content-type': 'application/json' }

interface Answer {
  status: number
  headers: Headers
  body: string
}

async function start(t: TestContext) {
  const { url, log } = await startApp(t)
  const send = async (bytes: string | Buffer) => answersIn(await (await RawClient.send(portOf(url), bytes)).rest())
  return { url, log, send }
}

const portOf = (url: string) => Number(new URL(url).port)

/** All answers of a connection; each has a length. */
function answersIn(text: string): Answer[] {
  if (text === '') return []
  const end = text.indexOf('\r\n\r\n')
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = new Headers(lines.map((line): [string, string] => [line.split(': ')[0]!, line.replace(/^.*?: /, '')]))
  const bodyEnd = end + 4 + Number(headers.get('content-length'))
  const answer = { status: Number(first.split(' ')[1]), headers, body: text.slice(end + 4, bodyEnd) }
  return [answer, ...answersIn(text.slice(bodyEnd))]
}

function assertProblem(answer: Answer | undefined, status: number, code: string, where: string): void {
  assert.ok(answer, where)
  assert.equal(answer.status, status, `${where}: ${answer.body}`)
  const problem = JSON.parse(answer.body) as Problem
  assert.deepEqual([problem.status, problem.code], [status, code], where)
  assert.ok(problem.title !== 'Error' && problem.detail, where)
  assert.match(problem.requestId, /^[0-9a-f-]{36}$/, where)
  assert.equal(answer.headers.get('x-request-id'), problem.requestId, where)
  assert.equal(answer.headers.get('content-type'), 'application/problem+json', where)
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', where)
  assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/, where)
  assert.equal(answer.headers.get('connection'), 'close', where)
}

const event = (headers: string, body: string) =>
  `POST /api/stats/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${headers}\r\n${body}`

const LONG = 'a'.repeat(200_000)

const BROKEN: Record<string, [bytes: string | Buffer, status: number, code: string]> = {
  'no method': ['NONSENSE\r\n\r\n', 400, 'bad_request'],
  'HTTP/0.9': ['GET /livez\r\n\r\n', 400, 'bad_request'],
  'HTTP/2': ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'bad_request'],
  'a control character in a header': ['GET /livez HTTP/1.1\r\nhost: x\r\na: \u0001\r\n\r\n', 400, 'bad_request'],
  'a blank in the name of a header': ['GET /livez HTTP/1.1\r\nhost: x\r\na b: c\r\n\r\n', 400, 'bad_request'],
  'NUL in the path': ['GET /\0 HTTP/1.1\r\nhost: x\r\n\r\n', 400, 'bad_request'],
  'bytes beyond ASCII in the path': [Buffer.from('GET /é HTTP/1.1\r\nhost: x\r\n\r\n'), 400, 'bad_request'],
  'no host': ['GET /livez HTTP/1.1\r\n\r\n', 400, 'host_required'],
  'two lengths': [event('content-length: 3\r\ncontent-length: 4\r\n', 'abc'), 400, 'bad_request'],
  'a length beside chunks': [
    event('content-length: 3\r\ntransfer-encoding: chunked\r\n', '0\r\n\r\n'),
    400,
    'bad_request',
  ],
  'an unknown coding of the transfer': [event('transfer-encoding: magic\r\n', 'abc'), 400, 'bad_request'],
  'a chunk without a size': [event('transfer-encoding: chunked\r\n', '3\r\n{"a\r\nZZ\r\n'), 400, 'bad_request'],
  'an unknown expectation': [event('expect: magic\r\ncontent-length: 0\r\n', ''), 417, 'expectation_unknown'],
  'headers that are too large': [`GET /livez HTTP/1.1\r\nhost: x\r\na: ${LONG}\r\n\r\n`, 431, 'headers_too_large'],
  'a path that is too long': [`GET /${LONG} HTTP/1.1\r\nhost: x\r\n\r\n`, 431, 'headers_too_large'],
  'a tunnel': ['CONNECT example.org:80 HTTP/1.1\r\nhost: x\r\n\r\n', 501, 'method_unknown'],
}

test('a broken request is answered with a problem, and the connection is closed', async t => {
  const { send } = await start(t)
  for (const [what, [bytes, status, code]] of Object.entries(BROKEN)) {
    const answers = await send(bytes)
    assert.equal(answers.length, 1, what)
    assertProblem(answers[0], status, code, what)
  }
  assert.equal((await send('GET /livez HTTP/1.0\r\n\r\n'))[0]?.status, 200)
})

test('a broken request after others is answered after them', async t => {
  const { send } = await start(t)
  // The figures take longer than it takes to find the fault.
  const before = requestText('GET', '/api/stats/trending') + ALIVE
  for (const [what, [bytes, status, code]] of Object.entries(BROKEN)) {
    const answers = await send(Buffer.concat([Buffer.from(before), Buffer.from(bytes)]))
    assert.deepEqual(
      answers.map(answer => answer.status),
      [200, 200, status],
      what,
    )
    assertProblem(answers[2], status, code, what)
  }
})

test('a request that breaks after its answer gets no second answer', async t => {
  const { send } = await start(t)
  const unread = `POST /api/stats/events HTTP/1.1\r\nhost: x\r\ncontent-type: image/png\r\ntransfer-encoding: chunked\r\n\r\n`
  const answers = await send(`${unread}3\r\nabc\r\nZZ\r\n`)
  assert.ok(answers.length <= 1, JSON.stringify(answers))
})

test('a client that goes on sending can read the answer', async t => {
  const { url } = await start(t)
  const client = await RawClient.send(portOf(url), `GET /livez HTTP/1.1\r\nhost: x\r\na: ${LONG}`)
  const rest = client.rest()
  for (let i = 0; i < 50 && client.socket.writable; i++) client.socket.write(LONG)
  assertProblem(answersIn(await rest)[0], 431, 'headers_too_large', 'a client that goes on sending')
})

test('a path that cannot be decoded is answered with a problem', async t => {
  const { send } = await start(t)
  for (const path of ['/%zz', '/api/stats/artist/%ff/kpis', '/api/stats/artist/%ed%a0%80/kpis', '/%']) {
    const [answer] = await send(requestText('GET', path, '', { connection: 'close' }))
    assertProblem(answer, 400, 'bad_url', path)
  }
})

test('broken requests do not fill the log', async t => {
  const { log, send } = await start(t)
  await Promise.all(Array.from({ length: 200 }, () => send('NONSENSE\r\n\r\n')))
  const lines = log.filter(({ msg }) => String(msg).includes('broken request'))
  assert.ok(lines.length > 0 && lines.length <= 10, `${lines.length} lines`)
})

test('the service goes on, and a whole request beside a broken one is answered', async t => {
  const { url, send } = await start(t)
  await send('NONSENSE\r\n\r\n')
  const body = JSON.stringify({ eventType: 'track.played', timestamp: '2026-11-24T10:00:00Z', entityId: '1' })
  const [answer] = await send(requestText('POST', '/api/stats/events', body, { ...JSON_TYPE, connection: 'close' }))
  assert.equal(answer?.status, 202)
  assert.equal((await fetch(`${url}/livez`)).status, 200)
})
