/** Clients that hold what they have and never finish must not keep out others, nor stay for ever. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { PLAY } from '../support/http.ts'
import { RawClient } from '../support/raw-client.ts'
import { type ServiceProcess, startService, temporaryFolder } from '../support/service-process.ts'
import { withstand } from '../support/under-attack.ts'

const BATCH = '/api/stats/events/batch'
const JSON_TYPE = 'application/json'
const LINES_TYPE = 'application/x-ndjson'
const LINE = `${JSON.stringify(PLAY)}\n`
const MB = 2 ** 20
/** The service waits ten seconds, and looks every second or two. */
const PATIENCE_MS = 13_000

const head = (path: string, type: string, more: string) =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\n${more}\r\n\r\n`

/** Begins requests and does not finish them; a chunk of the body is sent. */
function hold(t: TestContext, { port }: ServiceProcess, count: number, beginning: string, body: Buffer | string) {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const client = await RawClient.send(port, beginning)
      t.after(() => client.socket.destroy())
      client.socket.write(body)
      return client
    }),
  )
}

/** What a client that does nothing more hears, and that its connection is ended in time. */
async function farewell(client: RawClient): Promise<string> {
  const said = await Promise.race([client.rest(), wait(PATIENCE_MS, 'the connection was kept', { ref: false })])
  return said
}

function chunked(body: Buffer | string): Buffer {
  const bytes = Buffer.from(body)
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
}

/** Posts from another address of the loopback; gives the status. */
async function postFrom(localAddress: string, { port }: ServiceProcess, type: string, body: string) {
  const options = { host: '127.0.0.1', port, localAddress, method: 'POST', path: BATCH }
  const sending = request({ ...options, headers: { 'content-type': type } }).end(body)
  const [response] = (await once(sending, 'response')) as [import('node:http').IncomingMessage]
  await response.toArray()
  return response.statusCode
}

/** Ten megabytes that compress as events do. */
function tenMegabytes(): Buffer {
  const event = (i: number) =>
    JSON.stringify({ ...PLAY, eventId: `${i * 7919}`, userId: `u${(i * 104_729) % 999_983}` })
  return Buffer.from(`[${Array.from({ length: 50_000 }, (_, i) => event(i)).join(',')}`)
}

test('clients that never finish hold no more than a quarter, keep out nobody, and are cut', async t => {
  const service = await startService(t, { dataDir: await temporaryFolder(t) })
  const large = tenMegabytes()
  const gzip = 'content-encoding: gzip\r\ntransfer-encoding: chunked'
  await withstand(t, service, async () => {
    const plain = head(BATCH, JSON_TYPE, `content-length: ${15 * MB}`)
    const batches = [
      ...(await hold(t, service, 4, plain, large)),
      ...(await hold(t, service, 4, head(BATCH, JSON_TYPE, gzip), chunked(gzipSync(large).subarray(0, -100)))),
    ]
    const lines = await hold(t, service, 6, head(BATCH, LINES_TYPE, 'transfer-encoding: chunked'), chunked(LINE))
    const events = await hold(t, service, 500, head('/api/stats/events', JSON_TYPE, 'content-length: 60000'), '{')
    const headers = await hold(t, service, 20, 'POST /api/stats/events HTTP/1.1\r\nx-slow: ', 'a')
    const drips = await hold(t, service, 20, head('/api/stats/events', JSON_TYPE, 'content-length: 60000'), '{')
    const dripping = setInterval(() => {
      for (const { socket } of drips) socket.write(' ')
    }, 500)
    t.after(() => clearInterval(dripping))
    const unread = await leaveUnread(t, service)
    await wait(1_000)
    const farewells = Promise.all([...batches, ...lines, ...events, ...headers, ...drips].map(farewell))
    assert.equal(await postFrom('127.0.0.3', service, JSON_TYPE, `[${LINE}]`), 200, 'a batch of another client')
    assert.equal(await postFrom('127.0.0.3', service, LINES_TYPE, LINE.repeat(9)), 200, 'lines of another client')
    const said = await farewells
    clearInterval(dripping)
    const count = (pattern: RegExp) => said.filter(text => pattern.test(text)).length
    assert.equal(count(/was kept/), 0)
    assert.ok(count(/HTTP\/1\.1 503.*of this client are under way/s) >= 6 + 2, 'batches and streams of lines')
    assert.ok(count(/HTTP\/1\.1 408.*body_timeout/s) >= 500, 'events')
    assert.doesNotMatch(await farewell(unread), /was kept/)
    assert.equal(count(/"accepted":1.*body_timeout/s), 4, 'lines that were sent are told')
  })
})

/** Sends lines that are refused, and never reads why. */
async function leaveUnread(t: TestContext, { port }: ServiceProcess): Promise<RawClient> {
  const client = await RawClient.send(port, head(BATCH, LINES_TYPE, 'transfer-encoding: chunked'))
  t.after(() => client.socket.destroy())
  client.socket.pause()
  for (let i = 0; i < 20; i++) client.socket.write(chunked('x\n'.repeat(200)))
  return client
}
