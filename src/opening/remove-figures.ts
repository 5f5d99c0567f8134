/** Removing the figures of a store, without the engine that they are in. */
import { removeFigures } from '../storage/duckdb/file-names.ts'
import { folderOf, type StoreLocation } from './open-storage.ts'

/** Removes the figures of a store: they are made again when it is opened. */
export function removeFiguresOf(location: StoreLocation): void {
  removeFigures(folderOf(location))
}
