/** The KPIs of the whole platform, with how many artists and tracks were played. */
import type { ExactAnswers } from '../caching/exact-answers.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Interval } from '../storage/storage.ts'
import { DAY_MS } from '../units.ts'
import { JOIN_INTERVALS, lookupOf, runsOf } from './interval-lookup.ts'
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

/** How much time one statement reads: different listeners of each day of a year would need more memory than there is. */
const RUN_MS = 31 * DAY_MS

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

/** The totals of ascending intervals, some at a time. */
async function* totalsOfIntervals(reads: Snapshot, intervals: readonly Interval[]): AsyncGenerator<PlatformTotals[]> {
  for (const run of runsOf(intervals, RUN_MS)) yield totalsOfRun(reads, run)
}

const PLAYS = `measure = 'plays'::measure`

/** Artists, and names that are bound to no artist. */
const OWNERS_PLAYED = `
  SELECT DISTINCT position, id
  FROM (SELECT position, coalesce(owner, key) AS id FROM played LEFT JOIN attribution USING (key)) JOIN names USING (id)
  WHERE kind IN ('artist'::entity_kind, 'name'::entity_kind)`

async function totalsOfRun(reads: Snapshot, run: readonly Interval[]): Promise<PlatformTotals[]> {
  const totals = run.map((): PlatformTotals => ({ ...noRangeTotals(), active: { artists: 0, tracks: 0 } }))
  const { facts, parameters } = factsOfRun(run)
  const rows = <Row>(sql: string) => reads.rows<Row & { position: number }>(sql, parameters)
  const sums = await rows<Sums & Extent>(
    `SELECT position, ${sumsOf(COUNTED_ONCE)}, ${EXTENT} FROM (${facts}) GROUP BY ALL`,
  )
  for (const row of sums) {
    addSums(totals[row.position]!, row)
    extend(totals[row.position]!, row)
  }
  const played = (column: string) =>
    `SELECT DISTINCT position, ${column} FROM (${facts} AND ${PLAYS}) WHERE ${column} IS NOT NULL`
  const counts = (different: string, tables = '') =>
    rows<{ count: number }>(`${tables} SELECT position, count(*) AS count FROM (${different}) GROUP BY position`)
  for (const { position, count } of await counts(played('listener'))) totals[position]!.uniqueListeners = count
  for (const { position, count } of await counts(played('track'))) totals[position]!.active.tracks = count
  // Materialized, because DuckDB would else join each fact, which takes 15 times as long.
  const keys = `WITH played AS MATERIALIZED (${played('key')})`
  for (const { position, count } of await counts(OWNERS_PLAYED, keys)) totals[position]!.active.artists = count
  return totals
}

/** SQL for the facts of a run, with the position of their interval in it. */
function factsOfRun(run: readonly Interval[]) {
  const within = { from: bound(run[0]!.from), to: bound(run.at(-1)!.to) }
  const inRange = 'instant >= $from AND instant < $to'
  return run.length === 1
    ? { facts: `SELECT 0 AS position, * FROM facts WHERE ${inRange}`, parameters: within }
    : { facts: `SELECT * FROM facts ${JOIN_INTERVALS} WHERE ${inRange}`, parameters: { ...within, ...lookupOf(run) } }
}
