/** A service that is attacked, while its memory, its event loop and the events of another client are watched. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { ServiceProcess } from './service-process.ts'

const MAX_MEMORY_MB = 450
const MAX_DELAY_MS = 200
/** The other client comes from an address of its own. */
const OTHER_ADDRESS = '127.0.0.2'
const OTHER_PAUSE_MS = 50
/** An answer may be refused now and then where a queue is full; a client that sends again gets through. */
const ATTEMPTS = 5

/**
 * Runs the attack, and meanwhile sends events from another address, one after the other. Fails where one of them does not
 * get through in five attempts, memory grows beyond 450 MB, or the delay of the main thread's event loop is beyond 200 ms
 * (99th percentile over the whole attack). `headers`: what the other client sends besides, such as its key.
 */
export async function withstand(
  t: TestContext,
  service: ServiceProcess,
  attack: () => Promise<void>,
  headers: Record<string, string> = {},
): Promise<void> {
  // Reading the delay begins a new measurement of it.
  await measured(service, 'nodejs_eventloop_lag_p99_seconds')
  let isOver = false
  const attacked = attack().finally(() => {
    isOver = true
  })
  // It is awaited below, and may fail before.
  attacked.catch(() => {})
  let sent = 0
  let memory = 0
  while (!isOver || sent < 10) {
    await sendAnother(service.port, headers)
    sent++
    memory = Math.max(memory, (await service.health()).checks.memory.rss_mb)
    await wait(OTHER_PAUSE_MS)
  }
  await attacked
  const delayMs = (await measured(service, 'nodejs_eventloop_lag_p99_seconds')) * 1000
  t.diagnostic(`${sent} events of another client; ${Math.round(memory)} MB; event loop ${Math.round(delayMs)} ms (p99)`)
  assert.ok(memory <= MAX_MEMORY_MB, `${memory} MB of memory`)
  assert.ok(delayMs <= MAX_DELAY_MS, `the event loop was held up by ${delayMs} ms`)
}

/** A measurement of `/metrics`, which needs no key. */
export async function measured({ url }: ServiceProcess, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]
  assert.ok(value, `no ${name} in ${text}`)
  return Number(value)
}

async function sendAnother(port: number, headers: Record<string, string>): Promise<void> {
  const body = JSON.stringify({
    eventId: randomUUID(),
    eventType: 'track.played',
    timestamp: new Date().toISOString(),
    userId: 'another-client',
    entityType: 'track',
    entityId: '1',
    metadata: { artistId: 'of-another-client' },
  })
  let status: number | undefined
  for (let attempt = 0; attempt < ATTEMPTS && status !== 202; attempt++) {
    if (attempt > 0) await wait(200 * attempt)
    status = await postFrom(OTHER_ADDRESS, port, body, headers)
  }
  assert.equal(status, 202, 'an event of another client did not get through')
}

/** Posts an event from this address of the loopback; gives the status. */
function postFrom(
  localAddress: string,
  port: number,
  body: string,
  headers: Record<string, string>,
): Promise<number | undefined> {
  const options = {
    host: '127.0.0.1',
    ...{ port, localAddress, method: 'POST', path: '/api/stats/events' },
    headers: { 'content-type': 'application/json', ...headers },
  }
  return new Promise((resolve, reject) => {
    const sending = request(options, answer => {
      answer.resume()
      answer.once('end', () => resolve(answer.statusCode))
    })
    sending.once('error', reject)
    sending.end(body)
  })
}
