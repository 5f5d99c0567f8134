/** The projector: folds what is new in the log into the projection tables, round by round. */
import { setImmediate as turn } from 'node:timers/promises'
import { creditEvent } from '../events/credits.ts'
import { fromLogEntry } from '../events/event.ts'
import type { Change, LogReader, Seq, Storage } from '../storage/storage.ts'
import { collectChanges } from './registry.ts'

/** Events in one round at most: more coalesce better, but what is collected takes more memory. */
export const ROUND_EVENTS = 20_000
/** Events folded at a time, some 10 ms: in between, whatever else the thread has to do gets its turn. */
const SLICE_EVENTS = 500

/** The changes that the entries after `after` up to `upTo` ask for, in slices. */
async function* foldLog(log: LogReader, after: Seq, upTo: Seq): AsyncGenerator<Change[]> {
  while (after < upTo) {
    const entries = (await log.readLog(after, SLICE_EVENTS)).filter(({ seq }) => seq <= upTo)
    after = entries.at(-1)?.seq ?? upTo
    const changes: Change[] = []
    for (const entry of entries) collectChanges(creditEvent(fromLogEntry(entry)), changes)
    yield changes
    await turn()
  }
}

/** What the projector needs of a store; its parts may live on different threads. */
export type ProjectedStore = Pick<Storage, 'readLog' | 'rounds' | 'apply' | 'lastSeq'>

/**
 * Runs one round: folds at most `ROUND_EVENTS` entries after `checkpoint` and applies the changes together with the new
 * checkpoint, which it returns. Equal to `checkpoint` where nothing is new.
 */
export async function projectRound(store: ProjectedStore, checkpoint: Seq): Promise<Seq> {
  const upTo = Math.min(await store.lastSeq(), checkpoint + ROUND_EVENTS)
  if (upTo > checkpoint) await applyLog(store, store, checkpoint, upTo)
  return upTo
}

/** Applies what the entries of `log` after `after` up to `upTo` ask for. */
export async function applyLog(
  log: LogReader,
  store: Pick<Storage, 'rounds' | 'apply'>,
  after: Seq,
  upTo: Seq,
): Promise<void> {
  let written = false
  try {
    await store.apply(await store.rounds.prepare(foldLog(log, after, upTo), after, upTo))
    written = true
  } finally {
    store.rounds.settled(written)
  }
}

/**
 * Runs full rounds one after the other, and at last one that need not be full, from `checkpoint` to `upTo`: while one is
 * written, the next is folded. `onApplied` hears of each checkpoint that is reached.
 * @throws StoreUnavailable what `onApplied` has not heard of was not applied then
 */
export async function projectRounds(
  store: ProjectedStore,
  checkpoint: Seq,
  upTo: Seq,
  onApplied: (checkpoint: Seq) => void,
): Promise<void> {
  let applied = Promise.resolve()
  try {
    for (let after = checkpoint; after < upTo; ) {
      const end = Math.min(upTo, after + ROUND_EVENTS)
      const round = await store.rounds.prepare(foldLog(store, after, end), after, end, applied)
      applied = store.apply(round).then(() => {
        store.rounds.settled(true)
        onApplied(end)
      })
      // It is awaited by the next round, or at the end.
      applied.catch(() => {})
      after = end
    }
    await applied
  } catch (error) {
    store.rounds.settled(false)
    throw error
  }
}
