/** The figures of an owner of facts: signed sums as the facts add up, and what of them is shown. */
import { KEYS_OF_OWNER } from '../attribution/attribution.ts'
import { majorUnits } from '../events/money.ts'
import type { Measure, Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'

/** What the facts of an interval add up to: opposites subtract, so that a sum can be negative. */
export interface SignedFigures {
  counts: Record<Measure, number>
  uniqueListeners: number
  /** In minor units, by currency: sums are exact, however large. */
  revenue: Map<string, bigint>
}

/** The figures of a range of time, and when its first and its last event were; null where there is none. */
export interface RangeFigures extends SignedFigures {
  first: Instant | null
  last: Instant | null
}

/** An amount in major units; the text of the decimal where a double does not hold all of its digits. */
export type Money = number | string

/** What is shown: never below zero. */
export interface Figures {
  plays: number
  uniqueListeners: number
  likes: number
  follows: number
  purchases: number
  /** In the default currency. */
  revenue: Money
  /** Currencies with more than nothing. */
  revenueByCurrency: Record<string, Money>
}

/** The sums of one measure in one currency; of what bears no price, the currency is null. */
interface Sums {
  measure: Measure
  currency: string | null
  counts: number
  /** The digits of a whole number. */
  amount: string | null
}

/** When the first and the last event of a sum were. */
interface Extent {
  first: Instant
  last: Instant
}

// Amounts as text, for their sum may be beyond every integer that a driver gives back as a number.
// By measure, for sums with a filter for each measure cost twice as much.
const SUMS = 'measure, currency, sum(counts)::BIGINT AS counts, sum(amount)::VARCHAR AS amount'
const EXTENT = 'min(instant) AS first, max(instant) AS last'
/** Of each row of sums by measure: only plays make a listener. */
const LISTENERS = `count(DISTINCT listener) FILTER (WHERE measure = 'plays'::measure) AS listeners`

/** The figures of an owner in a range, exact to the millisecond; zeros of nobody. */
export async function rangeFigures(
  reads: Snapshot,
  owner: number | undefined,
  { from, to }: Interval,
): Promise<RangeFigures> {
  const figures = noRangeFigures()
  if (owner === undefined) return figures
  // Listeners are counted by themselves: beside the sums, of many plays the whole would take a quarter longer.
  const rows = await reads.rows<Sums & Extent & { listeners: number }>(
    `WITH own AS MATERIALIZED (
       FROM facts WHERE key IN ${KEYS_OF_OWNER} AND instant >= $from AND instant < $to
     )
     SELECT ${SUMS}, ${EXTENT}, (SELECT count(DISTINCT listener) FROM own WHERE measure = 'plays'::measure) AS listeners
     FROM own GROUP BY ALL`,
    { owner, from: bound(from), to: bound(to) },
  )
  for (const row of rows) {
    addSums(figures, row)
    extend(figures, row)
    figures.uniqueListeners = row.listeners
  }
  return figures
}

/** The figures of an owner in a range, and in one before it. */
export async function twoRangesFigures(
  reads: Snapshot,
  owner: number | undefined,
  before: Interval,
  range: Interval,
): Promise<{ before: RangeFigures; range: RangeFigures }> {
  const figures = { before: noRangeFigures(), range: noRangeFigures() }
  if (owner === undefined) return figures
  const rows = await reads.rows<Sums & Extent & { listeners: number; isBefore: boolean }>(
    `SELECT instant < $from AS "isBefore", ${SUMS}, ${EXTENT}, ${LISTENERS}
     FROM facts
     WHERE key IN ${KEYS_OF_OWNER}
       AND instant >= $beforeFrom AND instant < $to AND (instant < $beforeTo OR instant >= $from)
     GROUP BY ALL`,
    { owner, beforeFrom: bound(before.from), beforeTo: bound(before.to), from: bound(range.from), to: bound(range.to) },
  )
  for (const row of rows) {
    const of = row.isBefore ? figures.before : figures.range
    addSums(of, row)
    extend(of, row)
    of.uniqueListeners += row.listeners
  }
  return figures
}

/** The figures of an owner in each point of a series: ascending ones, each of which ends where the next one begins. */
export async function seriesFigures(
  reads: Snapshot,
  owner: number | undefined,
  points: readonly Interval[],
): Promise<SignedFigures[]> {
  const figures = new Map(points.map(({ from }) => [from, noFigures()]))
  const [first, last] = [points[0], points.at(-1)]
  if (owner === undefined || !first || !last) return [...figures.values()]
  // Materialized, as a point would else be looked for of every fact that there is, before most of them are left out.
  const rows = await reads.rows<Sums & { listeners: number; start: Instant }>(
    `WITH own AS MATERIALIZED (
       FROM facts WHERE key IN ${KEYS_OF_OWNER} AND instant >= $from AND instant < $to
     )
     SELECT start, ${SUMS}, ${LISTENERS}
     FROM own ASOF JOIN (SELECT unnest($starts::BIGINT[]) AS start) ON instant >= start
     GROUP BY ALL`,
    { owner, from: bound(first.from), to: bound(last.to), starts: JSON.stringify(points.map(({ from }) => from)) },
  )
  for (const row of rows) {
    const point = figures.get(row.start)!
    addSums(point, row)
    point.uniqueListeners += row.listeners
  }
  return [...figures.values()]
}

/** An open end as a number that is beyond all instants. */
const bound = (instant: Instant): number =>
  Math.min(Math.max(instant, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER)

function noFigures(): SignedFigures {
  return { counts: { plays: 0, likes: 0, follows: 0, purchases: 0 }, uniqueListeners: 0, revenue: new Map() }
}

const noRangeFigures = (): RangeFigures => ({ ...noFigures(), first: null, last: null })

function addSums({ counts, revenue }: SignedFigures, sums: Sums): void {
  counts[sums.measure] += sums.counts
  if (sums.currency !== null) revenue.set(sums.currency, (revenue.get(sums.currency) ?? 0n) + BigInt(sums.amount ?? 0))
}

function extend(figures: RangeFigures, { first, last }: Extent): void {
  figures.first = Math.min(figures.first ?? first, first)
  figures.last = Math.max(figures.last ?? last, last)
}

/** Clamps signed figures at zero and turns money into major units. */
export function shownFigures({ counts, uniqueListeners, revenue }: SignedFigures, defaultCurrency: string): Figures {
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
  }
}
