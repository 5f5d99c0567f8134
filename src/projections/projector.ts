/** The projector: folds what is new in the log into the projection tables, round by round. */
import { creditEvent } from '../events/credits.ts'
import { fromLogEntry } from '../events/event.ts'
import type { Change, Seq, Storage, StoredEntry } from '../storage/storage.ts'
import { changesOf } from './registry.ts'

/** Events in one round at most: more coalesce better, but are folded in more memory and hold up appends for longer. */
export const ROUND_EVENTS = 20_000

/** The changes that these entries ask for, made one by one as they are taken. */
export function* foldEntries(entries: readonly StoredEntry[]): Generator<Change> {
  for (const entry of entries) yield* changesOf(creditEvent(fromLogEntry(entry)))
}

/**
 * Runs one round: reads up to `ROUND_EVENTS` entries after `checkpoint`, folds them and applies the changes together
 * with the new checkpoint, which it returns. Equal to `checkpoint` where nothing was new.
 */
export async function projectRound(storage: Storage, checkpoint: Seq): Promise<Seq> {
  const entries = await storage.readLog(checkpoint, ROUND_EVENTS)
  const last = entries.at(-1)
  if (!last) return checkpoint
  await storage.apply(foldEntries(entries), last.seq)
  return last.seq
}
