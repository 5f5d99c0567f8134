/** Connections that are held, and bytes that are no request. The name of each function is its attack's. */
import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { type RawClient, requestText } from '../../../test/support/raw-client.ts'
import type { Attack, Attacker } from '../attacker.ts'
import { pause } from '../pause.ts'
import { KEYS } from '../run.ts'

const BATCH = '/api/stats/events/batch'
const WITH_KEY = { 'content-type': 'application/json', 'x-api-key': KEYS.hostile }
const HELD_MS = 8_000
/** After decoding: a little less than a batch may have. */
const LARGEST_BODY = 16 * 2 ** 20 - 1_000

/** A request that announces more than comes. */
const announced = (headers: Record<string, string>): string =>
  requestText('POST', BATCH, '', { ...WITH_KEY, 'content-length': '1000000', ...headers })

/** A byte now and then, on many connections. */
export const slowBodies: Attack = async attacker => {
  const clients = await connections(attacker, 20, announced({}))
  const deadline = performance.now() + HELD_MS
  while (performance.now() < deadline && !attacker.ending.aborted) {
    for (const { socket } of clients) socket.write(' ')
    await pause(500, attacker.ending)
  }
  for (const { socket } of clients) socket.destroy()
}

/** Small compressed bodies of nearly 16 MB that are never finished, so that the room for all of them is taken. */
export const hoarding: Attack = async attacker => {
  const body = gzipSync(Buffer.alloc(LARGEST_BODY, ' '))
  const head = Buffer.from(announced({ 'content-encoding': 'gzip' }))
  const clients = await connections(attacker, 8, Buffer.concat([head, body.subarray(0, -8)]))
  await pause(HELD_MS, attacker.ending)
  for (const { socket } of clients) socket.destroy()
}

/** Questions whose answers nobody reads. */
export const unreadAnswers: Attack = async attacker => {
  const questions = requestText('GET', '/api/openapi.json').repeat(50)
  const clients = await connections(attacker, 5, questions)
  for (const { socket } of clients) socket.pause()
  await pause(HELD_MS, attacker.ending)
  for (const { socket } of clients) socket.destroy()
}

/** Headers that say what is not so. */
export const forgedHeaders: Attack = async attacker => {
  const event = JSON.stringify(attacker.event())
  const forged: Record<string, string>[] = [
    { 'x-forwarded-for': '1.2.3.4, '.repeat(1_000) },
    { 'x-forwarded-for': '\x7f', 'x-real-ip': '::1', forwarded: 'for=localhost' },
    { host: 'evil.example:99999', 'x-forwarded-host': 'evil.example' },
    { 'x-request-id': 'x\ty'.repeat(100) },
    { 'idempotency-key': 'k'.repeat(10_000) },
    { 'content-encoding': 'gzip, gzip, br' },
    { 'content-length': '99999999999999999999' },
    { 'transfer-encoding': 'chunked' },
    { 'transfer-encoding': 'chunked, identity', 'content-length': '5' },
    { expect: 'an-answer' },
    { upgrade: 'websocket', connection: 'upgrade' },
    { 'x-padding': 'x'.repeat(20_000) },
    { accept: '*/*;q='.repeat(1_000), 'accept-encoding': 'gzip;q=0.00001,'.repeat(500) },
  ]
  for (const headers of forged)
    await attacker.sendRaw(requestText('POST', '/api/stats/events', event, { ...WITH_KEY, ...headers }))
}

/** Bytes of nothing, and requests in which some of the bytes are others. */
export const randomText: Attack = async attacker => {
  const whole = requestText('POST', BATCH, JSON.stringify([{}]), WITH_KEY)
  for (let i = 0; i < 10; i++) {
    await attacker.sendRaw(randomBytes(1 + attacker.random.below(2_000)))
    const spoilt = Buffer.from(whole)
    for (let n = 0; n < 3; n++) spoilt[attacker.random.below(spoilt.length)] = attacker.random.below(256)
    await attacker.sendRaw(spoilt)
  }
}

async function connections(attacker: Attacker, count: number, bytes: string | Buffer): Promise<RawClient[]> {
  const all = await Promise.all(Array.from({ length: count }, () => attacker.connect(bytes)))
  return all.filter(client => client !== undefined)
}
