/** The projector: folds what is new in the log into the projection tables, round by round. */
import { setImmediate as turn } from 'node:timers/promises'
import { renewEdges } from '../content/renew-edges.ts'
import { creditEntry } from '../events/credited-entry.ts'
import type { KeepSetAside, SetAside } from '../events/set-aside.ts'
import type { Change, LogReader, Seq, Storage } from '../storage/storage.ts'
import { collectChanges } from './registry.ts'

/** Events in one round at most: more coalesce better, but what is collected takes more memory. */
export const ROUND_EVENTS = 20_000
/** Events folded at a time, some 10 ms: in between, whatever else the thread has to do gets its turn. */
const SLICE_EVENTS = 500

/**
 * The changes that the entries after `after` up to `upTo` ask for, in slices. What can't be projected asks for none; it is
 * kept as set aside first.
 */
async function* foldLog(log: LogReader, after: Seq, upTo: Seq, keepSetAside: KeepSetAside): AsyncGenerator<Change[]> {
  while (after < upTo) {
    const entries = (await log.readLog(after, SLICE_EVENTS)).filter(({ seq }) => seq <= upTo)
    after = entries.at(-1)?.seq ?? upTo
    const changes: Change[] = []
    const found: SetAside[] = []
    for (const entry of entries) {
      const credited = creditEntry(entry)
      if (credited.ok) collectChanges(credited.event, changes)
      else found.push({ entry, fault: credited.fault })
    }
    if (found.length > 0) await keepSetAside(found)
    yield changes
    await turn()
  }
}

/** What the projector needs of a store; its parts may live on different threads. */
export type ProjectedStore = Pick<Storage, 'readLog' | 'rounds' | 'apply' | 'lastSeq'>

/** What the projector tells while it works. */
export interface ProjectorEvents {
  /** Takes the entries that can't be projected. No checkpoint passes them before they are kept. */
  keepSetAside: KeepSetAside
  /** Hears of each checkpoint that is reached. */
  onApplied?: (checkpoint: Seq) => void
  signal?: AbortSignal | undefined
}

/**
 * Projects the entries of `log` after `after` up to `upTo` into `store`, round by round: while one is written, the next
 * is folded. With `signal`, it ends after a round.
 * @throws StoreUnavailable what `onApplied` has not heard of was not applied then
 */
export async function projectRounds(
  log: LogReader,
  store: Pick<Storage, 'rounds' | 'apply'>,
  after: Seq,
  upTo: Seq,
  { keepSetAside, onApplied = () => {}, signal }: ProjectorEvents,
): Promise<void> {
  let applied = Promise.resolve()
  try {
    while (after < upTo && !signal?.aborted) {
      const end = Math.min(upTo, after + ROUND_EVENTS)
      const round = await store.rounds.prepare(foldLog(log, after, end, keepSetAside), after, end, applied)
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
    // A round that is still being written may succeed: its strings are taken then.
    await applied.catch(() => {})
    store.rounds.settled(false)
    throw error
  }
}

/**
 * Projects what the log of a store holds beyond `checkpoint`; gives the new checkpoint. Where that begins anew, what is
 * derived from the catalogue's facts is made anew too.
 */
export async function catchUp(storage: Storage, checkpoint: Seq, events: ProjectorEvents): Promise<Seq> {
  if (checkpoint === 0) await renewEdges(storage)
  const upTo = await storage.lastSeq()
  await projectRounds(storage, storage, checkpoint, upTo, events)
  return upTo
}
