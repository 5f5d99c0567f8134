/** When the plays, listeners, followers and purchases of an artist first reached 10, 25, 50, 100, …, and the best periods. */
import { KEYS_OF_OWNER, ownerAskedFor } from '../attribution/attribution.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant } from '../storage/storage.ts'
import { HOUR_MS } from '../units.ts'
import { type BestPeriods, bestPeriods, EARLIEST, type HourOfPlays } from './best-periods.ts'
import { formatInstant, formatPeriod, parseRange, parseTimeZone } from './calendar.ts'

/** Listeners are different known users of counted plays; followers and purchases are net of those taken back. */
export const MILESTONE_MEASURES = ['plays', 'listeners', 'followers', 'purchases'] as const
export type MilestoneMeasure = (typeof MILESTONE_MEASURES)[number]

/** 10, 25, 50, 100, 250, 500, 1000, … beyond every number of events that a log can have. */
const MARKS = Array.from({ length: 15 }, (_, power) => [10, 25, 50].map(mark => mark * 10 ** power)).flat()

export interface MilestoneQuestion {
  artistId: string
  /** Which milestones are listed; ISO 8601, `endDate` included. Counting is always over all of time. */
  startDate?: string | undefined
  endDate?: string | undefined
  tz?: string | undefined
}

export interface Milestone {
  measure: MilestoneMeasure
  reached: number
  /** The instant of the event with which it was reached for the first time; ISO 8601 in the zone of the question. */
  at: string
}

export interface NextMilestone {
  measure: MilestoneMeasure
  /** The number now, never below zero. */
  count: number
  /** The smallest milestone that was never reached. */
  next: number
}

export interface Milestones {
  artistId: string
  /** `start/end` in ISO 8601, as of KPIs; null for all of time. */
  period: string | null
  /** Newest first. */
  items: Milestone[]
  /** One a measure. */
  next: NextMilestone[]
  best: BestPeriods
}

/** A milestone that was reached or, where `mark` is null, the number of all events. */
interface Row {
  measure: MilestoneMeasure
  mark: number | null
  /** With `mark`: when it was reached. */
  instant: Instant | null
  /** Without `mark`. */
  count: number | null
}

interface Reached {
  measure: MilestoneMeasure
  mark: number
  instant: Instant
}

/** The plays of all hours with any, as a text: a row an hour would take much longer to read. */
interface HoursRow {
  measure: 'hours'
  /** `<hour> <plays>,<hour> <plays>,…` in ascending order; null where nothing was played. Hours count from `EARLIEST`. */
  hours: string | null
}

/** Empty for an artist that nothing names. @throws ServiceError 400 for a wrong date, range or time zone */
export async function milestones(reads: Snapshot, question: MilestoneQuestion): Promise<Milestones> {
  const tz = parseTimeZone(question.tz)
  const range = parseRange(question, tz)
  const owner = await ownerAskedFor(reads, question.artistId)
  const plays = owner === undefined ? { rows: [], hours: [] } : await playRows(reads, owner)
  const rows = owner === undefined ? [] : [...plays.rows, ...(await netRows(reads, owner))]
  const reached = rows.filter((row): row is Row & Reached => row.mark !== null)
  const shown = reached.filter(({ instant }) => instant >= range.from && instant < range.to).sort(newestFirst)
  return {
    artistId: question.artistId,
    period: formatPeriod(range, tz),
    items: shown.map(({ measure, mark, instant }) => ({ measure, reached: mark, at: formatInstant(instant, tz) })),
    next: MILESTONE_MEASURES.map(measure => nextOf(measure, rows)),
    best: await bestPeriods(reads, owner, plays.hours, tz),
  }
}

/** Of milestones at one instant: by measure, the greater one first. */
function newestFirst(a: Reached, b: Reached): number {
  const byMeasure = MILESTONE_MEASURES.indexOf(a.measure) - MILESTONE_MEASURES.indexOf(b.measure)
  return b.instant - a.instant || byMeasure || b.mark - a.mark
}

function nextOf(measure: MilestoneMeasure, rows: readonly Row[]): NextMilestone {
  const own = rows.filter(row => row.measure === measure)
  const count = own.find(({ mark }) => mark === null)?.count ?? 0
  const marks = new Set(own.map(({ mark }) => mark))
  return { measure, count: Math.max(0, count), next: MARKS.find(mark => !marks.has(mark))! }
}

/** `$marks` is JSON. */
const ASKED_MARKS = '(SELECT unnest($marks::BIGINT[]))'

/**
 * The milestones of plays and listeners, and the plays by hour in ascending order. Sorting
 * a million plays takes long. So plays are summed by hour first, and only those of an hour with a milestone are sorted: where
 * there are 80 plays before an hour of 40, the milestone of 100 is its 20th play. The n-th listener is who has the n-th first play.
 */
async function playRows(reads: Snapshot, owner: number): Promise<{ rows: Row[]; hours: HourOfPlays[] }> {
  const found = await reads.rows<Row | HoursRow>(
    `WITH own AS MATERIALIZED (
       SELECT instant, listener, (instant - $earliest) // ${HOUR_MS} AS hour
       FROM facts WHERE key IN ${KEYS_OF_OWNER} AND measure = 'plays'::measure
     ),
     hours AS MATERIALIZED (SELECT hour, count(*) AS plays FROM own GROUP BY hour),
     sums AS (SELECT hour, plays, sum(plays) OVER (ORDER BY hour) - plays AS before FROM hours),
     wanted AS MATERIALIZED (
       SELECT hour, mark, mark - before AS place
       FROM sums JOIN (SELECT unnest($marks::BIGINT[]) AS mark) ON mark > before AND mark <= before + plays
     ),
     places AS (
       SELECT hour, instant, row_number() OVER (PARTITION BY hour ORDER BY instant) AS place
       FROM own WHERE hour IN (SELECT hour FROM wanted)
     ),
     firsts AS MATERIALIZED (SELECT min(instant) AS instant FROM own WHERE listener IS NOT NULL GROUP BY listener),
     listeners AS (SELECT instant, row_number() OVER (ORDER BY instant) AS mark FROM firsts)
     SELECT 'plays' AS measure, mark, instant, NULL AS count, NULL AS hours FROM places JOIN wanted USING (hour, place)
     UNION ALL
     SELECT 'listeners', mark, instant, NULL, NULL FROM listeners WHERE mark IN ${ASKED_MARKS}
     UNION ALL
     SELECT 'listeners', NULL, NULL, count(*), NULL FROM firsts
     UNION ALL
     SELECT 'plays', NULL, NULL, count(*), NULL FROM own
     UNION ALL
     SELECT 'hours', NULL, NULL, NULL, string_agg(hour || ' ' || plays, ',' ORDER BY hour) FROM hours`,
    { owner, earliest: EARLIEST, marks: JSON.stringify(MARKS) },
  )
  const isHours = (row: Row | HoursRow): row is HoursRow => row.measure === 'hours'
  return { rows: found.filter(row => !isHours(row)) as Row[], hours: hoursOf(found.find(isHours)?.hours ?? '') }
}

function hoursOf(text: string): HourOfPlays[] {
  if (text === '') return []
  return text.split(',').map(each => {
    const [hour, plays] = each.split(' ').map(Number) as [number, number]
    return { from: hour * HOUR_MS + EARLIEST, plays }
  })
}

/**
 * Followers and purchases: sums of +1 and -1 in the order of their instants, then of the log. A sum passes each number on
 * its way up, so that the first row at which it equals a milestone is the first at which it is as great.
 */
function netRows(reads: Snapshot, owner: number): Promise<Row[]> {
  return reads.rows<Row>(
    `WITH own AS MATERIALIZED (
       SELECT CASE measure WHEN 'follows'::measure THEN 'followers' ELSE 'purchases' END AS measure, instant, seq, counts
       FROM facts
       WHERE key IN ${KEYS_OF_OWNER} AND measure IN ('follows'::measure, 'purchases'::measure)
     ),
     running AS (
       SELECT measure, instant,
         sum(counts) OVER (PARTITION BY measure ORDER BY instant, seq ROWS UNBOUNDED PRECEDING)::BIGINT AS mark
       FROM own
     )
     SELECT measure, mark, min(instant) AS instant, NULL AS count FROM running WHERE mark IN ${ASKED_MARKS} GROUP BY ALL
     UNION ALL
     SELECT measure, NULL, NULL, sum(counts)::BIGINT FROM own GROUP BY measure`,
    { owner, marks: JSON.stringify(MARKS) },
  )
}
