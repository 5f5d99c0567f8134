/** Totals of the platform over long ranges: months are counted one by one, kept, and united, since each stays as it is. */
import { ExactAnswers } from '../caching/exact-answers.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Interval } from '../storage/storage.ts'
import { DAY_MS } from '../units.ts'
import { bound, EXTENT, extend, noRangeTotals, type RangeTotals } from './kpi-totals.ts'
import { ACTIVE_OWNERS, PLAYS, type PlatformTotals, platformSums } from './platform-totals.ts'
import { seriesPoints } from './series.ts'

/** Numbers of entities or listeners, a bit each: a number is in it where its bit is set. */
type NumberSet = Uint32Array<ArrayBuffer>

interface Month {
  sums: RangeTotals
  /** Of the counted plays. */
  listeners: NumberSet
  tracks: NumberSet
  artists: NumberSet
}

/** Two years of a platform with a million listeners, tracks and artists. */
const KEPT_BYTES = 12 * 2 ** 20
const BYTES_OF_SUMS = 400
/** Fewer months are counted at once in less time. */
const FEWEST_MONTHS = 3
const MOST_MONTHS = 120

export class UnitedMonths {
  readonly #kept = new ExactAnswers<Month>({
    maxBytes: KEPT_BYTES,
    bytesOf: ({ listeners, tracks, artists }) =>
      BYTES_OF_SUMS + listeners.byteLength + tracks.byteLength + artists.byteLength,
  })

  /** The totals of a range that is a few months long, or longer; undefined for others. */
  async totalsOf(reads: Snapshot, range: Interval): Promise<PlatformTotals | undefined> {
    const parts = await partsOf(reads, range)
    if (!parts) return undefined
    const months = await this.#kept.get(reads, 'month', parts, async function* (missing) {
      for (const part of missing) yield [await monthOf(reads, part)]
    })
    return united(months)
  }
}

/** The months of UTC that a range consists of, its first and its last one cut; undefined for too few and too many. */
async function partsOf(reads: Snapshot, range: Interval): Promise<Interval[] | undefined> {
  const { from, to } = Number.isFinite(range.to - range.from) ? range : await extentOf(reads, range)
  const days = (to - from) / DAY_MS
  if (!(days > FEWEST_MONTHS * 31 && days < MOST_MONTHS * 28)) return undefined
  return seriesPoints({ from, to }, 'month', 'UTC')
}

/** The range cut to what there is: an open end has no months. */
async function extentOf(reads: Snapshot, { from, to }: Interval): Promise<Interval> {
  const [extent] = await reads.rows<{ first: number | null; last: number | null }>(
    `SELECT ${EXTENT} FROM facts WHERE instant >= $from AND instant < $to`,
    { from: bound(from), to: bound(to) },
  )
  const { first, last } = extent!
  return { from: Math.max(from, first ?? 0), to: Math.min(to, (last ?? 0) + 1) }
}

async function monthOf(reads: Snapshot, part: Interval): Promise<Month> {
  const [sums] = await platformSums(reads, [part])
  const within = { from: bound(part.from), to: bound(part.to) }
  const played = (column: string) =>
    `SELECT DISTINCT ${column} FROM facts
     WHERE ${PLAYS} AND ${column} IS NOT NULL AND instant >= $from AND instant < $to`
  const artists = `WITH played AS MATERIALIZED (SELECT 0 AS position, key FROM (${played('key')})) SELECT id FROM (${ACTIVE_OWNERS})`
  return {
    sums: sums!,
    listeners: await numbersOf(reads, played('listener'), within),
    tracks: await numbersOf(reads, played('track'), within),
    artists: await numbersOf(reads, artists, within),
  }
}

async function numbersOf(reads: Snapshot, sql: string, parameters: Record<string, number>): Promise<NumberSet> {
  let set: NumberSet = new Uint32Array(1_024)
  await reads.columns(sql, parameters, ([numbers]) => {
    for (const number of numbers!) {
      const at = number! >>> 5
      if (at >= set.length) {
        const larger: NumberSet = new Uint32Array(Math.max(at + 1, set.length * 2))
        larger.set(set)
        set = larger
      }
      set[at]! |= 1 << (number! & 31)
    }
  })
  return set
}

function united(months: readonly Month[]): PlatformTotals {
  const totals = noRangeTotals()
  for (const { sums } of months) {
    for (const measure of Object.keys(totals.counts) as (keyof typeof totals.counts)[]) {
      totals.counts[measure] += sums.counts[measure]
    }
    for (const [currency, minor] of sums.revenue) {
      totals.revenue.set(currency, (totals.revenue.get(currency) ?? 0n) + minor)
    }
    if (sums.first !== null && sums.last !== null) extend(totals, { first: sums.first, last: sums.last })
  }
  const different = (kind: 'listeners' | 'tracks' | 'artists') => sizeOfUnion(months.map(month => month[kind]))
  return {
    ...totals,
    uniqueListeners: different('listeners'),
    active: { artists: different('artists'), tracks: different('tracks') },
  }
}

function sizeOfUnion(sets: readonly NumberSet[]): number {
  const union = new Uint32Array(Math.max(...sets.map(({ length }) => length)))
  for (const set of sets) for (let i = 0; i < set.length; i++) union[i]! |= set[i]!
  return union.reduce((sum, bits) => sum + bitCount(bits), 0)
}

/** How many bits of 32 are set, by adding neighbours (Warren, 'Hacker's Delight', 5-1). */
function bitCount(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
