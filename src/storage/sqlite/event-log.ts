/** The event log: one row for each accepted event, in the order of arrival. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AppendOutcome, Instant, LogEntry, Seq, StoredEntry } from '../storage.ts'
import { packId, unpackId } from './event-id.ts'
import { IdIndex } from './id-index.ts'

export const COLUMNS = 'seq, at, id, content, ruling'

export function createEventLog(database: DatabaseSync): void {
  database.exec(`CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, id ANY NOT NULL, content TEXT NOT NULL, ruling TEXT
  ) STRICT`)
  IdIndex.create(database)
}

interface Row {
  seq: Seq
  at: Instant
  id: string | Uint8Array
  content: string
  ruling: string | null
}

export function toEntry(row: unknown): StoredEntry {
  const { seq, at, id, content, ruling } = row as Row
  return { seq, id: unpackId(id), timestamp: at, content, ruling: ruling ?? '' }
}

/** Reads the log in its order. */
export class LogPages {
  #after: StatementSync

  constructor(database: DatabaseSync) {
    this.#after = database.prepare(`SELECT ${COLUMNS} FROM events WHERE seq > ? ORDER BY seq LIMIT ?`)
  }

  read(after: Seq, limit: number): StoredEntry[] {
    return this.#after.all(after, limit).map(toEntry)
  }
}

export class EventLog {
  #ids: IdIndex
  #lastSeq: Seq
  #insert: StatementSync
  #bySeq: StatementSync

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare('INSERT INTO events (seq, at, id, content, ruling) VALUES (?, ?, ?, ?, ?)')
    this.#bySeq = database.prepare(`SELECT ${COLUMNS} FROM events WHERE seq = ?`)
    this.#ids = new IdIndex(database)
    this.#lastSeq = (database.prepare('SELECT coalesce(max(seq), 0) AS seq FROM events').get() as { seq: Seq }).seq
    this.#readIdsAgain(database)
  }

  get lastSeq(): Seq {
    return this.#lastSeq
  }

  /** What `append` would say of each entry. */
  compare(entries: readonly LogEntry[]): AppendOutcome[] {
    const added = new Map<string, LogEntry>()
    return entries.map(entry => {
      const known = added.get(entry.id) ?? this.find(entry.id)
      if (known) return isSame(known, entry) ? 'duplicate' : 'conflict'
      added.set(entry.id, entry)
      return 'accepted'
    })
  }

  find(id: string): StoredEntry | undefined {
    for (const seq of this.#ids.candidates(id)) {
      const entry = toEntry(this.#bySeq.get(seq))
      if (entry.id === id) return entry
    }
    return undefined
  }

  /**
   * Inserts what is new, inside the caller's transaction. The returned `committed` is to be called after the commit;
   * where it is not, nothing of the call is remembered.
   */
  append(entries: readonly LogEntry[]): { outcomes: AppendOutcome[]; committed: () => void } {
    const outcomes = this.compare(entries)
    const accepted = entries.filter((_, i) => outcomes[i] === 'accepted')
    const first = this.#lastSeq + 1
    for (const [i, { timestamp, id, content, ruling }] of accepted.entries()) {
      this.#insert.run(first + i, timestamp, packId(id), content, ruling || null)
    }
    const committed = () => {
      for (const [i, { id }] of accepted.entries()) this.#ids.add(id, first + i)
      this.#lastSeq += accepted.length
    }
    return { outcomes, committed }
  }

  /** Whether ids wait to be written to their index; `writeIds` is then due. */
  get idsAreDue(): boolean {
    return this.#ids.isFull
  }

  /** Writes a part of the ids, inside the caller's transaction; the returned function is to be called after the commit. */
  writeIds(): () => void {
    return this.#ids.writeSlice(this.#lastSeq)
  }

  /** Whether a start would have to read ids again from the log. */
  get idsAreUnwritten(): boolean {
    return this.#ids.unwritten > 0
  }

  #readIdsAgain(database: DatabaseSync): void {
    const unwritten = database.prepare('SELECT seq, id FROM events WHERE seq > ?').iterate(this.#ids.writtenTo)
    for (const row of unwritten) this.#ids.add(unpackId(row.id as string | Uint8Array), row.seq as Seq)
  }
}

function isSame(a: LogEntry, b: LogEntry): boolean {
  return a.timestamp === b.timestamp && a.content === b.content
}
