/** Creates, opens, locks and upgrades the database file. */
import { appendFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { makeFolder, sync } from '../../files.ts'
import { StoreInUse, StoreUnusable } from '../storage.ts'
import { createDocuments } from './documents.ts'
import { createEventLog } from './event-log.ts'
import { requireOwnFiles } from './own-files.ts'
import { errorCode, inTransaction, isDamage, orUnavailable, SQLITE } from './transaction.ts'

const FILE = 'undersounds-stats.db'
/** The name of the lock's file. */
export const LOCK = 'lock'
const SCHEMA_VERSION = 3
/**
 * The tables that an upgrade keeps. Earlier versions kept figures here too, and an index of event ids without checksums,
 * which is made again from the log.
 */
const TABLES = ['events', 'lost_entries', 'unchecked_entries', 'documents', 'sqlite_sequence']

/** How long a statement waits for the lock of another connection before the store counts as unavailable. */
const BUSY_TIMEOUT_MS = 2_000
const CACHE_KIB = { opening: 2_048, writer: 8_192, reader: 8_192 }
/** Pages of 4 KiB in the write-ahead log before it is copied into the file. Many of them are changed more than once until then. */
const WAL_PAGES = 8_192
const WAL_FRAME_BYTES = 4_096 + 24

/**
 * Opens the file for writing, and creates it where it is missing.
 *
 * The write-ahead log gets its full size first, because syncing a file that grows costs twice to twenty times as much as
 * syncing one that is overwritten. To SQLite a log without a valid header is an empty one.
 */
export function openForWriting(directory: string): DatabaseSync {
  const file = databaseFile(directory)
  if (existsSync(file)) upgrade(file)
  else create(file)
  const log = `${file}-wal`
  // Reading a store that is not open leaves an empty log.
  if (!statSync(log, { throwIfNoEntry: false })?.size) fillWithZeros(log, WAL_PAGES * WAL_FRAME_BYTES)
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS })
  try {
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = ${WAL_PAGES};
      PRAGMA cache_size = -${CACHE_KIB.opening}`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Makes an empty store, all or nothing: a file without its tables would be a damaged one. */
function create(file: string): void {
  if (existsSync(restoringOf(file))) {
    const folder = dirname(file)
    throw new StoreUnusable(`restoring a back-up into ${folder} was interrupted: restore it again, or empty the folder`)
  }
  const fresh = createBeside(file)
  fresh.close()
  putInPlace(file)
}

/** Makes an empty database that `putInPlace` replaces the file with. */
export function createBeside(file: string): DatabaseSync {
  for (const suffix of ['', '-journal']) rmSync(newOf(file) + suffix, { force: true })
  const fresh = new DatabaseSync(newOf(file))
  fresh.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF')
  inTransaction(fresh, () => {
    createTables(fresh)
    fresh.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`)
  })
  return fresh
}

/** Durably replaces the file with the new database, which must be closed. */
export function putInPlace(file: string): void {
  for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true })
  sync(newOf(file))
  renameSync(newOf(file), file)
  sync(dirname(file))
}

const newOf = (file: string): string => `${file}.new`

/** The name of the file that is being restored, until it is complete. */
export const restoringOf = (file: string): string => `${file}.restoring`

/**
 * Upgrades a store of an earlier version: drops its other tables, and gives their space back. Its entries get no checksums.
 * Where it is interrupted, the next start does it again.
 */
function upgrade(file: string): void {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS })
  try {
    if (isUpToDate(database)) return
    database.exec('PRAGMA journal_mode = WAL')
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
    const others = tables.map(({ name }) => name as string).filter(name => !TABLES.includes(name))
    inTransaction(database, () => {
      for (const name of others) database.exec(`DROP TABLE "${name}"`)
      const isFirstAttempt = !hasChecksums(database)
      if (isFirstAttempt) {
        database.exec(`
          ALTER TABLE events ADD COLUMN checksum INTEGER;
          DELETE FROM documents WHERE collection = 'catalogue-edges'`)
      }
      // An attempt that was interrupted later had made them, and they were dropped again above.
      createTables(database)
      if (isFirstAttempt) database.exec('INSERT INTO unchecked_entries SELECT coalesce(max(seq), 0) FROM events')
    })
    // Where the disk has too little space for this, new entries will use the free pages.
    orUnavailable(() => database.exec('VACUUM'))
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`)
  } finally {
    database.close()
  }
}

function fillWithZeros(file: string, size: number): void {
  const zeros = new Uint8Array(2 ** 20)
  for (let rest = size; rest > 0; rest -= zeros.length) appendFileSync(file, zeros.subarray(0, rest))
}

/** To be called once the store is open. Until then the log may be read from end to end, and its pages need not be cached. */
export function useFullCache(database: DatabaseSync): void {
  database.exec(`PRAGMA cache_size = -${CACHE_KIB.writer}`)
}

export const databaseFile = (directory: string): string => join(directory, FILE)

export function hasDatabase(directory: string): boolean {
  return existsSync(databaseFile(directory))
}

export function openForReading(directory: string): DatabaseSync {
  const database = new DatabaseSync(databaseFile(directory), { readOnly: true, timeout: BUSY_TIMEOUT_MS })
  database.exec(`PRAGMA cache_size = -${CACHE_KIB.reader}`)
  return database
}

/**
 * Locks the directory for this process. The operating system releases the lock when the process ends, however it ends.
 * @throws StoreInUse where another process has the lock @throws StoreUnusable where the directory can't hold a store
 */
export function lockDirectory(directory: string): DatabaseSync {
  let lock: DatabaseSync | undefined
  try {
    makeFolder(directory)
    requireOwnFiles(directory)
    lock = new DatabaseSync(join(directory, LOCK), { timeout: 0 })
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock?.close()
    throw whyNotLocked(directory, error)
  }
}

function whyNotLocked(directory: string, error: unknown): unknown {
  if (error instanceof StoreUnusable) return error
  if (errorCode(error) === SQLITE.BUSY) {
    return new StoreInUse(
      `another process is using the data directory ${directory}; stop it first, or set another DATA_DIR`,
    )
  }
  // SQLite reads the file only after it has got the lock, so no process has it.
  const why = isDamage(error)
    ? `its file "${LOCK}" is damaged: make sure that no other process uses the directory, and remove that file`
    : `${(error as Error).message}. Set another DATA_DIR`
  return new StoreUnusable(`the data directory ${directory} can't be used: ${why}`, { cause: error })
}

/** Whether the file needs no upgrade. @throws as `formatOf` */
export const isUpToDate = (database: DatabaseSync): boolean => formatOf(database) === SCHEMA_VERSION

/** The format of the file. @throws StoreUnusable where that is a newer one, or the file is no store at all */
export function formatOf(database: DatabaseSync): number {
  const { user_version: format } = database.prepare('PRAGMA user_version').get() as { user_version: number }
  requireKnown(format, 'the data directory')
  // A file without any table is a store that has lost its beginning.
  if (format === 0 && hasTables(database, 'true') && !hasTables(database, "name = 'events'")) {
    throw new StoreUnusable(`the data directory holds a file ${FILE} that is no store of this service`)
  }
  return format
}

/** @throws StoreUnusable where the format is a newer one */
export function requireKnown(format: number, what: string): void {
  if (format <= SCHEMA_VERSION) return
  throw new StoreUnusable(
    `${what} was written by a newer version (format ${format}, this one knows ${SCHEMA_VERSION}): use that version`,
  )
}

function hasTables(database: DatabaseSync, condition: string): boolean {
  return database.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND ${condition}`).get() !== undefined
}

/** Creates the tables that are missing. */
function createTables(database: DatabaseSync): void {
  createEventLog(database)
  createDocuments(database)
}

function hasChecksums(database: DatabaseSync): boolean {
  return database.prepare("SELECT 1 FROM pragma_table_info('events') WHERE name = 'checksum'").get() !== undefined
}
