/** What everything is compared with: events in one plain SQLite table with a unique index on the event id. */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { LogEntry } from '../src/storage/storage.ts'

const SCHEMA = `CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, content TEXT NOT NULL)`

/** Those of the service's writing connection, so that only what is done with them differs. */
const SAME_AS_SERVICE = `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 8192; PRAGMA cache_size = -32768;`

/** Gives up durability for speed: only for filling a table before anything is measured. */
const FAST = 'PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -4194304;'

export class PlainTable {
  #database: DatabaseSync
  #insert: StatementSync

  constructor(file: string, mode: 'measured' | 'filled') {
    this.#database = new DatabaseSync(file)
    this.#database.exec(mode === 'measured' ? SAME_AS_SERVICE : FAST)
    this.#database.exec(SCHEMA)
    this.#insert = this.#database.prepare('INSERT INTO events (id, at, content) VALUES (?, ?, ?)')
  }

  /** One transaction. */
  insert(entries: readonly LogEntry[]): void {
    this.#database.exec('BEGIN')
    for (const { id, timestamp, content } of entries) this.#insert.run(id, timestamp, content)
    this.#database.exec('COMMIT')
  }

  close(): void {
    this.#database.close()
  }
}
