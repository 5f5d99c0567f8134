/** The first and the last event of an owner in a range of time. */
import { KEYS_OF_OWNER } from '../attribution/attribution.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { bound, EXTENT } from './kpi-totals.ts'

/** Their instants; null where the owner has no event in the range. */
export async function extentOf(
  reads: Snapshot,
  owner: number,
  { from, to }: Interval,
): Promise<{ first: Instant | null; last: Instant | null }> {
  const [extent] = await reads.rows<{ first: Instant | null; last: Instant | null }>(
    `SELECT ${EXTENT} FROM facts WHERE key IN ${KEYS_OF_OWNER} AND instant >= $from AND instant < $to`,
    { owner, from: bound(from), to: bound(to) },
  )
  return extent!
}
