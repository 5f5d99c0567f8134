/** Reads the log, and checks that each entry is as it was written. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type Instant, type Seq, StoreDamaged, type StoredEntry } from '../storage.ts'
import { entrySum } from './checksum.ts'
import { unpackId } from './event-id.ts'
import { LostEntries } from './lost-entries.ts'

/** Bytes of entries read at a time, plus or minus one entry. An event of a dump may have a million. */
const PAGE_BYTES = 2 ** 20

const COLUMNS = 'seq, at, id, content, ruling, checksum'

interface Row {
  seq: Seq
  at: Instant
  id: string | Uint8Array
  content: string
  ruling: string | null
  checksum: number | null
}

export class LogPages {
  readonly lost: LostEntries
  #after: StatementSync
  #size: StatementSync
  #bySeq: StatementSync
  #last: StatementSync

  constructor(database: DatabaseSync) {
    this.lost = new LostEntries(database)
    this.#after = database.prepare(`SELECT ${COLUMNS} FROM events WHERE seq > ? ORDER BY seq LIMIT ?`)
    this.#size = database.prepare(
      'SELECT total(octet_length(content)) AS bytes FROM (SELECT content FROM events WHERE seq > ? ORDER BY seq LIMIT ?)',
    )
    this.#bySeq = database.prepare(`SELECT ${COLUMNS} FROM events WHERE seq = ?`)
    this.#last = database.prepare('SELECT coalesce(max(seq), 0) AS seq FROM events')
  }

  /** As `LogReader.readLog`. @throws StoreDamaged where an entry is missing, or not as it was written */
  read(after: Seq, limit: number): StoredEntry[] {
    // This is read first, so that entries appended meanwhile do not count as missing.
    const last = this.last()
    let expected = after + 1
    // SQLite knows the sizes without reading the texts. Reading rows one by one costs twice as much as all at once.
    const { bytes } = this.#size.get(after, limit) as { bytes: number }
    const rows = bytes <= PAGE_BYTES ? this.#after.all(after, limit) : this.#after.iterate(after, limit)
    const entries: StoredEntry[] = []
    let characters = 0
    for (const row of rows) {
      const entry = this.#checked(row as unknown as Row)
      if (entry.seq !== expected) expected = this.lost.next(expected)
      if (entry.seq !== expected++) throw missing(expected - 1)
      entries.push(entry)
      characters += entry.content.length
      if (characters >= PAGE_BYTES) return entries
    }
    if (entries.length < limit && this.lost.next(expected) <= last) throw missing(expected)
    return entries
  }

  /** The entry at `seq`. @throws StoreDamaged where there is none, or not as it was written */
  at(seq: Seq): StoredEntry {
    const row = this.#bySeq.get(seq) as unknown as Row | undefined
    if (!row) throw missing(seq)
    return this.#checked(row)
  }

  /** Whether the log has a row at `seq`, even an unreadable one. */
  has(seq: Seq): boolean {
    return this.#bySeq.get(seq) !== undefined
  }

  /** The position of the last entry; 0 for an empty log. */
  last(): Seq {
    return (this.#last.get() as { seq: Seq }).seq
  }

  #checked({ seq, at, id, content, ruling, checksum }: Row): StoredEntry {
    const isReadable =
      typeof at === 'number' &&
      typeof content === 'string' &&
      (typeof id === 'string' || id instanceof Uint8Array) &&
      (typeof ruling === 'string' || ruling === null)
    if (!isReadable) throw damaged(seq)
    const entry = { seq, id: unpackId(id), timestamp: at, content, decision: ruling ?? '' }
    if (checksum === null ? seq > this.lost.uncheckedTo : checksum !== entrySum(entry)) throw damaged(seq)
    return entry
  }
}

const damaged = (seq: Seq) => new StoreDamaged(`entry ${seq} of the event log is not as it was written`)
const missing = (seq: Seq) => new StoreDamaged(`entry ${seq} of the event log is missing`)
