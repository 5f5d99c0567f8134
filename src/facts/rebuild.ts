/** `rebuild`: empties the projections and folds the whole log again. */
import type { KeepSetAside } from '../events/set-aside.ts'
import type { Seq, Storage } from '../storage/storage.ts'
import { catchUp } from './projector.ts'

/** What is told where a store turns out to be outdated. */
export const COUNTED_AGAIN =
  'the figures were made by another version of the service: they are counted again from the event log, which takes a while'

/**
 * Interrupted at any moment, the projections are a part of the truth: the projector goes on from the checkpoint.
 * `onProgress` hears how many of how many entries are done.
 */
export async function rebuild(
  storage: Storage,
  keepSetAside: KeepSetAside,
  onProgress: (done: Seq, all: Seq) => void,
): Promise<Seq> {
  await storage.clearProjections()
  const all = await storage.lastSeq()
  return catchUp(storage, 0, { keepSetAside, onApplied: done => onProgress(done, all) })
}
