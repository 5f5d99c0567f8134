/** The projector: folds what is new in the log into the projection tables, round by round. */
import { setImmediate as turn } from 'node:timers/promises'
import { creditEvent } from '../events/credits.ts'
import { fromLogEntry } from '../events/event.ts'
import type { Change, LogReader, Seq, Storage } from '../storage/storage.ts'
import { collectChanges } from './registry.ts'

/** Events in one round at most: more coalesce better, but what is collected takes more memory. */
export const ROUND_EVENTS = 20_000
/** Events folded at a time, some 2 ms: in between, whatever else the thread has to do gets its turn. */
const SLICE_EVENTS = 100

/** The changes that the entries after `after` up to `upTo` ask for, in slices. */
export async function* foldLog(log: LogReader, after: Seq, upTo: Seq): AsyncGenerator<Change[]> {
  while (after < upTo) {
    const entries = (await log.readLog(after, SLICE_EVENTS)).filter(({ seq }) => seq <= upTo)
    after = entries.at(-1)?.seq ?? upTo
    const changes: Change[] = []
    for (const entry of entries) collectChanges(creditEvent(fromLogEntry(entry)), changes)
    yield changes
    await turn()
  }
}

/**
 * Runs one round: folds at most `ROUND_EVENTS` entries after `checkpoint` and applies the changes together with the new
 * checkpoint, which it returns. Equal to `checkpoint` where nothing is new.
 */
export async function projectRound(storage: Storage, checkpoint: Seq): Promise<Seq> {
  const upTo = Math.min(await storage.lastSeq(), checkpoint + ROUND_EVENTS)
  if (upTo > checkpoint) await storage.apply(foldLog(storage, checkpoint, upTo), upTo)
  return upTo
}
