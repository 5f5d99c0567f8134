/** Opens the store that is in use: the only module that knows all adapters. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MongoLocation } from '../storage/mongo/connection.ts'
import { type CheckReport, checkStore as checkFile, type OnChecked } from '../storage/sqlite/check.ts'
import { hasDatabase } from '../storage/sqlite/database.ts'
import { requireOwnFiles } from '../storage/sqlite/own-files.ts'
import { type RepairOptions, removeReplica, repair } from '../storage/sqlite/repair.ts'
import { openSqliteReader } from '../storage/sqlite/sqlite-reader.ts'
import { openSqliteStorage, type SqliteStorage } from '../storage/sqlite/sqlite-storage.ts'
import {
  type CollectionSpec,
  type LogReader,
  type SharedStorage,
  type Storage,
  type StorageReader,
  StoreDamaged,
  StoreMissing,
} from '../storage/storage.ts'

export { damageOf } from '../storage/sqlite/damage.ts'

/** A script that checks the file of a store, whose folder is its argument. */
export const QUICK_CHECK = fileURLToPath(import.meta.resolve('../storage/sqlite/quick-check.ts'))

export interface StoreLocation {
  /** The embedded store's folder, or of the replica that an instance keeps of MongoDB's log; made where it is missing. */
  dataDir: string
  /** null: the embedded store. */
  mongo: MongoLocation | null
}

/**
 * Opens the writing side. MongoDB may be away meanwhile; what needs it is `StoreUnavailable` then.
 * @throws StoreInUse where another process has the data directory
 */
export async function openStorage(
  { dataDir, mongo }: StoreLocation,
  collections: readonly CollectionSpec[],
): Promise<Storage> {
  return mongo ? openSharedStorage({ dataDir, mongo }, collections) : openSqliteStorage(dataDir)
}

/** Opens the writing side of a store that instances share. @throws as `openStorage` */
export async function openSharedStorage(
  location: StoreLocation & { mongo: MongoLocation },
  collections: readonly CollectionSpec[],
): Promise<SharedStorage> {
  const replica = openReplica(folderOf(location))
  // The driver is loaded only where it is used.
  const { openMongoStorage } = await import('../storage/mongo/mongo-storage.ts')
  return openMongoStorage(location.mongo, replica, collections)
}

/** Throws a damaged replica away: it is only a copy, and is filled again. */
function openReplica(folder: string): SqliteStorage {
  try {
    return openSqliteStorage(folder)
  } catch (error) {
    if (!(error instanceof StoreDamaged)) throw error
    process.emitWarning(`the replica in ${folder} is damaged (${error.what}): it is filled again`)
    removeReplica(folder)
    return openSqliteStorage(folder)
  }
}

/**
 * Makes sure that an embedded store can be opened: a damaged one is mended. A replica is when it is opened.
 * @throws StoreInUse
 * @throws StoreLoss where anything is lost, and that is not accepted
 */
export async function mendStore(location: StoreLocation, options: RepairOptions): Promise<void> {
  if (!location.mongo) await repair(folderOf(location), options)
}

/** Checks a store, or the replica of one, which may be in use. */
export function checkStore(location: StoreLocation, onChecked: OnChecked): CheckReport {
  return checkFile(folderOf(location), onChecked)
}

/** Creates nothing. @throws StoreMissing where this machine has no store to read, nor a replica of one */
export function requireStore(location: StoreLocation): void {
  const folder = folderOf(location)
  // A reader takes no lock.
  if (existsSync(folder)) requireOwnFiles(folder)
  if (!hasDatabase(folder)) throw new StoreMissing(`there is no store in ${folder}: set DATA_DIR to where it is`)
}

/**
 * As `requireStore`, but the log of several instances is enough: a replica can be made from it.
 * @throws StoreUnavailable where MongoDB is away and there is no replica
 */
export async function requireEvents(location: StoreLocation): Promise<void> {
  const sharedLog = hasDatabase(folderOf(location)) ? null : await openSharedLog(location)
  if (!sharedLog) return requireStore(location)
  try {
    if ((await sharedLog.readLog(0, 1)).length > 0) return
  } finally {
    await sharedLog.close()
  }
  throw new StoreMissing(
    `there are no events in the database ${location.mongo?.database}: set DB_NAME to where they are`,
  )
}

/** Opens an embedded store, whatever store is in use. @throws as `openStorage` */
export function openEmbedded(dataDir: string): SqliteStorage {
  return openSqliteStorage(dataDir)
}

/** Opens the reading side of a store that has been opened for writing at least once. @throws StoreUnavailable */
export function openReader(location: StoreLocation): StorageReader {
  return openSqliteReader(folderOf(location))
}

/** The log that all instances share, as MongoDB has it; null for the embedded store, whose log is the only one. */
export async function openSharedLog({
  mongo,
}: StoreLocation): Promise<(LogReader & { close(): Promise<void> }) | null> {
  if (!mongo) return null
  const { SharedLog } = await import('../storage/mongo/shared-log.ts')
  return new SharedLog(mongo)
}

/** Where the log (or its replica) and the figures are. A replica has a folder of its own: it is no embedded store. */
export function folderOf({ dataDir, mongo }: StoreLocation): string {
  return mongo ? join(dataDir, 'replica') : dataDir
}

/** Where the copies of a store's figures are. */
export function copiesFolder(location: StoreLocation): string {
  return resolve(folderOf(location), 'copies')
}

/** Where the models of recommendations are, and what they are trained from. */
export function recommendationsFolder({ dataDir }: StoreLocation): string {
  return resolve(dataDir, 'recommendations')
}
