/** Stopping while clients leave things undone: none of them can hold it up, and what was acknowledged is there. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { heldCatalogue, QUESTION } from '../support/held-catalogue.ts'
import { json, PLAY, postEvent, until } from '../support/http.ts'
import { RawClient, requestText } from '../support/raw-client.ts'
import { ServiceProcess, startService, temporaryFolder } from '../support/service-process.ts'

const SHUTDOWN_SECONDS = 5
const JSON_BODY = { 'content-type': 'application/json' }
const LINES = { 'content-type': 'application/x-ndjson', 'transfer-encoding': 'chunked' }
const SERIES = '/api/stats/artist/4/kpis?interval=hour&startDate=2025-11-01&endDate=2026-12-01'
const LINE = `${JSON.stringify({ ...PLAY, eventId: 'line' })}\n`

const UNDONE: Record<string, string> = {
  'nothing at all': '',
  'half a header': 'POST /api/stats/events HTTP/1.1\r\nhost: x\r\ncontent-le',
  'half a body': requestText('POST', '/api/stats/events', '{"eventType"', { ...JSON_BODY, 'content-length': '500' }),
  'half a compressed body': requestText('POST', '/api/stats/events', '\x1f\x8b', {
    ...JSON_BODY,
    'content-encoding': 'gzip',
    'content-length': '500',
  }),
  'lines without an end': `POST /api/stats/events/batch HTTP/1.1\r\nhost: x\r\n${Object.entries(LINES)
    .map(header => `${header.join(': ')}\r\n`)
    .join('')}\r\n${LINE.length.toString(16)}\r\n${LINE}\r\n`,
  'no further request': requestText('GET', '/livez'),
  'a body after its answer': requestText('POST', '/api/stats/events', 'x'.repeat(1000), {
    ...JSON_BODY,
    'content-length': '30000000',
  }),
  'half a header after a whole request': `${requestText('GET', '/livez')}GET /li`,
}

test('a stop is not held up by what clients do not send', async (t: TestContext) => {
  const dataDir = await temporaryFolder(t)
  // All at once, for a start takes a second: any of them that held up the stop would make it exceed its time.
  await stops(t, dataDir, 'undone', async service => {
    for (const bytes of Object.values(UNDONE)) await RawClient.send(service.port, bytes)
    await wasRead(service)
  })
  await assertKept(dataDir, ['undone'])
})

test('a stop is not held up by answers that nobody reads, nor by questions that nobody waits for', async (t: TestContext) => {
  const dataDir = await temporaryFolder(t)
  await stops(t, dataDir, 'unread', async service => {
    await RawClient.send(service.port, requestText('GET', SERIES).repeat(40))
    await wasRead(service)
  })
  await stops(t, dataDir, 'abandoned', async service => {
    const asking = Array.from({ length: 200 }, () => RawClient.send(service.port, requestText('GET', SERIES)))
    const clients = await Promise.all(asking)
    await wasRead(service)
    for (const { socket } of clients) socket.destroy()
  })
  await assertKept(dataDir, ['unread', 'abandoned'])
})

test('a stop answers what has come completely, and cuts it only where that takes too long', async (t: TestContext) => {
  const dataDir = await temporaryFolder(t)
  const catalogue = await heldCatalogue(t)
  for (const isReleased of [true, false]) {
    const leave = async (service: ServiceProcess) => {
      const answer = (await RawClient.send(service.port, requestText('GET', QUESTION))).rest().catch(() => '')
      await until(() => catalogue.asked() > 0)
      return async () => {
        if (isReleased) catalogue.release()
        assert.equal((await answer).startsWith('HTTP/1.1 200'), isReleased)
      }
    }
    await stops(t, dataDir, `released ${isReleased}`, leave, { CONTENT_SERVICE_URL: catalogue.url })
  }
  await assertKept(dataDir, ['released true', 'released false'])
})

/**
 * Has an event acknowledged, lets clients leave something undone, and stops the service in good order. What `leave`
 * returns happens while it is stopping.
 */
async function stops(
  t: TestContext,
  dataDir: string,
  what: string,
  leave: (service: ServiceProcess) => Promise<(() => Promise<void>) | void>,
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const service = await startService(t, { dataDir, env: { ...env, SHUTDOWN_TIMEOUT: String(SHUTDOWN_SECONDS) } })
  await json(await postEvent(service.url, { ...PLAY, eventId: what }), 202)
  const meanwhile = await leave(service)
  const [ended] = await Promise.all([service.end('SIGTERM'), meanwhile?.()])
  assert.deepEqual(ended, { code: 0, signal: null }, what)
}

/** The events that were acknowledged are in the log. */
async function assertKept(dataDir: string, ids: readonly string[]): Promise<void> {
  const service = await ServiceProcess.start({ dataDir })
  try {
    for (const eventId of ids) {
      const { duplicate } = await json(await postEvent(service.url, { ...PLAY, eventId }), 202)
      assert.equal(duplicate, true, eventId)
    }
  } finally {
    await service.end('SIGKILL')
  }
}

/** What was sent on other connections before has been read when this is answered. */
async function wasRead(service: ServiceProcess): Promise<void> {
  for (let i = 0; i < 3; i++) await fetch(`${service.url}/livez`)
}
