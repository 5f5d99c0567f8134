/** Ranges whose bounds are at events, and instants at which local days begin: where an error of a millisecond shows. */
import fc from 'fast-check'
import type { IngestedEvent } from '../../src/events/event.ts'
import { instants } from './random-events.ts'

interface Edge {
  event: number
  isStart: boolean
}

export const edges: fc.Arbitrary<Edge | null> = fc.option(fc.record({ event: fc.nat(), isStart: fc.boolean() }), {
  freq: 2,
})

/** The question with a range that begins with an event, or ends one millisecond before it. */
export function withEdge<Q extends { startDate?: string | undefined; endDate?: string | undefined }>(
  question: Q,
  edge: Edge | null,
  events: readonly IngestedEvent[],
): Q {
  const event = edge && events[edge.event % events.length]?.event
  if (!event) return question
  const text = (instant: number) => new Date(instant).toISOString()
  return edge.isStart
    ? { ...question, startDate: text(event.timestamp), endDate: undefined }
    : { ...question, startDate: undefined, endDate: text(event.timestamp - 1) }
}

/** Any time, or the first instant of a day in a zone: some days after a date. */
export const nowsIn = (tz: string, dates: readonly string[], daysAfter: readonly number[]): fc.Arbitrary<number> =>
  fc.oneof(
    instants,
    fc.tuple(fc.constantFrom(...dates), fc.constantFrom(...daysAfter)).map(([date, days]) => {
      const day = Temporal.PlainDate.from(date).add({ days })
      return day.toZonedDateTime({ timeZone: tz }).epochMilliseconds
    }),
  )
