/** Which store is in use: the only place that knows the adapters. */
import { openSqliteReader } from './sqlite/sqlite-reader.ts'
import { openSqliteStorage } from './sqlite/sqlite-storage.ts'
import type { Storage, StorageReader, TableSpec } from './storage.ts'

export interface StoreLocation {
  /** The embedded store's folder; made where it is missing. */
  dataDir: string
}

/** Opens the writing side. @throws StoreInUse where another process has it. */
export function openStorage({ dataDir }: StoreLocation, tables: readonly TableSpec[]): Storage {
  return openSqliteStorage(dataDir, tables)
}

/** Opens a reading side of a store that has been opened for writing at least once. @throws StoreUnavailable */
export function openReader({ dataDir }: StoreLocation, tables: readonly TableSpec[]): StorageReader {
  return openSqliteReader(dataDir, tables)
}
