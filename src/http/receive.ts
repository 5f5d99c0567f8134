/** Takes in many events: those of a batch, those of a stream. */
import { setImmediate as yieldThread } from 'node:timers/promises'
import type { AppServices } from '../app-services.ts'
import type { ItemResult, RawEvent } from '../ingestion/raw-event.ts'
import type { Metrics } from './metrics.ts'

export type Receive = (rawEvents: readonly RawEvent[]) => Promise<ItemResult[]>

/** A function that takes events in, in order, and counts what became of them. */
export function receiver({ ingestion }: AppServices, metrics: Metrics): Receive {
  return async rawEvents => {
    const results = await ingestion.receive(rawEvents)
    for (const { status } of results) metrics.countEvent(status)
    return results
  }
}

/** Receives chunk after chunk, at most two at a time, and gives their results in order. */
export async function* receiveChunks(
  chunks: AsyncIterable<RawEvent[]> | Iterable<RawEvent[]>,
  receive: Receive,
): AsyncGenerator<ItemResult[]> {
  let earlier: Promise<ItemResult[]> | undefined
  let failure: { error: unknown } | undefined
  try {
    for await (const chunk of chunks) {
      // Messages of a thread that answers quickly are taken one after the other, and would let nobody else in between.
      await yieldThread()
      const later = receive(chunk)
      // It is reported when it is awaited, which never happens where the client has gone.
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
