/** Bodies that are dear to read: much in little, nested, repeated, of odd types. The name of each function is its attack's. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import type { Attack } from '../attacker.ts'
import { oneOf } from '../run.ts'

const SINGLE = '/api/stats/events'
const BATCH = '/api/stats/events/batch'
const LINES = 'application/x-ndjson'
const JSON_TYPE = 'application/json'

/** A thousand orders of a thousand empty items each: a million facts in 8 KB. */
export const orders: Attack = async attacker => {
  const items = Array.from({ length: 1_000 }, () => ({}))
  const order = () => attacker.event({ eventType: 'order.paid', entityType: 'order', metadata: { items } })
  await attacker.sendBatch(Array.from({ length: 1_000 }, order), 200, 400, 413)
}

/** The largest orders that are allowed, and all of their items with long names: each is much to keep. */
export const largeOrders: Attack = async attacker => {
  const name = 'n'.repeat(250)
  const items = Array.from({ length: 200 }, (_, i) => ({ artist: `${name}${i}`, price: 0.99 }))
  const order = () => attacker.event({ eventType: 'order.paid', entityType: 'order', metadata: { items } })
  await attacker.sendBatch(Array.from({ length: 20 }, order), 200, 400, 413)
}

const FILLERS = ['\0', ' ', '[', '{}\n', '[],', '"', 'x\n']
const COMPRESSIONS = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync }

/** Small bodies that are very large ones when they are decoded. */
export const compressionBombs: Attack = async attacker => {
  const { random } = attacker
  for (let i = 0; i < 5; i++) {
    const encoding = oneOf(Object.keys(COMPRESSIONS) as (keyof typeof COMPRESSIONS)[], random)
    const filler = oneOf(FILLERS, random)
    const body = COMPRESSIONS[encoding](Buffer.alloc(2 ** 20 * (1 + random.below(32)), filler))
    const headers = { 'content-type': oneOf([JSON_TYPE, LINES], random), 'content-encoding': encoding }
    await attacker.send({ method: 'POST', path: oneOf([SINGLE, BATCH], random), headers, body }, 200, 400, 413, 415)
  }
}

/** Lines without anything in them, plain and compressed. */
export const newlines: Attack = async attacker => {
  const plain = Buffer.alloc(500_000, '\n')
  const headers = { 'content-type': LINES }
  await attacker.send({ method: 'POST', path: BATCH, headers, body: plain }, 200, 400, 413)
  const compressed = { ...headers, 'content-encoding': 'gzip' }
  await attacker.send({ method: 'POST', path: BATCH, headers: compressed, body: gzipSync(plain) }, 200, 400, 413)
  const rejected = gzipSync('{}\n'.repeat(200_000))
  await attacker.send({ method: 'POST', path: BATCH, headers: compressed, body: rejected }, 200, 400, 413)
}

/** Events that break a rule in each of a hundred fields with long names, so that the answer names each of them. */
export const manyFaults: Attack = async attacker => {
  const fields = Array.from({ length: 100 }, (_, i) => [`$${String(i).padEnd(255, 'x')}`, 1])
  const event = () => attacker.event({ metadata: Object.fromEntries(fields) })
  await attacker.sendBatch(Array.from({ length: 300 }, event), 200, 400, 413)
}

/** Brackets in brackets. */
export const deepJson: Attack = async attacker => {
  const headers = { 'content-type': JSON_TYPE }
  for (const depth of [1_000, 30_000, 5_000_000]) {
    const abyss = '['.repeat(depth) + ']'.repeat(depth)
    for (const body of [abyss, JSON.stringify(attacker.event({ metadata: 0 })).replace(':0}', `:{"a":${abyss}}}`)]) {
      await attacker.send({ method: 'POST', path: SINGLE, headers, body }, 400, 413)
      // An array in a batch is an item that is rejected.
      await attacker.send({ method: 'POST', path: BATCH, headers, body }, 200, 400, 413)
    }
  }
}

const ODD_TYPES = [
  '',
  'text/html',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  ';;;',
  'json',
]

/** Content types that are none of the service's, or written in another way. What it accepts has to be all there is. */
export const contentTypes: Attack = async attacker => {
  const lines = () => `${JSON.stringify(attacker.event())}\n${JSON.stringify(attacker.event())}\n`
  for (const type of ['Application/X-NDJSON', 'application/x-ndjson ; charset=utf-8', 'APPLICATION/X-NDJSON;a=b']) {
    const call = { method: 'POST', path: BATCH, headers: { 'content-type': type }, body: lines() }
    const reply = await attacker.send(call, 200, 400, 415)
    if (reply?.status !== 200) continue
    const { accepted } = JSON.parse(reply.text) as { accepted: number }
    attacker.check(accepted === 2, 'lines were lost without a word', `${type}: ${reply.text}`)
  }
  await attacker.send({ method: 'POST', path: SINGLE, headers: { 'content-type': LINES }, body: lines() }, 415)
  for (const type of ODD_TYPES) {
    const headers = { 'content-type': type }
    await attacker.send(
      { method: 'POST', path: SINGLE, headers, body: JSON.stringify(attacker.event()) },
      202,
      400,
      415,
    )
  }
}
