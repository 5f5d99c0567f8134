/** One slice of the index of event ids: those whose hash is in one of 64 ranges. */
import type { DatabaseSync } from 'node:sqlite'
import { type Seq, StoreDamaged } from '../storage.ts'
import { BloomFilter } from './bloom-filter.ts'
import { bytesSum } from './checksum.ts'
import { idHash } from './id-hash.ts'

const SMALLEST_FILTER = 2_048

/** How many rows there are, and a sum over them: rows that agree in both are taken for the same. */
interface RowSum {
  ids: number
  sum: number
}

/** A prime and a factor with which neither SQLite nor JavaScript rounds. */
const PRIME = 2 ** 31 - 1
const FACTOR = 31

/** The sum with one more row, as the statement `sum` makes it. */
const withRow = ({ ids, sum }: RowSum, hash: number, seq: Seq): RowSum => ({
  ids: ids + 1,
  sum: (sum + (((hash % PRIME) * FACTOR + seq) % PRIME)) % PRIME,
})

/** What is stored of a slice beside its rows. */
export interface StoredSlice extends RowSum {
  slice: number
  written_to: Seq
  filter: Uint8Array
  /** Over all of this. */
  checksum: number
}

export type Statements = ReturnType<typeof statementsOn>

export function statementsOn(database: DatabaseSync) {
  return {
    find: database.prepare('SELECT seq FROM event_ids WHERE hash = ?'),
    insert: database.prepare('INSERT INTO event_ids (hash, seq) VALUES (?, ?)'),
    hashes: database.prepare('SELECT hash FROM event_ids WHERE hash >= ? AND hash < ?'),
    sum: database.prepare(`
      SELECT count(*) AS ids, coalesce(sum((hash % ${PRIME} * ${FACTOR} + seq) % ${PRIME}), 0) % ${PRIME} AS sum
      FROM event_ids WHERE hash >= ? AND hash < ?`),
    save: database.prepare(
      'INSERT OR REPLACE INTO event_id_slices (slice, written_to, ids, sum, filter, checksum) VALUES (?, ?, ?, ?, ?, ?)',
    ),
  }
}

export class IdSlice {
  /** Entries up to this one are in the table; the ids of later ones are in memory. */
  writtenTo: Seq = 0
  readonly #statements: Statements
  readonly #seed: number
  readonly #number: number
  /** The first hash, and that after the last one. */
  readonly #range: [from: number, to: number]
  #filter = BloomFilter.withCapacity(SMALLEST_FILTER)
  #written: RowSum = { ids: 0, sum: 0 }
  /** Whether the rows in the table are known to be as they were written. */
  #isVerified = false
  #unwritten = new Map<string, Seq>()

  /** `size`: how many hashes a slice has. */
  constructor(statements: Statements, seed: number, number: number, size: number) {
    this.#statements = statements
    this.#seed = seed
    this.#number = number
    this.#range = [number * size, (number + 1) * size]
  }

  /** @throws StoreDamaged */
  load({ written_to, ids, sum, filter, checksum }: StoredSlice): void {
    const isWhole = filter instanceof Uint8Array && checksum === this.#checksum(written_to, { ids, sum }, filter)
    if (!isWhole) throw damaged()
    this.writtenTo = written_to
    this.#written = { ids, sum }
    this.#filter = new BloomFilter(filter)
  }

  /** How many ids are in memory only. */
  get unwritten(): number {
    return this.#unwritten.size
  }

  /** As `IdIndex.candidates`. */
  candidates(id: string, hash: number): Seq[] {
    const seq = this.#unwritten.get(id)
    if (seq !== undefined) return [seq]
    if (!this.#filter.mayContain(hash)) return []
    this.verify()
    return this.#statements.find.all(hash).map(row => row.seq as Seq)
  }

  add(id: string, seq: Seq): void {
    if (seq > this.writtenTo) this.#unwritten.set(id, seq)
  }

  /** As `IdIndex.writeSlice`. */
  write(upTo: Seq): () => void {
    this.verify()
    const rows = [...this.#unwritten].map(([id, seq]) => ({ hash: idHash(id, this.#seed), seq }))
    let written = this.#written
    for (const { hash, seq } of rows.sort((a, b) => a.hash - b.hash)) {
      this.#statements.insert.run(hash, seq)
      written = withRow(written, hash, seq)
    }
    const filter = this.#filterWith(rows.map(({ hash }) => hash))
    const checksum = this.#checksum(upTo, written, filter.bytes)
    this.#statements.save.run(this.#number, upTo, written.ids, written.sum, filter.bytes, checksum)
    return () => {
      this.writtenTo = upTo
      this.#written = written
      this.#filter = filter
      this.#unwritten = new Map()
    }
  }

  /** Compares the rows in the table with their sum, but only once. @throws StoreDamaged */
  verify(): void {
    if (!this.#isVerified && !this.#hasWritten(this.#statements.sum.get(...this.#range) as unknown as RowSum))
      throw damaged()
    this.#isVerified = true
  }

  /** As `IdIndex.comparison`, of the entries that belong to the slice. */
  comparison(): { add: (hash: number, seq: Seq) => void; fits: () => boolean } {
    let found: RowSum = { ids: 0, sum: 0 }
    let isFiltered = true
    const add = (hash: number, seq: Seq) => {
      if (seq > this.writtenTo) return
      found = withRow(found, hash, seq)
      isFiltered &&= this.#filter.mayContain(hash)
    }
    return { add, fits: () => isFiltered && this.#hasWritten(found) }
  }

  #hasWritten({ ids, sum }: RowSum): boolean {
    return ids === this.#written.ids && sum === this.#written.sum
  }

  #checksum(writtenTo: Seq, { ids, sum }: RowSum, filter: Uint8Array): number {
    return bytesSum(filter, this.#seed, this.#number, writtenTo, ids, sum)
  }

  /** The filter with these hashes too. Where they are too many for it, a larger one is made from the table. */
  #filterWith(hashes: readonly number[]): BloomFilter {
    const count = this.#written.ids + hashes.length
    const isLarger = count > this.#filter.capacity
    const filter = isLarger ? BloomFilter.withCapacity(count * 1.5) : this.#filter.copy()
    if (isLarger) for (const row of this.#statements.hashes.iterate(...this.#range)) filter.add(row.hash as number)
    else for (const hash of hashes) filter.add(hash)
    return filter
  }
}

export const damaged = () => new StoreDamaged('the index of event ids is not as it was written')
