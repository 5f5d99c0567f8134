/** Which days are held out to test models on. */
import type { Snapshot } from '../../storage/figures.ts'
import type { Instant, Seq } from '../../storage/storage.ts'
import { DAY_MS } from '../../units.ts'

const DAYS = 7
/** Of a shorter time, fewer days are held out, so that most of it stays to be learnt from. */
const SHARE = 1 / 5
const LEAST_DAYS = 2

/** The moment from which on events are held out, of events from `first` to `last`; null where they are of too short a time. */
export function heldOutFrom(first: Instant, last: Instant): Instant | null {
  if (last - first < LEAST_DAYS * DAY_MS) return null
  return Math.ceil(last - Math.min(DAYS * DAY_MS, (last - first) * SHARE))
}

/** As `heldOutFrom`, of all events up to an entry of the log. */
export async function heldOutDays(reads: Snapshot, upTo: Seq): Promise<Instant | null> {
  const [row] = await reads.rows<{ first: Instant | null; last: Instant | null }>(
    'SELECT min(instant) AS first, max(instant) AS last FROM facts WHERE seq <= $upTo',
    { upTo },
  )
  const { first, last } = row!
  return first === null || last === null ? null : heldOutFrom(first, last)
}
