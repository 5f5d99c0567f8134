/** Backing a store up and restoring it: for the commands alone, so that no thread of the service loads it. */

import { type BackUpProgress, backUp, type Manifest, restore } from '../storage/sqlite/back-up.ts'
import type { OnChecked } from '../storage/sqlite/check.ts'
import { BackUpFault } from '../storage/storage.ts'
import { folderOf, requireStore, type StoreLocation } from './open-storage.ts'

/**
 * Backs an embedded store up into a folder, also beside the service.
 * @throws StoreMissing, and as `backUp`
 */
export async function backUpStore(
  location: StoreLocation,
  folder: string,
  progress: BackUpProgress,
): Promise<Manifest> {
  requireEmbedded(location, 'backed up with mongodump, or with npm run mongoexport')
  requireStore(location)
  return backUp(folderOf(location), folder, progress)
}

/** Restores an embedded store. @throws as `restore` */
export async function restoreStore(location: StoreLocation, folder: string, onChecked: OnChecked): Promise<Manifest> {
  requireEmbedded(location, 'restored with mongorestore, or with npm run mongoimport')
  return restore(folderOf(location), folder, onChecked)
}

function requireEmbedded({ mongo }: StoreLocation, instead: string): void {
  if (mongo) throw new BackUpFault(`MONGO_URI is set, so that the events are in MongoDB: they are ${instead}`)
}
