/** The stores that commands work on: their own while no service runs, else a copy of the service's figures. */

import { DECIMALS } from '../currencies.ts'
import { LAG_MAX } from '../facts/lag.ts'
import { catchUp, type ProjectorEvents } from '../facts/projector.ts'
import { openFigures } from '../opening/open-figures.ts'
import { folderOf, openReader, openStorage } from '../opening/open-storage.ts'
import { type OpenStore, openStore, withFigures } from '../opening/open-store.ts'
import type { Config } from '../settings/config.ts'
import { COLLECTIONS } from '../storage/collections.ts'
import { asFiguresFault } from '../storage/duckdb/faults.ts'
import { ReadOnlyFigures } from '../storage/duckdb/read-only-figures.ts'
import { createViews } from '../storage/duckdb/views.ts'
import type { Figures } from '../storage/figures.ts'
import { type Storage, type StorageReader, StoreInUse, StoreUnavailable } from '../storage/storage.ts'
import { copyOfService } from './copy-of-service.ts'
import { removeOnSignal, removeScratch } from './scratch.ts'

/** A store to be read. No other process writes the figures in its folder; its log may grow meanwhile. */
export interface ReadStore {
  folder: string
  storage: StorageReader
  close(): Promise<void>
}

/** The name of the figures in SQL. */
const FIGURES = 'figures'

const printError = (line: string): void => console.error(line)

/** Opens the store for writing, and prints a line where all events have to be counted again. @throws StoreInUse */
export const openAnnounced = (config: Config): Promise<OpenStore> => openStore(config, printError)

/** Opens the store as it is. @throws StoreUnavailable where another process has it, and is no service that copies its figures */
export async function openToRead(config: Config): Promise<ReadStore & { own: Storage | null }> {
  try {
    const storage = await openStorage(config, COLLECTIONS)
    return { folder: folderOf(config), storage, own: storage, close: () => storage.close() }
  } catch (error) {
    if (error instanceof StoreInUse) return { ...(await besideService(config, error)), own: null }
    throw error
  }
}

/**
 * Opens the store with figures that contain all its events; a running service keeps its own complete. The caller closes
 * both, the figures first.
 */
export async function openComplete(
  config: Config,
  eventsOf: (storage: Storage) => ProjectorEvents,
): Promise<{ store: ReadStore; figures: Figures }> {
  const { own, ...store } = await openToRead(config)
  try {
    const figures = own ? await completeFigures(own, config, eventsOf(own)) : await copiedFigures(store, config)
    return { store, figures }
  } catch (error) {
    // An open connection to MongoDB would keep the process alive.
    await store.close()
    throw error
  }
}

/** Opens the store with figures that contain all its events, for reading only. */
export async function openAtRest(
  config: Config,
  eventsOf: (storage: Storage) => ProjectorEvents,
): Promise<{ store: ReadStore; files: ReadOnlyFigures }> {
  const { store, figures } = await openComplete(config, eventsOf)
  await figures.close()
  const files = await ReadOnlyFigures.open(store.folder, config.figures)
  try {
    await files.attach(store.folder, FIGURES)
    await createViews(files, FIGURES, DECIMALS)
    return { store, files }
  } catch (error) {
    files.close()
    await store.close()
    throw asFiguresFault(error)
  }
}

/** Takes in what other instances have appended. */
export async function takeIn(storage: Storage): Promise<void> {
  if (storage.isShared) while (await storage.pull());
}

async function besideService(config: Config, inUse: StoreInUse): Promise<ReadStore> {
  const folder = await copyOfService(config, inUse)
  removeOnSignal(folder)
  const storage = openReader(config)
  const close = async () => {
    await storage.close()
    await removeScratch(folder)
  }
  return { folder, storage, close }
}

async function completeFigures(storage: Storage, config: Config, events: ProjectorEvents): Promise<Figures> {
  await takeIn(storage)
  const { figures } = await withFigures(storage, config, printError)
  try {
    await catchUp(storage, figures, events)
    return figures
  } catch (error) {
    await figures.close()
    throw error
  }
}

/** @throws StoreUnavailable where the service has most of its events still to count, as after an upgrade */
async function copiedFigures({ folder, storage }: ReadStore, config: Config): Promise<Figures> {
  const figures = await openFigures({ dataDir: folder, mongo: null }, config.figures, storage)
  try {
    if (figures.begunAnew !== null) {
      throw new StoreUnavailable(`the figures of the service cannot be read here: ${figures.begunAnew}`)
    }
    const left = await storage.readLog(figures.checkpoint.seq + LAG_MAX, 1)
    if (left.length === 0) return figures
    throw new StoreUnavailable('the service is still counting its events: try again when it is ready')
  } catch (error) {
    await figures.close()
    throw error
  }
}
