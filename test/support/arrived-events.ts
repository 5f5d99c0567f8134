/** Random events as they are after they arrived: only what the rules let in, normalised, and ruled. */
import fc from 'fast-check'
import type { RuledEvent, Ruling } from '../../src/events/event.ts'
import { validateEvent } from '../../src/events/validate.ts'
import { randomEvents } from './random-events.ts'

export const arrivedEvents = (maxLength: number): fc.Arbitrary<RuledEvent[]> =>
  randomEvents(maxLength).map(events => events.flatMap(arrived))

function arrived({ event, ruling }: RuledEvent): RuledEvent[] {
  const defaultCurrency = ruling.currency ?? 'EUR'
  const read = validateEvent(event, { now: Infinity, defaultCurrency, playMinSeconds: 30, newId: () => '' })
  if (!read.ok) return []
  const decided: Ruling = { ...(ruling.skipped ? { skipped: true } : {}), ...read.ruled.ruling }
  return [{ event: read.ruled.event, ruling: decided }]
}

/** The same events whenever it is called. */
export function sampleEvents(maxLength: number): RuledEvent[] {
  const [events] = fc.sample(fc.array(arrivedEvents(maxLength), { minLength: 6, maxLength: 6 }), {
    numRuns: 1,
    seed: 5,
  })
  return events!.flat()
}
