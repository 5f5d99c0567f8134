/** `rebuild`: throws the figures away, and makes them again from the log and from what the catalogue said. */
import type { KeepSetAside } from '../ingestion/set-aside.ts'
import { beginAnew, type FiguresSettings } from '../opening/open-figures.ts'
import type { StoreLocation } from '../opening/open-storage.ts'
import type { Seq, Storage } from '../storage/storage.ts'
import { catchUp } from './projector.ts'

/** What is told where the figures of a store are made anew, for this reason (`Figures.begunAnew`). */
export const countedAgain = (why: string): string =>
  `there are no figures to go on with (${why}): all events are counted again, which takes a while`

/**
 * Interrupted at any moment, the figures are a part of the truth: the projector goes on from their checkpoint. `onProgress`
 * hears how many of how many entries are done. @throws StoreUnavailable
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
