/** Opens the writing side of a store as a whole: its log, its documents and its figures. */
import { COLLECTIONS } from '../storage/collections.ts'
import type { Figures } from '../storage/figures.ts'
import type { Storage } from '../storage/storage.ts'
import { type FiguresSettings, openFigures } from './open-figures.ts'
import { openStorage, type StoreLocation } from './open-storage.ts'

export interface OpenStore {
  storage: Storage
  figures: Figures
  close(): Promise<void>
}

/**
 * Opens a store. `announce` gets a line where the figures were begun anew though there are events.
 * @throws StoreInUse where another process has the data directory
 */
export async function openStore(
  location: StoreLocation & { figures: FiguresSettings },
  announce: (line: string) => void,
): Promise<OpenStore> {
  const storage = await openStorage(location, COLLECTIONS)
  try {
    return await withFigures(storage, location, announce)
  } catch (error) {
    // An open connection to MongoDB would keep the process alive.
    await storage.close()
    throw error
  }
}

/** A store whose log is open already, and is closed with it. */
export async function withFigures(
  storage: Storage,
  location: StoreLocation & { figures: FiguresSettings },
  announce: (line: string) => void,
): Promise<OpenStore> {
  const figures = await openFigures(location, location.figures, storage)
  if (figures.begunAnew !== null && (await storage.lastSeq()) > 0) {
    announce(
      `there are no figures to go on with (${figures.begunAnew}): all events are counted again, which takes a while`,
    )
  }
  const close = async () => {
    await figures.close()
    await storage.close()
  }
  return { storage, figures, close }
}
