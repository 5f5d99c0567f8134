/** The entries of the log that are lost, and those that were written before there were checksums. */
import type { DatabaseSync } from 'node:sqlite'
import type { Seq } from '../storage.ts'

/** The positions from `first` to `last`, both included. */
export interface SeqRange {
  first: Seq
  last: Seq
}

export function createLostEntries(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE IF NOT EXISTS lost_entries (first INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS unchecked_entries (last INTEGER PRIMARY KEY) STRICT`)
}

/** The entries whose loss was accepted. Reading the log passes over their positions. */
export class LostEntries {
  readonly ranges: readonly SeqRange[]
  /** Entries up to this one may have no checksum. */
  readonly uncheckedTo: Seq

  constructor(database: DatabaseSync) {
    this.ranges = database.prepare('SELECT first, last FROM lost_entries ORDER BY first').all() as unknown as SeqRange[]
    const row = database.prepare('SELECT max(last) AS last FROM unchecked_entries').get() as { last: Seq | null }
    this.uncheckedTo = row.last ?? 0
  }

  /** The first position from `seq` on that is not lost. */
  next(seq: Seq): Seq {
    const range = this.ranges.find(({ first, last }) => seq >= first && seq <= last)
    return range ? range.last + 1 : seq
  }
}
