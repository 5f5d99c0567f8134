/** Clients that leave in the middle of a body: no fault of the service, whose log calls none one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { json, PLAY, postEvent, until } from '../support/http.ts'
import { RawClient } from '../support/raw-client.ts'
import { startApp } from '../support/start-app.ts'

const HALF = Buffer.from(`[${JSON.stringify(PLAY)},`)
const LINES = 'application/x-ndjson'
const KINDS = [
  { path: '/api/stats/events', type: 'application/json', body: HALF },
  { path: '/api/stats/events/batch', type: 'application/json', body: HALF },
  { path: '/api/stats/events/batch', type: 'application/json', body: gzipSync(HALF).subarray(0, 40), encoding: 'gzip' },
  { path: '/api/stats/events/batch', type: LINES, body: HALF },
  { path: '/api/stats/events/batch', type: LINES, body: gzipSync(HALF).subarray(0, 40), encoding: 'gzip' },
  { path: '/api/stats/dead-letters/replay', type: 'application/json', body: HALF },
  { path: '/api/stats/alerts', type: 'application/json', body: HALF },
]

const ALL = KINDS.flatMap(kind => [
  { ...kind, isReset: true },
  { ...kind, isReset: false },
])

test('a client that leaves in the middle of a body is logged as a wrong request, not as a failure', async t => {
  const { url, log } = await startApp(t)
  const port = Number(new URL(url).port)
  for (const { path, type, body, encoding, isReset } of ALL) {
    const head = [
      `POST ${path} HTTP/1.1`,
      ...['host: x', 'content-length: 5000', `content-type: ${type}`],
      ...(encoding ? [`content-encoding: ${encoding}`] : []),
    ]
    const client = await RawClient.send(port, Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]))
    // The answers before it show that the half has been read.
    for (let i = 0; i < 3; i++) await json(await postEvent(url, PLAY), 202)
    if (isReset) client.socket.resetAndDestroy()
    else client.socket.destroy()
  }
  await until(() => log.some(({ status }) => status === 400))
  // What is logged comes within a second, with the number of those left out.
  await wait(1200)
  assert.deepEqual(
    log.filter(({ level }) => Number(level) >= 40),
    [],
  )
  assert.doesNotMatch(await (await fetch(`${url}/metrics`)).text(), /status="5\d\d"/)
})
