/** The KPIs of the whole platform, with how many artists and tracks were played. */
import type { ExactAnswers } from '../caching/exact-answers.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { DAY_MS } from '../units.ts'
import {
  addSums,
  bound,
  COUNTED_ONCE,
  EXTENT,
  type Extent,
  extend,
  noRangeTotals,
  type RangeTotals,
  type Sums,
  sumsOf,
} from './kpi-totals.ts'
import { type KpiSettings, type KpiSource, type Kpis, kpisOf, type SeriesQuestion } from './kpis.ts'

export interface PlatformTotals extends RangeTotals {
  active: { artists: number; tracks: number }
}

/** Totals of intervals, kept for as long as they are exact. */
export type PlatformAnswers = ExactAnswers<PlatformTotals>

/**
 * How much time one statement is about, unless a single interval is longer. Listeners are counted by day, so a year of days
 * at once would need more memory than the figures may use.
 */
const MAX_SPAN_MS = 31 * DAY_MS

/** @throws ServiceError 400 as `kpisOf` */
export function overview(
  reads: Snapshot,
  kept: PlatformAnswers,
  question: SeriesQuestion,
  settings: KpiSettings,
): Promise<Kpis> {
  return kpisOf(platformSource(reads, kept), question, settings)
}

function platformSource(reads: Snapshot, kept: PlatformAnswers): KpiSource {
  const series = (points: readonly Interval[]) =>
    kept.get(reads, 'platform', points, missing => totalsOfIntervals(reads, missing))
  const range = async (interval: Interval) => (await series([interval]))[0]!
  return {
    range,
    series,
    twoRanges: async (before, after) => ({ before: await range(before), range: await range(after) }),
  }
}

/** The totals of ascending intervals. */
async function totalsOfIntervals(reads: Snapshot, intervals: readonly Interval[]): Promise<PlatformTotals[]> {
  const totals: PlatformTotals[] = []
  for (const run of runsOf(intervals)) totals.push(...(await totalsOfRun(reads, run)))
  return totals
}

/** Intervals, each of which ends where the next one begins, over at most `MAX_SPAN_MS`; or a single longer one. */
function runsOf(intervals: readonly Interval[]): Interval[][] {
  const runs: Interval[][] = []
  for (const interval of intervals) {
    const run = runs.at(-1)
    const isNext = run?.at(-1)?.to === interval.from && interval.to - run[0]!.from <= MAX_SPAN_MS
    if (run && isNext) run.push(interval)
    else runs.push([interval])
  }
  return runs
}

const PLAYS = `measure = 'plays'::measure`

/** Artists, and names that are bound to no artist. */
const OWNERS_PLAYED = `
  SELECT DISTINCT point, id
  FROM (SELECT point, coalesce(owner, key) AS id FROM played LEFT JOIN attribution USING (key)) JOIN names USING (id)
  WHERE kind IN ('artist'::entity_kind, 'name'::entity_kind)`

async function totalsOfRun(reads: Snapshot, run: readonly Interval[]): Promise<PlatformTotals[]> {
  const totals = run.map((): PlatformTotals => ({ ...noRangeTotals(), active: { artists: 0, tracks: 0 } }))
  const { tables, facts, parameters } = factsOfRun(run)
  const rows = <Row>(select: string, more: readonly string[] = []) => {
    const ctes = [...tables, ...more]
    return reads.rows<Row & { point: number }>(`${ctes.length > 0 ? `WITH ${ctes}` : ''} ${select}`, parameters)
  }
  const sums = await rows<Sums & Extent>(
    `SELECT point, ${sumsOf(COUNTED_ONCE)}, ${EXTENT} FROM (${facts}) GROUP BY ALL`,
  )
  for (const row of sums) {
    addSums(totals[row.point]!, row)
    extend(totals[row.point]!, row)
  }
  const played = (column: string) =>
    `SELECT DISTINCT point, ${column} FROM (${facts} AND ${PLAYS}) WHERE ${column} IS NOT NULL`
  const count = (of: string, more?: readonly string[]) =>
    rows<{ count: number }>(`SELECT point, count(*) AS count FROM (${of}) GROUP BY point`, more)
  for (const { point, count: listeners } of await count(played('listener'))) totals[point]!.uniqueListeners = listeners
  for (const { point, count: tracks } of await count(played('track'))) totals[point]!.active.tracks = tracks
  // Materialized, because DuckDB would else join each fact, which takes 15 times as long.
  const keys = [`played AS MATERIALIZED (${played('key')})`]
  for (const { point, count: artists } of await count(OWNERS_PLAYED, keys)) totals[point]!.active.artists = artists
  return totals
}

/**
 * SQL for the facts of a run with the place of their interval, `point`, from 0. Time is cut into equal steps, none of which
 * is in two intervals, so that the interval of a fact is found by the number of its step: days of Madrid, which may have 23
 * or 25 hours, are cut into hours.
 */
function factsOfRun(run: readonly Interval[]) {
  const [first, last] = [run[0]!, run.at(-1)!]
  const within = { from: bound(first.from), to: bound(last.to) }
  const inRange = 'instant >= $from AND instant < $to'
  if (run.length === 1) {
    return { tables: [], facts: `SELECT 0 AS point, * FROM facts WHERE ${inRange}`, parameters: within }
  }
  const boundaries = run.slice(1).map(({ from }) => from)
  const step =
    boundaries.slice(1).reduce((common, each) => divisor(common, each - boundaries[0]!), 0) || last.to - first.from
  const base = boundaries[0]! - Math.ceil((boundaries[0]! - first.from) / step) * step
  const starts: Instant[] = [base, ...boundaries]
  return {
    tables: [
      `steps AS MATERIALIZED (
      SELECT step, point::INTEGER AS point
      FROM range($steps) AS steps(step)
      ASOF JOIN (SELECT unnest($starts::BIGINT[]) AS start, unnest(range(len($starts::BIGINT[]))) AS point)
        ON step * $step + $base >= start
    )`,
    ],
    facts: `SELECT * FROM facts JOIN steps ON (instant - $base) // $step = steps.step WHERE ${inRange}`,
    parameters: {
      ...within,
      base,
      step,
      steps: Math.ceil((last.to - base) / step),
      starts: JSON.stringify(starts),
    },
  }
}

/** The greatest common divisor. */
const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))
