/** A catalogue client over real sockets against a scripted server. `setTimeout` and `Date` stand still between ticks. */
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net'
import { mock, type TestContext } from 'node:test'
import { CatalogueClient, type CatalogueClientOptions } from '../../src/catalogue/catalogue-client.ts'
import { CatalogueUnavailable } from '../../src/catalogue/catalogue-faults.ts'

export const ALBUM = { id: 'a1', title: 'Night Drive', artist: 'DJ Beats', artistId: 4, genre: 'Rock' }

// Once in a process: the built-in HTTP client has timers too, and must not clear one mock's timer through another mock.
mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2026, 10, 24, 12) })
export const tick = (ms: number) => mock.timers.tick(ms)

export const turn = () => new Promise(resolve => setImmediate(resolve))

/** Waits, in real time, for what real I/O brings about. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5000
  while (!condition()) {
    assert.ok(performance.now() < deadline, `never: ${condition}`)
    await turn()
  }
}

export async function listen(t: TestContext, server: Server): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A catalogue that answers as the handler says, its client, and the requests that it got. */
export async function scriptedCatalogue(
  t: TestContext,
  handler: RequestListener,
  options: Partial<CatalogueClientOptions> = {},
) {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    handler(request, response)
  })
  const seen = { connections: 0 }
  server.on('connection', () => seen.connections++)
  const url = await listen(t, server)
  t.after(() => server.closeAllConnections())
  return { client: clientOf(url, options), requests, seen }
}

export function clientOf(url: string, options: Partial<CatalogueClientOptions> = {}): CatalogueClient {
  return new CatalogueClient({ url, clock: Date.now, monotonic: Date.now, ...options })
}

/** A server that does not speak HTTP: it answers every connection with these bytes, and ends it. */
export function rawServer(t: TestContext, bytes: string): Promise<string> {
  const server = createSocketServer(socket => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(bytes))
  })
  return listen(t, server)
}

export const json = (response: ServerResponse, value: unknown) => response.end(JSON.stringify(value))

export const status = (code: number, headers: Record<string, string> = {}) => {
  return (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(code, headers).end('{"error": "x"}')
  }
}

/** The error that a call rejects with. */
export async function unavailable(answer: Promise<unknown>): Promise<CatalogueUnavailable> {
  const error = await answer.then(
    value => assert.fail(`answered ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof CatalogueUnavailable, String(error))
  return error
}

/** Waits until an attempt has failed for the `count`th time since the start, and ends the pause before the next one. */
export async function retry(client: CatalogueClient, count: number, pauseMs: number): Promise<void> {
  await until(() => client.counts.retries === count)
  tick(pauseMs)
}

/** Fails one call, through all its attempts. */
export async function failCall(client: CatalogueClient): Promise<CatalogueUnavailable> {
  const before = client.counts.retries
  const failed = unavailable(client.album('a1'))
  for (const [i, pauseMs] of [1000, 2000, 4000].entries()) await retry(client, before + i + 1, pauseMs)
  return await failed
}
