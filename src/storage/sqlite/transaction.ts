/** Transactions, and what SQLite's faults mean to the service. */
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

/** What passes by itself, or by an operator's hand. */
export const SQLITE = { BUSY: 5, LOCKED: 6, READONLY: 8, IOERR: 10, FULL: 13, CANTOPEN: 14 }

/**
 * Its codes for a malformed file. Statements that do not fit the tables, and rows that meet others where there should be none,
 * come of one too: the service's own statements always fit.
 */
const DAMAGE = { ERROR: 1, CORRUPT: 11, TOOBIG: 18, CONSTRAINT: 19, MISMATCH: 20, FORMAT: 24, NOTADB: 26 }

/** Whether a file is not what it was when it was written. */
export function isDamage(error: unknown): boolean {
  const code = errorCode(error)
  if (code !== undefined) return Object.values(DAMAGE).includes(code)
  // The driver's own code is that of a number too great for any that was written.
  return error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE'
}

/** SQLite's code of an error; undefined where it is none of SQLite's. */
export function errorCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined
}

/** What passes is `StoreUnavailable`; anything else stays what it is. */
export function asUnavailable(error: unknown): unknown {
  const code = errorCode(error)
  if (code === undefined || !Object.values(SQLITE).includes(code)) return error
  return new StoreUnavailable(`the store cannot be used now: ${(error as Error).message}`, { cause: error })
}

/** Runs what is left undone where the store can't be used now; whether it was done. */
export function orUnavailable(work: () => void): boolean {
  try {
    work()
    return true
  } catch (error) {
    if (!(asUnavailable(error) instanceof StoreUnavailable)) throw error
    return false
  }
}
