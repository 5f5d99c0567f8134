/** The known listeners of an artist over ranges of time: how many there are, how much they play, and what else they do. */
import { KEYS_OF_OWNER } from '../attribution/attribution.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { startOfDay } from './calendar.ts'
import { JOIN_INTERVALS, lookupOf } from './interval-lookup.ts'
import { bound } from './kpi-totals.ts'

/** What is asked of an owner's facts. */
export interface OwnerReads {
  reads: Snapshot
  owner: number
}

const PLAYS = `key IN ${KEYS_OF_OWNER} AND measure = 'plays'::measure`
const IN_RANGE = 'instant >= $from AND instant < $to'

/** The listeners of a range. */
export interface RangeListeners {
  /** How many listeners played so many times, by ascending number of plays; only numbers of which there are listeners. */
  byPlays: { plays: number; listeners: number }[]
  /** Those whose first counted play ever is in the range. */
  newListeners: number
  anonymousPlays: number
  /** For each point: the listeners whose first counted play ever is in it. */
  newInPoints: number[]
}

interface ListenersRow {
  plays: number
  isAnonymous: boolean
  /** Of the rows of points alone. */
  position: number | null
  listeners: number
  newListeners: number
}

/** The listeners of a range, and the new ones in each point of its series. */
export async function rangeListeners(
  { reads, owner }: OwnerReads,
  { from, to }: Interval,
  points: readonly Interval[],
): Promise<RangeListeners> {
  // One statement, because to group all plays by listener is most of the work. Plays after the range change nothing.
  const rows = await reads.rows<ListenersRow>(
    `WITH players AS MATERIALIZED (
       SELECT listener, min(instant) AS instant, count(*) FILTER (instant >= $from) AS plays
       FROM facts WHERE ${PLAYS} AND instant < $to
       GROUP BY listener
     )
     SELECT plays, listener IS NULL AS "isAnonymous", NULL AS position, count(*) AS listeners,
       count(*) FILTER (instant >= $from) AS "newListeners"
     FROM players WHERE plays > 0 GROUP BY ALL
     UNION ALL
     SELECT 0, false, position, 0, count(*) FROM players ${JOIN_INTERVALS} WHERE listener IS NOT NULL GROUP BY position`,
    { owner, from: bound(from), to: bound(to), ...lookupOf(points) },
  )
  const known = rows.filter(({ position, isAnonymous }) => position === null && !isAnonymous)
  const newInPoints = points.map(() => 0)
  for (const { position, newListeners } of rows) if (position !== null) newInPoints[position] = newListeners
  return {
    byPlays: known.map(({ plays, listeners }) => ({ plays, listeners })).sort((a, b) => a.plays - b.plays),
    newListeners: known.reduce((sum, row) => sum + row.newListeners, 0),
    anonymousPlays: rows.find(({ isAnonymous }) => isAnonymous)?.plays ?? 0,
    newInPoints,
  }
}

/** How many listeners each point of a series has. */
export async function listenersInPoints({ reads, owner }: OwnerReads, points: readonly Interval[]): Promise<number[]> {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) return []
  // Materialized, so that points are looked up for the plays of the owner alone.
  const rows = await reads.rows<{ position: number; listeners: number }>(
    `WITH own AS MATERIALIZED (
       SELECT instant, listener FROM facts WHERE ${PLAYS} AND ${IN_RANGE} AND listener IS NOT NULL
     )
     SELECT position, count(DISTINCT listener) AS listeners FROM own ${JOIN_INTERVALS} GROUP BY position`,
    { owner, from: first.from, to: last.to, ...lookupOf(points) },
  )
  const listeners = points.map(() => 0)
  for (const row of rows) listeners[row.position] = row.listeners
  return listeners
}

/** Of the listeners of a range: who liked, of those who followed, and of those who bought, net of what was taken back. */
export interface Reached {
  liked: number
  followed: number
  bought: number
}

export async function reached({ reads, owner }: OwnerReads, { from, to }: Interval): Promise<Reached> {
  const [row] = await reads.rows<Reached>(
    `SELECT count(*) AS liked, count(*) FILTER (follows > 0) AS followed,
       count(*) FILTER (follows > 0 AND purchases > 0) AS bought
     FROM (
       SELECT listener, sum(counts) FILTER (measure = 'follows'::measure) AS follows,
         sum(counts) FILTER (measure = 'purchases'::measure) AS purchases
       FROM facts
       WHERE key IN ${KEYS_OF_OWNER} AND measure <> 'plays'::measure AND ${IN_RANGE} AND listener IS NOT NULL
       GROUP BY listener HAVING sum(counts) FILTER (measure = 'likes'::measure) > 0
     )
     WHERE listener IN (SELECT listener FROM facts WHERE ${PLAYS} AND ${IN_RANGE})`,
    { owner, from: bound(from), to: bound(to) },
  )
  return row!
}

export const SEGMENT_DAYS = 28
/** On how many of the days a listener of a segment played, at least. */
export const SUPER_DAYS = 8
export const REGULAR_DAYS = 3

/** Listeners by the number of days on which they played. */
export interface SegmentCounts {
  super: number
  regular: number
  light: number
  /** Who played in the 28 days before and not in these. */
  lapsed: number
}

/** The segments over the 28 days in `tz` that end with `lastDay`, and these days. */
export async function segmentsUpTo(
  { reads, owner }: OwnerReads,
  lastDay: Temporal.PlainDate,
  tz: string,
): Promise<{ counts: SegmentCounts; period: Interval }> {
  const days = daysUpTo(lastDay, 2 * SEGMENT_DAYS, tz)
  const [from, to] = [days[0]!.from, days.at(-1)!.to]
  const [counts] = await reads.rows<SegmentCounts>(
    `WITH own AS MATERIALIZED (
       SELECT instant, listener FROM facts WHERE ${PLAYS} AND ${IN_RANGE} AND listener IS NOT NULL
     ), players AS (
       SELECT count(DISTINCT position) FILTER (position >= ${SEGMENT_DAYS}) AS days
       FROM own ${JOIN_INTERVALS} GROUP BY listener
     )
     SELECT count(*) FILTER (days >= ${SUPER_DAYS}) AS super,
       count(*) FILTER (days >= ${REGULAR_DAYS} AND days < ${SUPER_DAYS}) AS regular,
       count(*) FILTER (days >= 1 AND days < ${REGULAR_DAYS}) AS light,
       count(*) FILTER (days = 0) AS lapsed
     FROM players`,
    { owner, from, to, ...lookupOf(days) },
  )
  return { counts: counts!, period: { from: days[SEGMENT_DAYS]!.from, to } }
}

/** So many days of a zone up to a day, which is the last of them. */
function daysUpTo(lastDay: Temporal.PlainDate, count: number, tz: string): Interval[] {
  const starts = Array.from(
    { length: count + 1 },
    (_, i): Instant => startOfDay(lastDay.add({ days: i + 1 - count }), tz),
  )
  return starts.slice(1).map((to, i) => ({ from: starts[i]!, to }))
}
