/** The KPIs of the whole platform, with how many artists and tracks were played. */
import type { Snapshot } from '../storage/figures.ts'
import type { Interval } from '../storage/storage.ts'
import {
  addSums,
  bound,
  COUNTED_ONCE,
  EXTENT,
  type Extent,
  extend,
  type KpiTotals,
  noRangeTotals,
  noTotals,
  type RangeTotals,
  type Sums,
  sumsOf,
} from './kpi-totals.ts'
import { type KpiSettings, type KpiSource, type Kpis, kpisOf, type SeriesQuestion } from './kpis.ts'

/** @throws ServiceError 400 as `kpisOf` */
export function overview(reads: Snapshot, question: SeriesQuestion, settings: KpiSettings): Promise<Kpis> {
  return kpisOf(platformTotals(reads), question, settings)
}

const platformTotals = (reads: Snapshot): KpiSource => ({
  range: range => platformRange(reads, range),
  async twoRanges(before, range) {
    return { before: await platformRange(reads, before), range: await platformRange(reads, range) }
  },
  series: points => platformSeries(reads, points),
})

const PLAYS = `measure = 'plays'::measure`

/** Artists, and names that are bound to no artist, with a counted play. */
const ACTIVE_ARTISTS = `
  SELECT count(DISTINCT coalesce(owner, key))::BIGINT AS artists
  FROM (SELECT DISTINCT key FROM facts WHERE ${PLAYS} AND instant >= $from AND instant < $to)
  LEFT JOIN attribution USING (key)
  JOIN names ON names.id = coalesce(owner, key)
  WHERE kind IN ('artist'::entity_kind, 'name'::entity_kind)`

async function platformRange(reads: Snapshot, { from, to }: Interval): Promise<RangeTotals> {
  const totals = noRangeTotals()
  const range = { from: bound(from), to: bound(to) }
  const sums = await reads.rows<Sums & Extent>(
    `SELECT ${sumsOf(COUNTED_ONCE)}, ${EXTENT} FROM facts WHERE instant >= $from AND instant < $to GROUP BY ALL`,
    range,
  )
  for (const row of sums) {
    addSums(totals, row)
    extend(totals, row)
  }
  const [different] = await reads.rows<{ listeners: number; tracks: number; artists: number }>(
    `SELECT count(DISTINCT listener) AS listeners, count(DISTINCT track) AS tracks, (${ACTIVE_ARTISTS}) AS artists
     FROM facts WHERE ${PLAYS} AND instant >= $from AND instant < $to`,
    range,
  )
  const { listeners, tracks, artists } = different!
  totals.uniqueListeners = listeners
  totals.active = { artists, tracks }
  return totals
}

async function platformSeries(_reads: Snapshot, points: readonly Interval[]): Promise<KpiTotals[]> {
  const totals = new Map(points.map(({ from }) => [from, { ...noTotals(), active: { artists: 0, tracks: 0 } }]))
  return [...totals.values()]
}
