/** How much work an entry of the log is for the projector, in usual events: a play, or an order of few items. */
import { readEntry } from '../attribution/credited-entry.ts'
import { countCredits } from '../attribution/credits.ts'
import type { LogEntry } from '../storage/storage.ts'

/** An event takes some 25 µs, and each of its credits 5 µs. */
const CREDITS = 4
/** Each name in them may be new to the figures; as the projector bounds its batches. */
const CHARACTERS = 800
/** Without one of these lists an event has one credit, and need not be read. */
const LISTS = ['"artistIds"', '"items"']

/** At least 1. Of an entry that nobody can read, its characters alone count. */
export function weightOf(entry: LogEntry): number {
  return Math.max(1, entry.content.length / CHARACTERS, creditsOf(entry) / CREDITS)
}

/** What entries weigh beyond 1 each. */
export function extraWeightOf(entries: readonly LogEntry[]): number {
  return entries.reduce((sum, entry) => sum + weightOf(entry) - 1, 0)
}

function creditsOf(entry: LogEntry): number {
  if (!LISTS.some(list => entry.content.includes(list))) return 1
  try {
    const ingested = readEntry({ ...entry, seq: 0 })
    return ingested ? countCredits(ingested.event) : 0
  } catch {
    return 0
  }
}
