/**
 * What is known of a store beside its tables, so that a lost part of it is noticed: SQLite itself takes a store without its
 * write-ahead log for a whole one, which ends earlier.
 *
 * - The file `last-entry` has the position of the last entry. It is written after each commit and never synced, so that it
 *   costs some microseconds: after a power failure it may lag behind the log, but the log is never behind it.
 * - Where only `undersounds-stats.db` was copied, that file is missing. So the header of the database says whether a service
 *   has it open: one that nobody closed has a write-ahead log.
 */
import { closeSync, constants, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { Seq } from '../storage.ts'
import { firstBytes } from './header.ts'
import { orUnavailable } from './transaction.ts'

const NOTE = 'last-entry'
/** Wide enough for any position, so that a shorter one is written over a longer one. */
const WIDTH = 16

/** SQLite's `application_id` of a database that is open for writing: "open" in ASCII. Else it is 0. */
const OPEN = 0x6f70656e
/** Where that is in the file. */
const APPLICATION_ID_AT = 68
/** How a write-ahead log begins, but for the last bit. */
const LOG_MAGIC = 0x377f0682

export interface KnownEnd {
  /** There was an entry at this position; 0: nothing is known. */
  lastSeq: Seq
  /** The file that is missing; null where none is, as far as that is known. */
  missing: string | null
}

/** `file`: the path of the database. */
export function knownEnd(directory: string, file: string): KnownEnd {
  const noted = notedIn(directory)
  const lastSeq = noted ?? 0
  const database = firstBytes(file, APPLICATION_ID_AT + 4)
  if (database === null) return { lastSeq, missing: lastSeq > 0 ? basename(file) : null }
  const isOpen = database.length === APPLICATION_ID_AT + 4 && database.readUInt32BE(APPLICATION_ID_AT) === OPEN
  const isLost = noted === null && isOpen && !hasContent(`${file}-wal`)
  return { lastSeq, missing: isLost ? `${basename(file)}-wal` : null }
}

function notedIn(directory: string): Seq | null {
  try {
    const text = readFileSync(join(directory, NOTE), 'latin1')
    return /^ *\d+\n$/.test(text) && text.length === WIDTH + 1 ? Number(text) : null
  } catch {
    return null
  }
}

function hasContent(log: string): boolean {
  const header = firstBytes(log, 4)
  return header?.length === 4 && (header.readUInt32BE() & ~1) === LOG_MAGIC
}

/** Forgets what was known, because somebody has accepted that it is lost. */
export function removeNote(directory: string): void {
  rmSync(join(directory, NOTE), { force: true })
}

/** The writing side. */
export class LastEntry {
  readonly #file: number

  constructor(directory: string, lastSeq: Seq) {
    const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants
    this.#file = openSync(join(directory, NOTE), O_RDWR | O_CREAT | O_NOFOLLOW, 0o600)
    this.write(lastSeq)
  }

  /** To be called after the commit. */
  write(lastSeq: Seq): void {
    try {
      writeSync(this.#file, `${String(lastSeq).padStart(WIDTH)}\n`, 0, 'latin1')
    } catch {
      // It may lag behind: the log has the entry.
    }
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** Says in the database's header that it is open. Where it can't be written now, it is not said. */
export function markOpen(database: DatabaseSync): void {
  const { application_id: id } = database.prepare('PRAGMA application_id').get() as { application_id: number }
  if (id === OPEN) return
  // The header that counts is that of the file without its write-ahead log.
  orUnavailable(() => database.exec(`PRAGMA application_id = ${OPEN}; PRAGMA wal_checkpoint`))
}

/** To be called before it is closed. */
export function markClosed(database: DatabaseSync): void {
  orUnavailable(() => database.exec('PRAGMA application_id = 0'))
}
