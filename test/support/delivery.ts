/** A client that gives no event up: what is not acknowledged is sent again. */
import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { KnownEvent } from './known-events.ts'

/** A service that acknowledges nothing for so long will never do so again. */
const PATIENCE_MS = 60_000

export type Form = 'json' | 'gzip' | 'ndjson' | 'single'

export interface Receipt {
  /** 0: there was no answer, nobody knows what became of the events. */
  status: number
  /** The service was there, and went before it answered. */
  broken: boolean
  /** Whether the answer says after how many seconds to try again. */
  retryAfter: string | null
  /** Ids that are in the log for certain. */
  acknowledged: string[]
  accepted: number
  duplicates: number
  /** Ids that the service says it has just accepted; lines do not tell. */
  acceptedIds: string[]
}

interface BatchAnswer {
  accepted: number
  duplicates: number
  results: { index: number; id: string; status: string }[]
  /** Of lines: the service stopped reading, and told of no line after that. */
  error?: { code: string }
}

/** Sends events once, in one request. A refusal of an event fails the test: none of them is wrong. */
export async function send(url: string, events: readonly KnownEvent[], form: Form): Promise<Receipt> {
  const receipt: Receipt = {
    status: 0,
    broken: false,
    retryAfter: null,
    acknowledged: [],
    accepted: 0,
    duplicates: 0,
    acceptedIds: [],
  }
  let response: Response
  let text: string
  try {
    response = await fetch(...requestOf(url, events, form))
    text = await response.text()
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: string }
    return { ...receipt, broken: code !== 'ECONNREFUSED' }
  }
  receipt.status = response.status
  receipt.retryAfter = response.headers.get('retry-after')
  if (response.status === 503) return receipt
  assert.ok(response.ok, `${response.status} ${text}`)
  return { ...receipt, ...readReceipt(text, events, form) }
}

/** What the answer says of these events. @throws AssertionError where one was refused */
export function readReceipt(text: string, events: readonly KnownEvent[], form: Form) {
  return form === 'single' ? readSingle(text) : readBatch(text, events)
}

/** The request that sends the events: where to, and what `fetch` takes besides. */
export function requestOf(url: string, events: readonly KnownEvent[], form: Form): [string, RequestInit] {
  const payloads = events.map(({ payload }) => payload)
  const json = { 'content-type': 'application/json' }
  if (form === 'single') {
    return [`${url}/api/stats/events`, { method: 'POST', headers: json, body: JSON.stringify(payloads[0]) }]
  }
  const batch = `${url}/api/stats/events/batch`
  if (form === 'ndjson') {
    const lines = payloads.map(payload => JSON.stringify(payload)).join('\n')
    return [batch, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body: lines }]
  }
  const body = JSON.stringify(payloads)
  if (form === 'json') return [batch, { method: 'POST', headers: json, body }]
  return [batch, { method: 'POST', headers: { ...json, 'content-encoding': 'gzip' }, body: gzipSync(body) }]
}

type Acknowledgement = Pick<Receipt, 'acknowledged' | 'accepted' | 'duplicates' | 'acceptedIds'>

function readSingle(text: string): Acknowledgement {
  const { id, duplicate } = JSON.parse(text) as { id: string; duplicate?: true }
  return duplicate
    ? { acknowledged: [id], accepted: 0, duplicates: 1, acceptedIds: [] }
    : { acknowledged: [id], accepted: 1, duplicates: 0, acceptedIds: [id] }
}

function readBatch(text: string, events: readonly KnownEvent[]): Acknowledgement {
  const { accepted, duplicates, results, error } = JSON.parse(text) as BatchAnswer
  const unwritten = new Set<number>()
  const acceptedIds: string[] = []
  for (const { index, id, status } of results) {
    if (status === 'accepted') acceptedIds.push(id)
    else if (status === 'unavailable') unwritten.add(index)
    else assert.equal(status, 'duplicate', id)
  }
  // Which lines were read before that is not said.
  const told = error ? [] : events
  const acknowledged = told.filter((_, i) => !unwritten.has(i)).map(({ payload }) => payload.eventId)
  return { acknowledged, accepted, duplicates, acceptedIds }
}

function healthOf(url: string): Promise<string> {
  return fetch(`${url}/healthz`).then(response => response.text(), String)
}

/** Sends events again and again until all of them are acknowledged; gives all receipts. @throws Error there is no progress */
export async function deliver(url: string, events: readonly KnownEvent[], form: Form): Promise<Receipt[]> {
  const receipts: Receipt[] = []
  let deadline = performance.now() + PATIENCE_MS
  for (let left = events; left.length > 0; ) {
    const receipt = await send(url, left, form)
    receipts.push(receipt)
    const done = new Set(receipt.acknowledged)
    left = left.filter(({ payload }) => !done.has(payload.eventId))
    if (done.size > 0) deadline = performance.now() + PATIENCE_MS
    else if (performance.now() > deadline) throw new Error(`no progress at ${url}: ${await healthOf(url)}`)
    if (left.length > 0) await wait(Number(receipt.retryAfter ?? 0.05) * 1000)
  }
  return receipts
}
