/** What one event adds to the figures: its credits as facts, and what it names together. A pure function of the event. */
import type { CreditedEvent } from '../attribution/credits.ts'
import type { EventFacts, Fact } from '../storage/figures.ts'
import type { Seq } from '../storage/storage.ts'

/** A skip gives no facts, but it names things together, and so does an opposite. */
export function factsOf(seq: Seq, event: CreditedEvent): EventFacts {
  return { seq, facts: event.counted ? creditFacts(event) : [], associations: event.associations }
}

function creditFacts({ at, listener, track, credits }: CreditedEvent): Fact[] {
  return credits.map(({ key, measure, by, part, album, revenue }) => {
    const fact: Fact = { instant: at, measure, counts: by, key, part }
    // What is bought is what the order's lines name, not what the order itself does.
    if (track !== undefined && measure !== 'purchases') fact.track = `track:${track}`
    if (album !== undefined) fact.album = `album:${album}`
    if (listener !== undefined) fact.listener = listener
    if (revenue) {
      fact.amount = revenue.minor
      fact.currency = revenue.currency
    }
    return fact
  })
}
