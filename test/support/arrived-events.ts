/** Random events as they are after they arrived: only what the rules let in, normalised, and ingested. */
import fc from 'fast-check'
import type { IngestedEvent, IngestionDecision } from '../../src/events/event.ts'
import { validateBoundedEvent } from '../../src/ingestion/event-bounds.ts'
import { randomEvents } from './random-events.ts'

export const arrivedEvents = (maxLength: number): fc.Arbitrary<IngestedEvent[]> =>
  randomEvents(maxLength).map(events => events.flatMap(arrived))

function arrived({ event, decision }: IngestedEvent): IngestedEvent[] {
  const defaultCurrency = decision.currency ?? 'EUR'
  const read = validateBoundedEvent(event, { now: Infinity, defaultCurrency, playMinSeconds: 30, newId: () => '' })
  if (!read.ok) return []
  const decided: IngestionDecision = { ...(decision.skipped ? { skipped: true } : {}), ...read.decision }
  return [{ event: read.event, decision: decided }]
}

/** The same events whenever it is called. */
export function sampleEvents(maxLength: number): IngestedEvent[] {
  const [events] = fc.sample(fc.array(arrivedEvents(maxLength), { minLength: 6, maxLength: 6 }), {
    numRuns: 1,
    seed: 5,
  })
  return events!.flat()
}
