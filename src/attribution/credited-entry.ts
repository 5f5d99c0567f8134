/** An entry of the log as the projections take it: its credits, or why no figure can contain it. */
import type { Fault } from '../errors.ts'
import { EVENT_TYPES, fromLogEntry, type IngestedEvent } from '../events/event.ts'
import type { Instant, Interval, StoredEntry } from '../storage/storage.ts'
import { type CreditedEvent, countCredits, creditEvent } from './credits.ts'

/**
 * The years 0 to 7710: what is later, such as 9999-12-31, is a way to write 'never'. The bound is that of earlier
 * versions, so that what they set aside stays set aside.
 */
const COUNTABLE: Interval = {
  from: Date.parse('0000-01-01T00:00:00Z'),
  to: Date.parse('7711-01-01T00:00:00Z'),
}

/**
 * What an entry may hold to be counted: far more than an event may that arrives, for earlier versions accepted orders of
 * 1,000 items and, in dumps, events of a million characters. What has more is set aside, so that no single entry can take
 * all memory: ten thousand credits take some 5 MB while they are counted.
 */
export const MAX_COUNTED_CREDITS = 10_000
const MAX_COUNTED_CHARACTERS = 2 ** 20

/** The code of the fault of every entry that is set aside. */
export const UNPROJECTABLE = 'unprojectable'

export type CreditedEntry = { ok: true; event: CreditedEvent } | { ok: false; fault: Fault }

/**
 * The credits of an entry. What the log holds was validated on arrival, but perhaps by another version's rules: one entry
 * that this version can't count must not stop the others. A pure function of the entry, so that a rebuild, another
 * instance and `verify` set the same entries aside.
 */
export function creditEntry(entry: StoredEntry): CreditedEntry {
  const { from, to } = COUNTABLE
  if (!(Number.isInteger(entry.timestamp) && entry.timestamp >= from && entry.timestamp < to)) {
    return setAside('timestamp', `must lie in the years ${yearOf(from)} to ${yearOf(to - 1)} to be counted`)
  }
  if (entry.content.length > MAX_COUNTED_CHARACTERS) {
    return setAside('metadata', `must have at most ${MAX_COUNTED_CHARACTERS} characters to be counted`)
  }
  const ingested = readEntry(entry)
  if (ingested === null) return setAside('', 'is no event that this version of the service can read')
  if (!EVENT_TYPES.includes(ingested.event.eventType)) {
    return setAside('eventType', `must be one of ${EVENT_TYPES.join(', ')}`)
  }
  try {
    if (countCredits(ingested.event) > MAX_COUNTED_CREDITS) {
      return setAside('metadata.items', `must credit at most ${MAX_COUNTED_CREDITS} artists altogether to be counted`)
    }
    const event = creditEvent(ingested)
    const isMoneyExact = event.credits.every(({ revenue }) => !revenue || Number.isSafeInteger(revenue.minor))
    return isMoneyExact ? { ok: true, event } : setAside('metadata', 'must hold prices that are exact in minor units')
  } catch (error) {
    return setAside('metadata', `gives no credits: ${(error as Error).message}`)
  }
}

/** The event of an entry, whether it can be counted or not; null where its content is no event at all. */
export function readEntry(entry: StoredEntry): IngestedEvent | null {
  try {
    const ingested = fromLogEntry(entry)
    const { eventType, entityId, entityType = '', userId = '' } = ingested.event
    return [eventType, entityId, entityType, userId].every(field => typeof field === 'string') ? ingested : null
  } catch {
    return null
  }
}

function setAside(path: string, message: string): CreditedEntry {
  return { ok: false, fault: { path, code: UNPROJECTABLE, message } }
}

const yearOf = (instant: Instant): number => new Date(instant).getUTCFullYear()
