/** An entry of the log that no figure can contain becomes a dead letter, so that somebody sees it. */
import { readEntry } from '../attribution/credited-entry.ts'
import { cutText } from '../cut-text.ts'
import type { Fault } from '../errors.ts'
import { MAX_CHARACTERS } from '../events/bounds.ts'
import type { Instant, StoredEntry } from '../storage/storage.ts'
import { KEPT_CHARACTERS } from './raw-event.ts'

export interface SetAside {
  entry: StoredEntry
  fault: Fault
}

/**
 * Keeps entries as set aside; durable when it resolves. The projector calls it before the checkpoint passes them, and
 * again for the same ones after a crash or in a rebuild. @throws StoreUnavailable
 */
export type KeepSetAside = (found: readonly SetAside[]) => Promise<void>

/** The dead letter of an entry that was set aside at `now`: the log does not keep when the entry arrived. */
export function setAsideLetter({ entry, fault }: SetAside, now: Instant) {
  return { id: entry.id, event: eventOf(entry), faults: [fault], receivedAt: new Date(now).toISOString() }
}

/** The event as a client would send it; the text of the entry where it is no event, or its beginning where it is too long. */
function eventOf(entry: StoredEntry): unknown {
  if (entry.content.length > MAX_CHARACTERS) return cutText(entry.content, KEPT_CHARACTERS)
  const ingested = readEntry(entry)
  if (ingested === null) return entry.content
  const time = new Date(entry.timestamp)
  // Beyond the year 275760 there is no date.
  return { ...ingested.event, timestamp: Number.isNaN(time.getTime()) ? entry.timestamp : time.toISOString() }
}
