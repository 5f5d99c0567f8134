/** How much work an entry of the log is for the projector, in usual events: a play, or an order of few items. */
import { readEntry } from '../attribution/credited-entry.ts'
import { countCredits } from '../attribution/credits.ts'
import type { LogEntry } from '../storage/storage.ts'

/** An event takes some 25 µs, and each of its credits 5 µs. */
const CREDITS = 4
/** Each name in an event's text may be new to the figures; the projector bounds its batches in the same way. */
const CHARACTERS = 800
/** Without one of these lists an event has one credit, and need not be read. */
const LISTS = ['"artistIds"', '"items"']

/** At least 1. Of an entry that can't be read, its characters alone count. */
export function weightOf(entry: LogEntry): number {
  return Math.max(1, entry.content.length / CHARACTERS, creditsOf(entry) / CREDITS)
}

/** The sum of what each entry weighs beyond 1. */
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
