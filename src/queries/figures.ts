/** The figures of a group of subjects: signed sums as the tables keep them, and what of them is shown. */
import { currencyDecimals } from '../events/money.ts'
import { revenueField, SUBJECT_KPIS, subjectKpis } from '../projections/subject-kpis.ts'
import { SUBJECT_LISTENERS, subjectListeners } from '../projections/subject-listeners.ts'
import type { Instant, Interval, Reads } from '../storage/storage.ts'
import { distinctOver, readEdges, sumsOver } from './time-pieces.ts'

/** Signed sums by field of `subject_kpis` (revenue in minor units), and the number of different listeners. */
export interface SignedFigures {
  sums: ReadonlyMap<string, number>
  uniqueListeners: number
}

/** What is shown: never below zero. Money in major units. */
export interface Figures {
  plays: number
  uniqueListeners: number
  likes: number
  follows: number
  purchases: number
  /** In the default currency. */
  revenue: number
  /** Currencies with more than nothing. */
  revenueByCurrency: Record<string, number>
}

const KPIS = { projection: subjectKpis, table: SUBJECT_KPIS }
const LISTENERS = { projection: subjectListeners, table: SUBJECT_LISTENERS }

/** The figures of all `subjects` together in each interval, exact to the millisecond; disjoint and ascending ones. */
export async function signedFigures(
  reads: Reads,
  subjects: readonly string[],
  intervals: readonly Interval[],
): Promise<SignedFigures[]> {
  const edges = await readEdges(reads, intervals, new Set(subjects))
  const sums = await sumsOver(reads, KPIS, subjects, intervals, edges)
  const listeners = await distinctOver(reads, LISTENERS, subjects, intervals, edges)
  return intervals.map((_, i) => ({ sums: sums[i]!, uniqueListeners: listeners[i]! }))
}

/** Clamps signed figures at zero and turns money into major units. */
export function shownFigures({ sums, uniqueListeners }: SignedFigures, defaultCurrency: string): Figures {
  const count = (field: string) => Math.max(0, sums.get(field) ?? 0)
  const revenueByCurrency: Record<string, number> = {}
  const prefix = revenueField('')
  for (const field of [...sums.keys()].filter(name => name.startsWith(prefix)).sort()) {
    const currency = field.slice(prefix.length)
    if (count(field) > 0) revenueByCurrency[currency] = majorUnits(count(field), currency)
  }
  return {
    plays: count('plays'),
    uniqueListeners,
    likes: count('likes'),
    follows: count('follows'),
    purchases: count('purchases'),
    revenue: revenueByCurrency[defaultCurrency] ?? 0,
    revenueByCurrency,
  }
}

/** The last counted event; null where there is none. */
export function lastEvent({ sums }: SignedFigures): Instant | null {
  return sums.get('last') ?? null
}

// Dividing by a power of ten gives the double nearest to the decimal number: 999 becomes 9.99.
const majorUnits = (minor: number, currency: string): number => minor / 10 ** (currencyDecimals(currency) ?? 2)
