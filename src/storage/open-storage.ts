/** Which store is in use: the only place that knows the adapters. */
import { openSqliteFolding } from './sqlite/round-maker.ts'
import { openSqliteReader } from './sqlite/sqlite-reader.ts'
import { openSqliteStorage } from './sqlite/sqlite-storage.ts'
import type { FoldingStore, Storage, StorageReader, TableSpec } from './storage.ts'

export interface StoreLocation {
  /** The embedded store's folder; made where it is missing. */
  dataDir: string
}

/**
 * Opens the writing side.
 * @throws StoreInUse where another process has it
 * @throws ProjectionsOutdated where the projections have to be rebuilt, unless that is what it is opened for
 */
export function openStorage(
  { dataDir }: StoreLocation,
  tables: readonly TableSpec[],
  purpose: 'use' | 'rebuild' = 'use',
): Storage {
  return openSqliteStorage(dataDir, tables, purpose)
}

/** Opens a reading side of a store that has been opened for writing at least once. @throws StoreUnavailable */
export function openReader({ dataDir }: StoreLocation, tables: readonly TableSpec[]): StorageReader {
  return openSqliteReader(dataDir, tables)
}

/** Opens the folding side of such a store. @throws StoreUnavailable */
export function openFolding({ dataDir }: StoreLocation, tables: readonly TableSpec[]): FoldingStore {
  return openSqliteFolding(dataDir, tables)
}
