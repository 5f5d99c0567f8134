/** What one event adds to the figures: its credits as facts, and its associations. A pure function of the event. */
import type { CreditedEvent } from '../attribution/credits.ts'
import type { EventFacts, Fact } from '../storage/figures.ts'
import type { Seq } from '../storage/storage.ts'

/** A skip gives no facts; its associations count like those of any other event. */
export function factsOf(seq: Seq, event: CreditedEvent): EventFacts {
  return { seq, facts: event.counted ? creditFacts(event) : [], associations: event.associations }
}

function creditFacts({ at, listener, track, credits }: CreditedEvent): Fact[] {
  return credits.map(({ key, measure, by, part, album, revenue }) => {
    const fact: Fact = { instant: at, measure, counts: by, key, part }
    // A purchase is of what the order's lines name: they name albums, no tracks.
    if (track !== undefined && measure !== 'purchases') fact.track = track
    if (album !== undefined) fact.album = album
    if (listener !== undefined) fact.listener = listener
    if (revenue) {
      fact.amount = revenue.minor
      fact.currency = revenue.currency
    }
    return fact
  })
}
