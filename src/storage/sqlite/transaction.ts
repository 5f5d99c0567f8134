/** Transactions, and SQLite's errors as the service knows them. */
import type { DatabaseSync } from 'node:sqlite'
import { StoreUnavailable } from '../storage.ts'

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

/** Its codes for faults that pass by themselves or that an operator can end. */
export const SQLITE = { BUSY: 5, LOCKED: 6, READONLY: 8, IOERR: 10, FULL: 13, CANTOPEN: 14 }

/**
 * Its codes for a malformed file. Statements that do not fit the tables and violated constraints count too: the service's
 * own statements fit an intact file.
 */
const DAMAGE = { ERROR: 1, CORRUPT: 11, TOOBIG: 18, CONSTRAINT: 19, MISMATCH: 20, FORMAT: 24, NOTADB: 26 }

/** Whether a file is not what it was when it was written. */
export function isDamage(error: unknown): boolean {
  const code = errorCode(error)
  if (code !== undefined) return Object.values(DAMAGE).includes(code)
  // The driver has a code of its own for a number that is greater than any that was written.
  return error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE'
}

/** SQLite's code of an error; undefined for other errors. */
export function errorCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined
}

/** Turns a passing fault of SQLite into `StoreUnavailable`, and returns other errors as they are. */
export function asUnavailable(error: unknown): unknown {
  const code = errorCode(error)
  if (code === undefined || !Object.values(SQLITE).includes(code)) return error
  return new StoreUnavailable(`the store cannot be used now: ${(error as Error).message}`, { cause: error })
}

/** Runs work that may be left undone; returns false where the store can't be used now. */
export function orUnavailable(work: () => void): boolean {
  try {
    work()
    return true
  } catch (error) {
    if (!(asUnavailable(error) instanceof StoreUnavailable)) throw error
    return false
  }
}
