/** The last 48 hours by minute: events, plays and listeners of the platform, or of an artist. */
import { KEYS_OF_OWNER, ownerAskedFor } from '../attribution/attribution.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant } from '../storage/storage.ts'
import { HOUR_MS, MINUTE_MS } from '../units.ts'
import { formatInstant } from './calendar.ts'

const HISTORY_MINUTES = (48 * HOUR_MS) / MINUTE_MS

/** Instants are ISO 8601 in UTC; `end` is excluded. */
export interface LiveMinute {
  start: string
  end: string
  /** Of any kind, each counted once. */
  events: number
  /** Of the platform each counted once; of an artist as often as it is credited, as in the KPIs. */
  plays: number
  /** Different known listeners of the plays. */
  listeners: number
}

type Counts = Pick<LiveMinute, 'events' | 'plays' | 'listeners'>

/**
 * 2,880 minutes, zeros included; the last one is that of `now`, of which events after `now` are left out. Without
 * `artistId`, the minutes of the platform.
 */
export async function liveHistory(reads: Snapshot, artistId: string | undefined, now: Instant): Promise<LiveMinute[]> {
  const last = Math.floor(now / MINUTE_MS) * MINUTE_MS
  const from = last - (HISTORY_MINUTES - 1) * MINUTE_MS
  const counts = await countsByMinute(reads, artistId, from, now)
  return Array.from({ length: HISTORY_MINUTES }, (_, minute) => {
    const start = from + minute * MINUTE_MS
    const { events, plays, listeners } = counts.get(minute) ?? { events: 0, plays: 0, listeners: 0 }
    return {
      start: formatInstant(start, 'UTC'),
      end: formatInstant(start + MINUTE_MS, 'UTC'),
      events,
      plays,
      listeners,
    }
  })
}

/** By the number of the minute after `from`; minutes without events are absent. */
async function countsByMinute(
  reads: Snapshot,
  artistId: string | undefined,
  from: Instant,
  now: Instant,
): Promise<Map<number, Counts>> {
  const owner = artistId === undefined ? undefined : await ownerAskedFor(reads, artistId)
  if (artistId !== undefined && owner === undefined) return new Map()
  const [ofWhom, once] = owner === undefined ? ['true', 'part = 0'] : [`key IN ${KEYS_OF_OWNER}`, 'true']
  const rows = await reads.rows<Counts & { minute: number }>(
    `SELECT (instant - $from) // ${MINUTE_MS} AS minute,
       count(DISTINCT seq) AS events,
       count(*) FILTER (measure = 'plays'::measure AND ${once}) AS plays,
       count(DISTINCT listener) FILTER (measure = 'plays'::measure) AS listeners
     FROM facts WHERE ${ofWhom} AND instant >= $from AND instant <= $now
     GROUP BY minute`,
    { from, now, ...(owner === undefined ? {} : { owner }) },
  )
  return new Map(rows.map(({ minute, ...counts }) => [minute, counts]))
}
