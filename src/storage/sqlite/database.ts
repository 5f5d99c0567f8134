/** Opening the database file, and making one. */
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
/** What the lock's file is called. */
export const LOCK = 'lock'
const SCHEMA_VERSION = 3
/**
 * Tables that are gone on with. Earlier versions kept figures here too; and their index of event ids bears no checksums, so it
 * is made again from the log.
 */
const TABLES = ['events', 'lost_entries', 'unchecked_entries', 'documents', 'sqlite_sequence']

/** How long a statement waits for another connection's lock before the store counts as unavailable. */
const BUSY_TIMEOUT_MS = 2_000
const CACHE_KIB = { opening: 2_048, writer: 8_192, reader: 8_192 }
/** Pages of 4 KiB in the write-ahead log before it is copied into the file: a round rewrites many of them again. */
const WAL_PAGES = 8_192
const WAL_FRAME_BYTES = 4_096 + 24

/**
 * Opens the file for writing, creating it where it is missing.
 *
 * The write-ahead log is laid out in its full size before: syncing a file that grows costs twice to twenty times as much
 * as syncing one that is written over. SQLite takes a log without a valid header for an empty one.
 */
export function openForWriting(directory: string): DatabaseSync {
  const file = databaseFile(directory)
  if (existsSync(file)) bringUp(file)
  else create(file)
  const log = `${file}-wal`
  // Who only reads a store that nobody has open leaves an empty one.
  if (!statSync(log, { throwIfNoEntry: false })?.size) layOut(log, WAL_PAGES * WAL_FRAME_BYTES)
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

/** Makes an empty file, whole or not at all: one without its tables is a damaged one. */
function create(file: string): void {
  if (existsSync(restoringOf(file))) {
    const folder = dirname(file)
    throw new StoreUnusable(`restoring a back-up into ${folder} was interrupted: restore it again, or empty the folder`)
  }
  const fresh = createBeside(file)
  fresh.close()
  putInPlace(file)
}

/** A new database that is to take the place of the file: nothing of it counts before it does. */
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

/** Puts the new database, which is closed, in its place for good. */
export function putInPlace(file: string): void {
  for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true })
  sync(newOf(file))
  renameSync(newOf(file), file)
  sync(dirname(file))
}

const newOf = (file: string): string => `${file}.new`

/** What is restored, until it is complete. */
export const restoringOf = (file: string): string => `${file}.restoring`

/**
 * Drops what an earlier version kept beside the log and the documents, and gives the space back. Its entries stay unchecked.
 * Killed in the middle of it, the next start does it again.
 */
function bringUp(file: string): void {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS })
  try {
    if (isUpToDate(database)) return
    database.exec('PRAGMA journal_mode = WAL')
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
    const others = tables.map(({ name }) => name as string).filter(name => !TABLES.includes(name))
    inTransaction(database, () => {
      for (const name of others) database.exec(`DROP TABLE "${name}"`)
      if (!hasChecksums(database)) {
        database.exec(`
          ALTER TABLE events ADD COLUMN checksum INTEGER;
          DELETE FROM documents WHERE collection = 'catalogue-edges'`)
        createTables(database)
        database.exec('INSERT INTO unchecked_entries SELECT coalesce(max(seq), 0) FROM events')
      }
    })
    // What the log is given later takes the free space up where there is no room to vacuum the file.
    orUnavailable(() => database.exec('VACUUM'))
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`)
  } finally {
    database.close()
  }
}

function layOut(file: string, size: number): void {
  const zeros = new Uint8Array(2 ** 20)
  for (let rest = size; rest > 0; rest -= zeros.length) appendFileSync(file, zeros.subarray(0, rest))
}

/** To be called once the store is open: until then the log may be read from end to end, and its pages need not stay. */
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
 * Takes the directory for this process until it ends, however it ends: the lock is the operating system's.
 * @throws StoreInUse where another process has it. @throws StoreUnusable where the directory can't hold a store.
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
  // SQLite reads the file only once nobody else has locked it.
  const why = isDamage(error)
    ? `its file "${LOCK}" is damaged: make sure that no other process uses the directory, and remove that file`
    : `${(error as Error).message}. Set another DATA_DIR`
  return new StoreUnusable(`the data directory ${directory} can't be used: ${why}`, { cause: error })
}

/** Whether the file needs not be brought up. @throws as `formatOf` */
export const isUpToDate = (database: DatabaseSync): boolean => formatOf(database) === SCHEMA_VERSION

/** The format of the file. @throws StoreUnusable where that is a newer one, or the file is no store at all */
export function formatOf(database: DatabaseSync): number {
  const { user_version: format } = database.prepare('PRAGMA user_version').get() as { user_version: number }
  requireKnown(format, 'the data directory')
  // One without any table is a store of which the beginning is lost.
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

/** Creates what is missing. */
function createTables(database: DatabaseSync): void {
  createEventLog(database)
  createDocuments(database)
}

function hasChecksums(database: DatabaseSync): boolean {
  return database.prepare("SELECT 1 FROM pragma_table_info('events') WHERE name = 'checksum'").get() !== undefined
}
