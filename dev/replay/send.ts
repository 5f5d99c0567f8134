/** Sending all events, in batches, over a few connections at a time. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from './client.ts'
import type { Payload } from './payloads.ts'

const CONNECTIONS = 3
const POLL_MS = 200

export interface Sent {
  accepted: number
  duplicates: number
  /** What the service refused: how many, and the first few. */
  refused: number
  examples: string[]
}

interface BatchAnswer {
  accepted: number
  duplicates: number
  results: { index: number; id: string; status: string; message?: string }[]
}

const EXAMPLES = 10

/** Sends every event once, and again where it was not written. `onProgress` hears how many are done. */
export async function sendAll(
  client: Client,
  events: Iterable<Payload>,
  batchSize: number,
  onProgress: (done: number) => void,
): Promise<Sent> {
  const sent: Sent = { accepted: 0, duplicates: 0, refused: 0, examples: [] }
  const batches = batchesOf(events, batchSize)
  const work = async () => {
    for (const batch of batches) {
      await sendBatch(client, batch, sent)
      onProgress(sent.accepted + sent.duplicates + sent.refused)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, work))
  return sent
}

async function sendBatch(client: Client, batch: Payload[], sent: Sent): Promise<void> {
  for (let left = batch; left.length > 0; ) {
    const answer = (await client.post('/api/stats/events/batch', left)) as BatchAnswer
    sent.accepted += answer.accepted
    sent.duplicates += answer.duplicates
    for (const { id, status, message } of answer.results) {
      if (status !== 'rejected' && status !== 'conflict') continue
      if (++sent.refused <= EXAMPLES) sent.examples.push(`${id}: ${status}, ${message}`)
    }
    const again = answer.results.filter(({ status }) => status === 'unavailable').map(({ index }) => left[index]!)
    if (again.length > 0) await wait(1000)
    left = again
  }
}

/** One iterator that several loops share. */
function* batchesOf(events: Iterable<Payload>, size: number): Generator<Payload[]> {
  let batch: Payload[] = []
  for (const event of events) {
    batch.push(event)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** Resolves when the figures contain everything that was accepted. */
export async function projected(client: Client): Promise<void> {
  for (;;) {
    const { checks } = (await client.get('/healthz')) as { checks: { projector: { lag_events: number } } }
    if (checks.projector.lag_events === 0) return
    await wait(POLL_MS)
  }
}
