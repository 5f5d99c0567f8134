/** Opening the database file, transactions, and what SQLite's faults mean to the service. */
import { appendFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreInUse, StoreUnavailable } from '../storage.ts'
import { createDocuments } from './documents.ts'
import { createEventLog } from './event-log.ts'

const FILE = 'undersounds-stats.db'
const SCHEMA_VERSION = 2
/** The version of a file that a first start was killed over. */
const NOTHING_WRITTEN = 0
/** Tables of the present version. Earlier ones kept figures here too. */
const TABLES = ['events', 'event_ids', 'event_id_slices', 'event_id_seed', 'documents', 'sqlite_sequence']

/** How long a statement waits for another connection's lock before the store counts as unavailable. */
const BUSY_TIMEOUT_MS = 2_000
const CACHE_KIB = { opening: 2_048, writer: 8_192, reader: 8_192 }
/** Pages of 4 KiB in the write-ahead log before it is copied into the file: a round rewrites many of them again. */
const WAL_PAGES = 8_192
const WAL_FRAME_BYTES = 4_096 + 24

/**
 * Opens the file for writing, creating what is missing.
 *
 * The write-ahead log is laid out in its full size before: syncing a file that grows costs twice to twenty times as much
 * as syncing one that is written over. SQLite takes a log without a valid header for an empty one.
 */
export function openForWriting(directory: string): DatabaseSync {
  if (hasDatabase(directory)) bringUp(directory)
  const log = join(directory, `${FILE}-wal`)
  if (!existsSync(log)) layOut(log, WAL_PAGES * WAL_FRAME_BYTES)
  const database = new DatabaseSync(join(directory, FILE), { timeout: BUSY_TIMEOUT_MS })
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = ${WAL_PAGES};
    PRAGMA cache_size = -${CACHE_KIB.opening}`)
  checkVersion(database)
  inTransaction(database, () => createSchema(database))
  return database
}

/**
 * Drops what an earlier version kept beside the log and the documents, and gives the space back. Killed in the middle of
 * it, the next start does it again.
 */
function bringUp(directory: string): void {
  const database = new DatabaseSync(join(directory, FILE), { timeout: BUSY_TIMEOUT_MS })
  try {
    const version = checkVersion(database)
    if (version === SCHEMA_VERSION || version === NOTHING_WRITTEN) return
    database.exec('PRAGMA journal_mode = WAL')
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
    const others = tables.map(({ name }) => name as string).filter(name => !TABLES.includes(name))
    inTransaction(database, () => {
      for (const name of others) database.exec(`DROP TABLE "${name}"`)
      database.exec("DELETE FROM documents WHERE collection = 'catalogue-edges'")
    })
    vacuum(database)
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`)
  } finally {
    database.close()
  }
}

/** What the log is given later takes the free space up where there is no room to vacuum the file. */
function vacuum(database: DatabaseSync): void {
  try {
    database.exec('VACUUM')
  } catch (error) {
    if (!(asUnavailable(error) instanceof StoreUnavailable)) throw error
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

export function hasDatabase(directory: string): boolean {
  return existsSync(join(directory, FILE))
}

export function openForReading(directory: string): DatabaseSync {
  const database = new DatabaseSync(join(directory, FILE), { readOnly: true, timeout: BUSY_TIMEOUT_MS })
  database.exec(`PRAGMA cache_size = -${CACHE_KIB.reader}`)
  return database
}

/**
 * Takes the directory for this process until it ends, however it ends: the lock is the operating system's.
 * @throws StoreInUse where another process has it.
 */
export function lockDirectory(directory: string): DatabaseSync {
  mkdirSync(directory, { recursive: true })
  const lock = new DatabaseSync(join(directory, 'lock'), { timeout: 0 })
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    if (errorCode(error) !== SQLITE.BUSY) throw error
    throw new StoreInUse(
      `another process is using the data directory ${directory}; stop it first, or set another DATA_DIR`,
    )
  }
}

/** Runs `work` in one transaction: all of it is durable when this returns, or nothing of it happened. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  try {
    database.exec('BEGIN IMMEDIATE')
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw asUnavailable(error)
  }
}

const SQLITE = { BUSY: 5, LOCKED: 6, READONLY: 8, IOERR: 10, FULL: 13, CANTOPEN: 14 }
const DAMAGE = { CORRUPT: 11, CONSTRAINT: 19, NOTADB: 26 }

function errorCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined
}

/** Whether a file is not what it was when it was written. */
export function isDamage(error: unknown): boolean {
  const code = errorCode(error)
  return code !== undefined && Object.values(DAMAGE).includes(code)
}

/** What passes by itself or by an operator's hand is `StoreUnavailable`; anything else stays what it is. */
export function asUnavailable(error: unknown): unknown {
  const code = errorCode(error)
  if (code === undefined || !Object.values(SQLITE).includes(code)) return error
  return new StoreUnavailable(`the store cannot be used now: ${(error as Error).message}`, { cause: error })
}

/** The version that the file was written by. @throws Error where that is a newer one */
function checkVersion(database: DatabaseSync): number {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number }
  if (version > SCHEMA_VERSION) {
    throw new Error(
      `the data directory was written by a newer version (format ${version}, this one knows ${SCHEMA_VERSION})`,
    )
  }
  return version
}

function createSchema(database: DatabaseSync): void {
  createEventLog(database)
  createDocuments(database)
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`)
}
