/**
 * Notices where the end of a store is lost. SQLite itself does not: to it, a store without its write-ahead log is a complete
 * one that ends earlier.
 *
 * - The file `last-entry` has the position of the last entry. It is written after each commit and never synced, so that it
 *   costs some microseconds: after a power failure it may lag behind the log, but the log is never behind it.
 * - Where only `undersounds-stats.db` was copied, that file is missing. So the header of the database has a mark while a
 *   service has it open: a marked database must have a write-ahead log.
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
/** The offset of `application_id` in the file. */
const APPLICATION_ID_AT = 68
/** The first four bytes of a write-ahead log, without the last bit. */
const LOG_MAGIC = 0x377f0682

export interface KnownEnd {
  /** There was an entry at this position; 0: nothing is known. */
  lastSeq: Seq
  /** The file that is missing; null where none is, as far as that is known. */
  missing: string | null
}

/** `file` is the path of the database. */
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

/** Removes the file `last-entry`, once the loss is accepted. */
export function removeNote(directory: string): void {
  rmSync(join(directory, NOTE), { force: true })
}

/** Writes the file `last-entry`. */
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
      // The file may lag behind, because the log has the entry.
    }
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** Marks the database as open in its header, if it can be written now. */
export function markOpen(database: DatabaseSync): void {
  const { application_id: id } = database.prepare('PRAGMA application_id').get() as { application_id: number }
  if (id === OPEN) return
  // The checkpoint writes the mark into the file itself: `knownEnd` reads it there, without the write-ahead log.
  orUnavailable(() => database.exec(`PRAGMA application_id = ${OPEN}; PRAGMA wal_checkpoint`))
}

/** Removes the mark. To be called before the database is closed. */
export function markClosed(database: DatabaseSync): void {
  orUnavailable(() => database.exec('PRAGMA application_id = 0'))
}
