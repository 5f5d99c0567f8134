/**
 * The index of event ids: finds the entry of the log that has an id.
 *
 * Random ids make an index that is updated with each event the slowest part of a store, because every insert changes
 * another page. So ids are hashed, and the hashes are divided into 64 slices. The newest ids stay in memory; when there
 * are too many, one slice is written, sorted, into its part of the table. After a restart, the ids that were in memory
 * are read again from the log. docs/adr/0002-event-ids.md says what else was measured.
 *
 * An id that got lost from the index would be taken for a new one. So each slice has a checksum, and its rows in the
 * table are compared with it before they are used for the first time.
 */
import type { DatabaseSync } from 'node:sqlite'
import { type Seq, StoreDamaged } from '../storage.ts'
import { idHash } from './id-hash.ts'
import { damaged, IdSlice, type StoredSlice, statementsOn } from './id-slice.ts'

const SLICES = 64
const HASHES_PER_SLICE = 2 ** 48 / SLICES

/** With more ids than this in memory, a slice is written. They take some 20 MB, and up to 3 s to read again at the start. */
const UNWRITTEN_MAX = 2 ** 19

export class IdIndex {
  #seed: number
  #slices: IdSlice[]

  static create(database: DatabaseSync): void {
    database.exec(`
      CREATE TABLE IF NOT EXISTS event_ids (hash INTEGER, seq INTEGER, PRIMARY KEY (hash, seq)) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS event_id_slices (
        slice INTEGER PRIMARY KEY, written_to INTEGER NOT NULL, ids INTEGER NOT NULL, filter BLOB NOT NULL,
        sum INTEGER NOT NULL, checksum INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE IF NOT EXISTS event_id_seed (seed INTEGER PRIMARY KEY) STRICT;
      INSERT INTO event_id_seed SELECT abs(random()) % 4294967296 WHERE NOT EXISTS (SELECT * FROM event_id_seed)`)
  }

  /** @throws StoreDamaged */
  constructor(database: DatabaseSync) {
    const seed = database.prepare('SELECT seed FROM event_id_seed').get()?.seed as number | undefined
    if (seed === undefined) throw new StoreDamaged('the seed of the event ids is missing')
    this.#seed = seed
    const statements = statementsOn(database)
    this.#slices = Array.from({ length: SLICES }, (_, i) => new IdSlice(statements, seed, i, HASHES_PER_SLICE))
    for (const stored of database.prepare('SELECT * FROM event_id_slices').all() as unknown as StoredSlice[]) {
      const slice = this.#slices[stored.slice]
      if (!slice) throw damaged()
      slice.load(stored)
    }
  }

  /** Entries after this one have to be given to `add` again at the start. */
  get writtenTo(): Seq {
    return Math.min(...this.#slices.map(({ writtenTo }) => writtenTo))
  }

  /** The last entry of which it is known that it was in the log. */
  get lastWritten(): Seq {
    return Math.max(...this.#slices.map(({ writtenTo }) => writtenTo))
  }

  /** The entries that may have this id: the one that has it, and very rarely another one with the same hash. */
  candidates(id: string): Seq[] {
    const hash = idHash(id, this.#seed)
    return this.#sliceOf(hash).candidates(id, hash)
  }

  /** Remembers the id of a committed entry. */
  add(id: string, seq: Seq): void {
    this.#sliceOf(idHash(id, this.#seed)).add(id, seq)
  }

  /** How many ids are in memory only. */
  get unwritten(): number {
    return this.#slices.reduce((sum, { unwritten }) => sum + unwritten, 0)
  }

  get isFull(): boolean {
    return this.unwritten > UNWRITTEN_MAX
  }

  /**
   * Writes the slice that was written the longest ago, inside the caller's transaction, where `upTo` is the last entry of
   * the log. The returned function is to be called after the commit: only then the ids leave the memory.
   */
  writeSlice(upTo: Seq): () => void {
    const oldest = this.#slices.reduce((oldest, slice) => (slice.writtenTo < oldest.writtenTo ? slice : oldest))
    return oldest.write(upTo)
  }

  /** Compares the whole table with the checksums. @throws StoreDamaged */
  verifyAll(): void {
    for (const slice of this.#slices) slice.verify()
  }

  /** Compares the index with the log: is to be given every entry, and then returns how many slices do not fit. */
  comparison(): { add: (id: string, seq: Seq) => void; differing: () => number } {
    const slices = this.#slices.map(slice => slice.comparison())
    return {
      add: (id, seq) => {
        const hash = idHash(id, this.#seed)
        slices[Math.floor(hash / HASHES_PER_SLICE)]!.add(hash, seq)
      },
      differing: () => slices.filter(slice => !slice.fits()).length,
    }
  }

  #sliceOf(hash: number): IdSlice {
    return this.#slices[Math.floor(hash / HASHES_PER_SLICE)]!
  }
}
