/** Totals of the facts of an artist, an album or a track over ranges of time: signed sums, and the KPIs that are shown of them. */
import { KEYS_OF_OWNER } from '../attribution/attribution.ts'
import { majorUnits } from '../events/money.ts'
import type { Measure, Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { JOIN_INTERVALS, lookupOf } from './interval-lookup.ts'

/** The sums of the facts of an interval. Opposites subtract, so that a sum can be negative. */
export interface KpiTotals {
  counts: Record<Measure, number>
  uniqueListeners: number
  /** In minor units, by currency: sums are exact, however large. */
  revenue: Map<string, bigint>
  /** Of the whole platform: how many different artists and tracks were played. */
  active?: { artists: number; tracks: number }
}

/** Whose facts are summed. */
export interface Subject {
  /** SQL that is true of the facts of the subject. */
  filter: string
  parameters: Readonly<Record<string, number>>
  /** SQL for what a fact adds to the number of its measure. */
  counts: string
}

/** All that is credited to an owner; an event counts for each of its credits. */
export const ofOwner = (owner: number): Subject => ({
  filter: `key IN ${KEYS_OF_OWNER}`,
  parameters: { owner },
  counts: 'sum(counts)',
})

/** All that names an album or a track; an event counts once, however many artists it credits. */
export const ofRelease = (kind: 'album' | 'track', id: number): Subject => ({
  filter: `${kind} = $id::INTEGER`,
  parameters: { id },
  counts: COUNTED_ONCE,
})

/** Revenue is split among the credits of an event, and so it is summed over all of them. */
export const COUNTED_ONCE = 'coalesce(sum(counts) FILTER (part = 0), 0)'

/** The totals of a range of time, and the instants of its first and its last event; null where there is none. */
export interface RangeTotals extends KpiTotals {
  first: Instant | null
  last: Instant | null
}

/** An amount in major units, 9.99; a decimal string where a double does not hold all of its digits. */
export type Money = number | string

/** What clients see: numbers of events, listeners and money, never below zero. */
export interface KpiValues {
  plays: number
  uniqueListeners: number
  likes: number
  follows: number
  purchases: number
  /** In the default currency. */
  revenue: Money
  /** By ISO 4217 code; only currencies with more than zero. */
  revenueByCurrency: Record<string, Money>
  /** Of the whole platform: how many different artists and tracks were played. */
  activeArtists?: number
  activeTracks?: number
}

/** One row: the sums of one measure in one currency; the currency is null for facts without a price. */
export interface Sums {
  measure: Measure
  currency: string | null
  counts: number
  /** In minor units, as the digits of a whole number; null where no fact has a price. */
  amount: string | null
}

/** The instants of the first and the last event of a sum. */
export interface Extent {
  first: Instant
  last: Instant
}

// Amounts are texts because their sum may be beyond the integers that the driver returns as numbers. There is one row a
// measure because a filtered sum for each measure costs twice as much.
export const sumsOf = (counts: string): string =>
  `measure, currency, ${counts}::BIGINT AS counts, sum(amount)::VARCHAR AS amount`
export const EXTENT = 'min(instant) AS first, max(instant) AS last'
/** Different users of the row's plays: zero in the rows of other measures. */
const LISTENERS = `count(DISTINCT listener) FILTER (WHERE measure = 'plays'::measure) AS listeners`

/** The totals of a subject in a range, exact to the millisecond; zeros where it is undefined. */
export async function rangeTotals(
  reads: Snapshot,
  subject: Subject | undefined,
  { from, to }: Interval,
): Promise<RangeTotals> {
  const totals = noRangeTotals()
  if (!subject) return totals
  // Listeners are counted in a query of their own: beside the sums, many plays take a quarter longer.
  const rows = await reads.rows<Sums & Extent & { listeners: number }>(
    `WITH own AS MATERIALIZED (
       FROM facts WHERE ${subject.filter} AND instant >= $from AND instant < $to
     )
     SELECT ${sumsOf(subject.counts)}, ${EXTENT}, (SELECT count(DISTINCT listener) FROM own WHERE measure = 'plays'::measure) AS listeners
     FROM own GROUP BY ALL`,
    { ...subject.parameters, from: bound(from), to: bound(to) },
  )
  for (const row of rows) {
    addSums(totals, row)
    extend(totals, row)
    totals.uniqueListeners = row.listeners
  }
  return totals
}

/** The totals of a subject in a range, and in an earlier one. */
export async function totalsOfTwoRanges(
  reads: Snapshot,
  subject: Subject | undefined,
  before: Interval,
  range: Interval,
): Promise<{ before: RangeTotals; range: RangeTotals }> {
  if (before.to > range.from) {
    return { before: await rangeTotals(reads, subject, before), range: await rangeTotals(reads, subject, range) }
  }
  const totals = { before: noRangeTotals(), range: noRangeTotals() }
  if (!subject) return totals
  const rows = await reads.rows<Sums & Extent & { listeners: number; isBefore: boolean }>(
    `SELECT instant < $from AS "isBefore", ${sumsOf(subject.counts)}, ${EXTENT}, ${LISTENERS}
     FROM facts
     WHERE ${subject.filter}
       AND instant >= $beforeFrom AND instant < $to AND (instant < $beforeTo OR instant >= $from)
     GROUP BY ALL`,
    {
      ...subject.parameters,
      beforeFrom: bound(before.from),
      beforeTo: bound(before.to),
      from: bound(range.from),
      to: bound(range.to),
    },
  )
  for (const row of rows) {
    const of = row.isBefore ? totals.before : totals.range
    addSums(of, row)
    extend(of, row)
    of.uniqueListeners += row.listeners
  }
  return totals
}

/** The totals of a subject in each point of a series. Points ascend, and each ends where the next one begins. */
export async function seriesTotals(
  reads: Snapshot,
  subject: Subject | undefined,
  points: readonly Interval[],
): Promise<KpiTotals[]> {
  const totals = points.map(noTotals)
  const [first, last] = [points[0], points.at(-1)]
  if (!subject || !first || !last) return totals
  // Materialized, because DuckDB would else look for the point of every fact of all subjects before it filters them.
  const rows = await reads.rows<Sums & { listeners: number; position: number }>(
    `WITH own AS MATERIALIZED (
       FROM facts WHERE ${subject.filter} AND instant >= $from AND instant < $to
     )
     SELECT position, ${sumsOf(subject.counts)}, ${LISTENERS}
     FROM own ${JOIN_INTERVALS}
     GROUP BY ALL`,
    { ...subject.parameters, from: bound(first.from), to: bound(last.to), ...lookupOf(points) },
  )
  for (const row of rows) {
    const point = totals[row.position]!
    addSums(point, row)
    point.uniqueListeners += row.listeners
  }
  return totals
}

/** A finite bound: an open end becomes an integer beyond all instants. */
export const bound = (instant: Instant): number =>
  Math.min(Math.max(instant, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER)

function noTotals(): KpiTotals {
  return { counts: { plays: 0, likes: 0, follows: 0, purchases: 0 }, uniqueListeners: 0, revenue: new Map() }
}

export const noRangeTotals = (): RangeTotals => ({ ...noTotals(), first: null, last: null })

export function addSums({ counts, revenue }: KpiTotals, sums: Sums): void {
  counts[sums.measure] += sums.counts
  if (sums.currency !== null) revenue.set(sums.currency, (revenue.get(sums.currency) ?? 0n) + BigInt(sums.amount ?? 0))
}

export function extend(totals: RangeTotals, { first, last }: Extent): void {
  totals.first = Math.min(totals.first ?? first, first)
  totals.last = Math.max(totals.last ?? last, last)
}

/** The totals as clients see them: nothing below zero, money in major units. */
export function shownKpis({ counts, uniqueListeners, revenue, active }: KpiTotals, defaultCurrency: string): KpiValues {
  const revenueByCurrency: Record<string, Money> = {}
  for (const currency of [...revenue.keys()].sort()) {
    const minor = revenue.get(currency)!
    if (minor > 0n) revenueByCurrency[currency] = majorUnits(minor, currency)
  }
  return {
    plays: Math.max(0, counts.plays),
    uniqueListeners,
    likes: Math.max(0, counts.likes),
    follows: Math.max(0, counts.follows),
    purchases: Math.max(0, counts.purchases),
    revenue: revenueByCurrency[defaultCurrency] ?? 0,
    revenueByCurrency,
    ...(active && { activeArtists: active.artists, activeTracks: active.tracks }),
  }
}
