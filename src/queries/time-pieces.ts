/**
 * Exact answers for intervals to the millisecond, from tables that keep quarters of an hour: the whole quarters of an
 * interval are read from the table, what is left of it at its edges from the log, folded by the same projection.
 */
import { creditEntry } from '../events/credited-entry.ts'
import type { CreditedEvent } from '../events/credits.ts'
import type { Projection } from '../projections/projection.ts'
import { type Change, type Instant, type Interval, QUARTER_MS, type Reads, type TableSpec } from '../storage/storage.ts'

/** A table, and the projection that fills it. */
export interface Source {
  projection: Projection
  table: TableSpec
}

/** An interval in pieces: its whole quarters, if any, and at most two edges, each within one quarter. */
interface Cut {
  quarters: Interval | null
  edges: Interval[]
}

/** Cuts an interval; one inside a single quarter has only an edge, an empty one nothing. */
export function cut({ from, to }: Interval): Cut {
  const first = Math.ceil(from / QUARTER_MS) * QUARTER_MS
  const last = Math.floor(to / QUARTER_MS) * QUARTER_MS
  if (first > last) return { quarters: null, edges: from < to ? [{ from, to }] : [] }
  const edges = [
    { from, to: first },
    { from: last, to },
  ]
  return { quarters: first < last ? { from: first, to: last } : null, edges: edges.filter(edge => edge.from < edge.to) }
}

/**
 * The sum (or maximum) per field over `keys` for each interval. Intervals are disjoint and ascending.
 * @param edges the events at the edges, from `readEdges` for the same intervals.
 */
export async function sumsOver(
  reads: Reads,
  source: Source,
  keys: readonly string[],
  intervals: readonly Interval[],
  edges: readonly EdgeEvent[],
): Promise<Map<string, number>[]> {
  const { at, quarters } = wholeQuarters(intervals)
  const results = intervals.map(() => new Map<string, number>())
  const read = quarters.length > 0 ? await reads.sums(source.table.name, keys, quarters) : []
  for (const [i, sums] of read.entries()) results[at[i]!] = new Map(sums)
  eachEdgeChange(source, keys, edges, (index, change) => applyChange(results[index]!, change))
  return results
}

/** How many members the union of the keys' sets has in each interval. Parameters as for `sumsOver`. */
export async function distinctOver(
  reads: Reads,
  source: Source,
  keys: readonly string[],
  intervals: readonly Interval[],
  edges: readonly EdgeEvent[],
): Promise<number[]> {
  const { at, quarters } = wholeQuarters(intervals)
  const members = intervals.map(() => new Set<string>())
  eachEdgeChange(source, keys, edges, (index, change) => members[index]!.add(change.field))
  const results = members.map(set => set.size)
  if (quarters.length === 0) return results
  const also = at.map(index => members[index]!)
  const read = await reads.distinct(source.table.name, keys, quarters, also)
  for (const [i, count] of read.entries()) results[at[i]!] = count
  return results
}

/** An event in an edge of the interval at `index`. */
export interface EdgeEvent {
  index: number
  event: CreditedEvent
}

/** The events with a credit to one of `subjects` in the edges of disjoint ascending intervals, in the log's order. */
export async function readEdges(
  reads: Reads,
  intervals: readonly Interval[],
  subjects: ReadonlySet<string>,
): Promise<EdgeEvent[]> {
  const found: EdgeEvent[] = []
  for (const run of runs(intervals)) {
    for await (const event of loggedEvents(reads, { from: run[0]!.from, to: run.at(-1)!.to }, subjects)) {
      found.push({ index: run.find(edge => event.at < edge.to)!.index, event })
    }
  }
  return found
}

/** The events of the log in an interval that credit one of `subjects`, or all that are counted, in the log's order. */
export async function* loggedEvents(
  reads: Reads,
  interval: Interval,
  subjects?: ReadonlySet<string>,
): AsyncGenerator<CreditedEvent> {
  for await (const entry of reads.logBetween(interval)) {
    const credited = creditEntry(entry)
    if (!credited.ok) continue
    const { event } = credited
    if (!subjects || event.credits.some(({ subject }) => subjects.has(subject))) yield event
  }
}

/** Adds a change to the sums of its field. */
export function applyChange(sums: Map<string, number>, change: Change): void {
  const before = sums.get(change.field)
  if (change.op === 'increment') sums.set(change.field, (before ?? 0) + change.by)
  if (change.op === 'max') sums.set(change.field, Math.max(before ?? Number.NEGATIVE_INFINITY, change.at))
}

function eachEdgeChange(
  { projection, table }: Source,
  keys: readonly string[],
  edges: readonly EdgeEvent[],
  visit: (index: number, change: Change) => void,
): void {
  const wanted = new Set(keys)
  for (const { index, event } of edges) {
    for (const change of projection.fold(event)) {
      if (change.table === table.name && wanted.has(change.key)) visit(index, change)
    }
  }
}

/** The quarters of the intervals that have any, each with the position of its interval. */
function wholeQuarters(intervals: readonly Interval[]): { at: number[]; quarters: Interval[] } {
  const at: number[] = []
  const quarters: Interval[] = []
  for (const [i, interval] of intervals.entries()) {
    const whole = cut(interval).quarters
    if (!whole) continue
    at.push(i)
    quarters.push(whole)
  }
  return { at, quarters }
}

type Edge = Interval & { index: number }

/** Edges grouped into runs without gaps: where zones' hours begin inside a quarter, one read serves two points. */
function runs(intervals: readonly Interval[]): Edge[][] {
  const groups: Edge[][] = []
  let end: Instant = Number.NaN
  for (const [index, interval] of intervals.entries()) {
    for (const edge of cut(interval).edges) {
      if (edge.from === end) groups.at(-1)!.push({ ...edge, index })
      else groups.push([{ ...edge, index }])
      end = edge.to
    }
  }
  return groups
}
