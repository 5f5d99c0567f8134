/**
 * Ranking very many keys of which few are shown: columns of numbers are compared in place, and a key is resolved only
 * where it is shown or decides a tie. More is better, then the more recent, then the smaller id.
 */
import type { Instant, Totals } from '../storage/storage.ts'

/** What was counted for one key in the window (0) and in the one before (1). */
export interface Tally {
  counts: [number, number]
  /** `-Infinity` where nothing was counted. */
  latest: [Instant, Instant]
}

/** Totals of two windows, with tallies that take the place of their row (if there is one). */
export interface Board {
  totals: Omit<Totals, 'rowOf'>
  overrides: ReadonlyMap<string, { row: Tally | undefined; tally: Tally }>
  /** The last tie-break. */
  compareKeys: (a: string, b: string) => number
}

export interface Ranked extends Tally {
  key: string
  value: number
}

interface Standing {
  value: number
  latest: Instant
}

/** Negative where `a` comes before `b`. */
function compareStandings(a: Standing, b: Standing): number {
  if (a.value !== b.value) return b.value - a.value
  return a.latest === b.latest ? 0 : b.latest > a.latest ? 1 : -1
}

/** The best `limit` keys with a value above zero, best first; the value is made from the counts of both windows. */
export function bestOf(
  { totals, overrides, compareKeys }: Board,
  rate: (count: number, previousCount: number) => number,
  limit: number,
): Ranked[] {
  const values = new Float64Array(totals.length)
  for (let i = 0; i < values.length; i++) values[i] = rate(totals.sums[0]![i]!, totals.sums[1]![i]!)
  const ranked: Ranked[] = []
  // Overridden rows may be among the best: with that many more, enough are left.
  for (const row of bestRows(values, totals.latest[0]!, limit + overrides.size)) {
    const key = totals.key(row)
    if (!overrides.has(key)) ranked.push({ key, value: values[row]!, ...tallyOf(totals, row) })
  }
  for (const [key, { tally }] of overrides) {
    const value = rate(...tally.counts)
    if (value > 0) ranked.push({ key, value, ...tally })
  }
  const standing = ({ value, latest }: Ranked): Standing => ({ value, latest: latest[0] })
  ranked.sort((a, b) => compareStandings(standing(a), standing(b)) || compareKeys(a.key, b.key))
  return ranked.slice(0, limit)
}

export function tallyOf({ sums, latest }: Pick<Totals, 'sums' | 'latest'>, row: number): Tally {
  return { counts: [sums[0]![row]!, sums[1]![row]!], latest: [latest[0]![row]!, latest[1]![row]!] }
}

/** The rows above zero of which none is worse than the best `limit`-th: so many, and all that tie with it. */
function bestRows(values: Float64Array, latest: Float64Array, limit: number): number[] {
  const rows: number[] = []
  for (let row = 0; row < values.length; row++) if (values[row]! > 0) rows.push(row)
  if (rows.length <= limit) return rows
  const least = nthGreatest(rows, values, limit)
  const above = rows.filter(row => values[row]! > least)
  const level = rows.filter(row => values[row]! === least)
  const oldest = nthGreatest(level, latest, limit - above.length)
  return above.concat(level.filter(row => latest[row]! >= oldest))
}

function nthGreatest(rows: readonly number[], column: Float64Array, n: number): number {
  const sorted = Float64Array.from(rows, row => column[row]!).sort()
  return sorted[sorted.length - n]!
}

/** The rank that each of a few keys has by count in the window before; null for what had nothing there. */
export function previousRanks({ totals, overrides, compareKeys }: Board, ranked: readonly Ranked[]): (number | null)[] {
  const targets = ranked
    .filter(({ counts }) => counts[1] > 0)
    .map(({ key, counts, latest }) => ({ key, value: counts[1], latest: latest[1] }))
    .sort((a, b) => compareStandings(a, b) || compareKeys(a.key, b.key))
  // `better[t]` counts what comes before target t and not before the one above it.
  const better = new Array<number>(targets.length + 1).fill(0)
  const count = (standing: Standing, key: () => string, by: 1 | -1) => {
    if (standing.value <= 0) return
    let [low, high] = [0, targets.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      const target = targets[middle]!
      const order = compareStandings(standing, target) || compareKeys(key(), target.key)
      if (order < 0) high = middle
      else low = middle + 1
    }
    better[low]! += by
  }
  for (let row = 0; row < totals.length; row++) {
    count({ value: totals.sums[1]![row]!, latest: totals.latest[1]![row]! }, () => totals.key(row), 1)
  }
  for (const [key, { row, tally }] of overrides) {
    if (row) count({ value: row.counts[1], latest: row.latest[1] }, () => key, -1)
    count({ value: tally.counts[1], latest: tally.latest[1] }, () => key, 1)
  }
  const ranks = new Map<string, number>()
  let before = 0
  for (const [t, { key }] of targets.entries()) {
    before += better[t]!
    ranks.set(key, before + 1)
  }
  return ranked.map(({ key }) => ranks.get(key) ?? null)
}
