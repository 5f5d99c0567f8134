/** Two readings of the metrics, and what went by between them. */
import { parseMetrics, type Sample, sumOf } from './prometheus.ts'

interface Reading {
  /** Monotonic milliseconds. */
  at: number
  samples: readonly Sample[]
}

export interface Readings {
  now: Reading
  /** An earlier one, if there is one. */
  before: Reading | null
}

/** Between readings that are closer together, a single event would look like many a second. */
const MIN_APART_MS = 1_000
/** After a longer time, what is between two readings is not what happens at this moment. */
const MAX_APART_MS = 60_000

/** The readings after another one of the text of `/metrics`. */
export function withReading(last: Readings | undefined, text: string, at: number): Readings {
  const now = { at, samples: parseMetrics(text) }
  const candidates = last ? [last.now, last.before] : []
  const before = candidates.find(each => each && at - each.at >= MIN_APART_MS && at - each.at <= MAX_APART_MS)
  return { now, before: before ?? null }
}

/** By how much a counter rises a second; null before the second reading, and after the service was started anew. */
export function rateOf({ now, before }: Readings, name: string, labels: Sample['labels'] = {}): number | null {
  if (before === null) return null
  const risen = (sumOf(now.samples, name, labels) ?? 0) - (sumOf(before.samples, name, labels) ?? 0)
  return risen < 0 ? null : risen / ((now.at - before.at) / 1000)
}
