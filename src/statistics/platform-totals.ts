/** Totals of the platform in intervals, where each event counts once. */
import type { Snapshot } from '../storage/figures.ts'
import type { Interval } from '../storage/storage.ts'
import { JOIN_INTERVALS, lookupOf } from './interval-lookup.ts'
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

export interface PlatformTotals extends RangeTotals {
  /** How many different artists and tracks were played. */
  active: { artists: number; tracks: number }
}

/** What an interval without facts has. */
export const noPlatformTotals = (): PlatformTotals => ({ ...noRangeTotals(), active: { artists: 0, tracks: 0 } })

export const PLAYS = `measure = 'plays'::measure`

/** The artists, and names that are bound to no artist, of the keys in `played`. */
export const ACTIVE_OWNERS = `
  SELECT DISTINCT position, id
  FROM (SELECT position, coalesce(owner, key) AS id FROM played LEFT JOIN attribution USING (key)) JOIN names USING (id)
  WHERE kind IN ('artist'::entity_kind, 'name'::entity_kind)`

/** The sums of intervals; nobody is counted in them yet. */
export async function platformSums(reads: Snapshot, run: readonly Interval[]): Promise<RangeTotals[]> {
  const totals = run.map(noRangeTotals)
  const { facts, parameters } = factsOfRun(run)
  const rows = await reads.rows<Sums & Extent & { position: number }>(
    `SELECT position, ${sumsOf(COUNTED_ONCE)}, ${EXTENT} FROM (${facts}) GROUP BY ALL`,
    parameters,
  )
  for (const row of rows) {
    addSums(totals[row.position]!, row)
    extend(totals[row.position]!, row)
  }
  return totals
}

/** The totals of ascending intervals that do not overlap, in few statements. */
export async function platformTotals(reads: Snapshot, run: readonly Interval[]): Promise<PlatformTotals[]> {
  const sums = await platformSums(reads, run)
  const totals = sums.map((each): PlatformTotals => ({ ...each, active: { artists: 0, tracks: 0 } }))
  const { facts, parameters } = factsOfRun(run)
  const played = (column: string) =>
    `SELECT DISTINCT position, ${column} FROM (${facts} AND ${PLAYS}) WHERE ${column} IS NOT NULL`
  const counts = (different: string, tables = '') =>
    reads.rows<{ position: number; count: number }>(
      `${tables} SELECT position, count(*) AS count FROM (${different}) GROUP BY position`,
      parameters,
    )
  for (const { position, count } of await counts(played('listener'))) totals[position]!.uniqueListeners = count
  for (const { position, count } of await counts(played('track'))) totals[position]!.active.tracks = count
  // Materialized, because DuckDB would else join each fact, which takes 15 times as long.
  const keys = `WITH played AS MATERIALIZED (${played('key')})`
  for (const { position, count } of await counts(ACTIVE_OWNERS, keys)) totals[position]!.active.artists = count
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
