/** Streams of a service that stops: they end at once and in good order, however many there are. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { until } from '../support/http.ts'
import { RawClient, requestText } from '../support/raw-client.ts'
import { startService, temporaryFolder } from '../support/service-process.ts'

const STREAMS = 100

test('a signal ends all streams with a last event, and the service stops in good order', async (t: TestContext) => {
  const service = await startService(t, { dataDir: await temporaryFolder(t), env: { SHUTDOWN_TIMEOUT: '20' } })
  const request = requestText('GET', '/api/stats/live')
  const clients = await Promise.all(Array.from({ length: STREAMS }, () => RawClient.send(service.port, request)))
  // One of them does not read at all.
  const texts = clients.slice(1).map(client => client.rest())
  let received = 0
  for (const { socket } of clients.slice(1)) socket.once('data', () => received++)
  await until(() => received === STREAMS - 1)
  const begun = performance.now()
  assert.deepEqual(await service.end('SIGTERM'), { code: 0, signal: null })
  assert.ok(performance.now() - begun < 5_000)
  for (const text of await Promise.all(texts)) assert.match(text, /event: end\ndata: \{"reason":"shutdown"\}\n\n/)
})
