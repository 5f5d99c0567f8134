/** Ingests the items of a batch or of a stream of lines. */
import { randomUUIDv7 } from 'node:crypto'
import { setImmediate as yieldThread } from 'node:timers/promises'
import type { AppServices } from '../app-services.ts'
import { cutText } from '../cut-text.ts'
import type { Fault } from '../errors.ts'
import { KEPT_OF_CUT } from '../ingestion/dead-letters.ts'
import type { ItemResult, RawEvent } from '../ingestion/raw-event.ts'
import { StoreUnavailable } from '../storage/storage.ts'
import { MAX_EVENT_BYTES } from './body.ts'
import type { Metrics } from './metrics.ts'

/** The beginning of an item that is too long to be an event. */
interface Oversized {
  oversized: string
}

export type Item = RawEvent | Oversized

/** Items that are validated and written at a time; more would keep other requests waiting. */
export const CHUNK_ITEMS = 500

export type Receive = (items: readonly Item[]) => Promise<ItemResult[]>

/** The item of bytes that are too many for an event: as much of their text as the dead letter keeps. */
export function oversized(bytes: Buffer): Oversized {
  return { oversized: cutText(bytes.toString('utf8', 0, 4 * KEPT_OF_CUT), KEPT_OF_CUT) }
}

const TOO_LARGE: Fault = { path: '', code: 'too_large', message: `must not be longer than ${MAX_EVENT_BYTES} bytes` }

/** A function that ingests items in their order, and counts their results. */
export function receiver(services: AppServices, metrics: Metrics): Receive {
  return async items => {
    const rawEvents = items.filter((item): item is RawEvent => !('oversized' in item))
    const oversized = items.filter((item): item is Oversized => 'oversized' in item)
    const received = rawEvents.length > 0 ? (await services.ingestion.receive(rawEvents)).values() : [].values()
    const refused = oversized.length > 0 ? (await keepOversized(services, oversized)).values() : [].values()
    return items.map(item => {
      const result: ItemResult = ('oversized' in item ? refused : received).next().value!
      metrics.countEvent(result.status)
      return result
    })
  }
}

async function keepOversized(services: AppServices, items: readonly Oversized[]): Promise<ItemResult[]> {
  const receivedAt = new Date(services.clock()).toISOString()
  const letters = items.map(({ oversized }) => ({
    id: randomUUIDv7(),
    event: oversized,
    cut: true as const,
    faults: [TOO_LARGE],
    receivedAt,
  }))
  try {
    await services.deadLetters.keep(letters)
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    return letters.map(({ id }) => ({
      id,
      status: 'unavailable',
      code: 'unavailable',
      message: 'not confirmed: send it again',
    }))
  }
  const { code, message } = TOO_LARGE
  return letters.map(({ id, faults }) => ({ id, status: 'rejected', code, message, faults }))
}

/** Ingests chunk after chunk, at most two at a time, and yields their results in order. */
export async function* receiveChunks(
  chunks: AsyncIterable<Item[]> | Iterable<Item[]>,
  receive: Receive,
): AsyncGenerator<ItemResult[]> {
  let earlier: Promise<ItemResult[]> | undefined
  let failure: { error: unknown } | undefined
  try {
    for await (const chunk of chunks) {
      // A thread that answers quickly would keep this one busy with its messages, and other requests waiting.
      await yieldThread()
      const later = receive(chunk)
      // Its error is thrown where it is awaited, which never happens where the client has gone.
      later.catch(() => {})
      if (earlier) yield await earlier
      earlier = later
    }
  } catch (error) {
    failure = { error }
  }
  if (earlier) yield await earlier
  if (failure) throw failure.error
}
