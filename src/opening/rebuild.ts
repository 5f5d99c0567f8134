/** `rebuild`: throws the figures away, and makes them again from the log and from what the catalogue said. */
import { catchUp } from '../facts/projector.ts'
import type { KeepSetAside } from '../ingestion/set-aside.ts'
import type { Seq, Storage } from '../storage/storage.ts'
import { beginAnew, type FiguresSettings } from './open-figures.ts'
import type { StoreLocation } from './open-storage.ts'

/**
 * Makes the figures again, and returns the number of entries. Where it is interrupted, the figures contain the first part of
 * the log, and the next start goes on from there. `onProgress` gets how many of how many entries are done.
 * @throws StoreUnavailable
 */
export async function rebuild(
  location: StoreLocation,
  settings: FiguresSettings,
  storage: Storage,
  keepSetAside: KeepSetAside,
  onProgress: (done: Seq, all: Seq) => void,
): Promise<Seq> {
  const figures = await beginAnew(location, settings, storage)
  try {
    const all = await storage.lastSeq()
    return await catchUp(storage, figures, { keepSetAside, onApplied: done => onProgress(done, all) })
  } finally {
    await figures.close()
  }
}
