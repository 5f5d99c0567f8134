/** The event log: one row for each accepted event, in the order of arrival. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type AppendOutcome, type LogEntry, type Seq, StoreDamaged, type StoredEntry } from '../storage.ts'
import { entrySum } from './checksum.ts'
import { packId } from './event-id.ts'
import { IdIndex } from './id-index.ts'
import { LogPages } from './log-pages.ts'
import { createLostEntries } from './lost-entries.ts'

/** How many entries are read at a time where their ids are read again. */
const PAGE = 1_000

export function createEventLog(database: DatabaseSync): void {
  database.exec(`CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, id ANY NOT NULL, content TEXT NOT NULL, ruling TEXT, checksum INTEGER
  ) STRICT`)
  createLostEntries(database)
  IdIndex.create(database)
}

/** Writes rows of the log. */
export class EntryWriter {
  #insert: StatementSync

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(
      'INSERT INTO events (seq, at, id, content, ruling, checksum) VALUES (?, ?, ?, ?, ?, ?)',
    )
  }

  write(entry: StoredEntry): void {
    const { seq, timestamp, id, content, decision } = entry
    this.#insert.run(seq, timestamp, packId(id), content, decision || null, entrySum(entry))
  }
}

export class EventLog {
  #ids: IdIndex
  #lastSeq: Seq
  #writer: EntryWriter
  #pages: LogPages

  /**
   * `known`: the position of an entry that the log is known to have had; 0 for none. `readIdsAgain` has to be called before
   * the other methods.
   * @throws StoreDamaged
   */
  constructor(database: DatabaseSync, known: Seq) {
    this.#writer = new EntryWriter(database)
    this.#pages = new LogPages(database)
    this.#ids = new IdIndex(database)
    this.#lastSeq = this.#pages.last()
    if (this.#lastSeq > 0) this.#pages.at(this.#lastSeq)
    const least = Math.max(this.#ids.lastWritten, known)
    if (this.#lastSeq < least) {
      throw new StoreDamaged(`the event log ends with entry ${this.#lastSeq}, not with ${least}`)
    }
  }

  get lastSeq(): Seq {
    return this.#lastSeq
  }

  /** The outcome that `append` would have for each entry. */
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
      const entry = this.#pages.at(seq)
      if (entry.id === id) return entry
    }
    return undefined
  }

  /**
   * Inserts the new entries, inside the caller's transaction. The returned `committed` is to be called after the commit, and
   * not where the transaction is rolled back.
   */
  append(entries: readonly LogEntry[]): { outcomes: AppendOutcome[]; committed: () => void } {
    const outcomes = this.compare(entries)
    const accepted = entries.filter((_, i) => outcomes[i] === 'accepted')
    const first = this.#lastSeq + 1
    for (const [i, { timestamp, id, content, decision }] of accepted.entries()) {
      this.#writer.write({ seq: first + i, timestamp, id, content, decision })
    }
    const committed = () => {
      for (const [i, { id }] of accepted.entries()) this.#ids.add(id, first + i)
      this.#lastSeq += accepted.length
    }
    return { outcomes, committed }
  }

  /** Whether so many ids are in memory that `writeIds` is due. */
  get idsAreDue(): boolean {
    return this.#ids.isFull
  }

  /** Writes a part of the ids, inside the caller's transaction. The returned function is to be called after the commit. */
  writeIds(): () => void {
    return this.#ids.writeSlice(this.#lastSeq)
  }

  /** Whether a start would have to read ids again from the log. */
  get idsAreUnwritten(): boolean {
    return this.#ids.unwritten > 0
  }

  /** Reads the ids that are not in their index yet. @throws StoreDamaged */
  readIdsAgain(transaction: <T>(work: () => T) => T): void {
    for (let seq = this.#ids.writtenTo; seq < this.#lastSeq; ) {
      for (const entry of this.#pages.read(seq, PAGE)) {
        this.#ids.add(entry.id, entry.seq)
        seq = entry.seq
      }
      if (this.#ids.isFull) transaction(() => this.#ids.writeSlice(seq))()
    }
  }
}

function isSame(a: LogEntry, b: LogEntry): boolean {
  return a.timestamp === b.timestamp && a.content === b.content
}
