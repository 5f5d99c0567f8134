/** Ingests the events of a batch or of a stream of lines. */
import { setImmediate as yieldThread } from 'node:timers/promises'
import type { ItemResult, RawEvent } from '../ingestion/raw-event.ts'
import type { AppServices } from './app-services.ts'
import type { Metrics } from './metrics.ts'

export type Receive = (rawEvents: readonly RawEvent[]) => Promise<ItemResult[]>

/** Events that are validated and written at a time; more would keep other requests waiting. */
export const CHUNK_EVENTS = 500

/** A function that ingests events in their order, and counts their results. */
export function receiver({ ingestion }: AppServices, metrics: Metrics): Receive {
  return async rawEvents => {
    const results = await ingestion.receive(rawEvents)
    for (const { status } of results) metrics.countEvent(status)
    return results
  }
}

/** Ingests chunk after chunk, at most two at a time, and yields their results in order. */
export async function* receiveChunks(
  chunks: AsyncIterable<RawEvent[]> | Iterable<RawEvent[]>,
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
