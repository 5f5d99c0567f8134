/**
 * The index of event ids: which entry of the log, if any, has a given id.
 *
 * Random ids make an index that is updated event by event the slowest part of a store: every insert dirties another
 * page. So ids are hashed to 48 bits and cut into 64 slices by their first bits; the newest stay in memory, and when
 * there are too many of them, one slice after the other is written, sorted, into its part of the table. What is in
 * memory is read again from the log at the start. A Bloom filter for each slice, stored with it, spares look-ups of ids
 * never seen. The hash only finds candidates: the log compares the ids themselves.
 *
 * An id that is lost from the index would be taken for a new one. So each slice bears a checksum and knows the sum of its
 * part of the table, which is compared before that part is used for the first time.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type Seq, StoreDamaged } from '../storage.ts'
import { BloomFilter } from './bloom-filter.ts'
import { bytesSum } from './checksum.ts'
import { UnwrittenIds } from './unwritten-ids.ts'

const SLICES = 64
const SLICE_SIZE = 2 ** 42

/** More unwritten ids than this, and a slice is written: some 16 MB of memory, and half a second at the start. */
const UNWRITTEN_MAX = 2 ** 19

/** Of a sum over pairs of a hash and an entry, which SQLite and JavaScript can both compute without rounding. */
const PRIME = 2 ** 31 - 1
const FACTOR = 31

interface Slice {
  /** Entries up to this one are in the table. */
  writtenTo: Seq
  filter: BloomFilter
  /** Over the part of the table. */
  sum: number
  unwritten: UnwrittenIds
  /** Whether the part of the table is known to be as it was written. */
  isCompared: boolean
}

export class IdIndex {
  #slices: Slice[]
  #seed: number
  #unwritten = 0
  #find: StatementSync
  #insert: StatementSync
  #save: StatementSync
  #hashes: StatementSync
  #total: StatementSync

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

  constructor(database: DatabaseSync) {
    this.#find = database.prepare('SELECT seq FROM event_ids WHERE hash = ?')
    this.#insert = database.prepare('INSERT INTO event_ids (hash, seq) VALUES (?, ?)')
    this.#save = database.prepare(
      'INSERT OR REPLACE INTO event_id_slices (slice, written_to, ids, filter, sum, checksum) VALUES (?, ?, ?, ?, ?, ?)',
    )
    this.#hashes = database.prepare('SELECT hash FROM event_ids WHERE hash >= ? AND hash < ?')
    this.#total = database.prepare(`
      SELECT count(*) AS ids, coalesce(sum((hash % ${PRIME} * ${FACTOR} + seq) % ${PRIME}), 0) % ${PRIME} AS sum
      FROM event_ids WHERE hash >= ? AND hash < ?`)
    // A secret seed: nobody can choose ids whose hashes meet.
    const seed = database.prepare('SELECT seed FROM event_id_seed').get() as { seed: number } | undefined
    if (!seed) throw new StoreDamaged('the seed of the event ids is missing')
    this.#seed = seed.seed
    this.#slices = Array.from({ length: SLICES }, emptySlice)
    const select = database.prepare('SELECT slice, written_to, ids, filter, sum, checksum FROM event_id_slices')
    for (const row of select.all() as unknown as SliceRow[]) this.#slices[row.slice] = this.#sliceFrom(row)
  }

  /** Entries after this one have to be given to `add` again at the start. */
  get writtenTo(): Seq {
    return Math.min(...this.#slices.map(slice => slice.writtenTo))
  }

  /** The last entry of which it is known that it was in the log. */
  get lastWritten(): Seq {
    return Math.max(...this.#slices.map(slice => slice.writtenTo))
  }

  /** The entries that may have this id: all that do, and very rarely another one. */
  candidates(id: string): Seq[] {
    const hash = hash48(id, this.#seed)
    const slice = this.#sliceOf(hash)
    const found = slice.unwritten.find(hash)
    if (slice.filter.mayContain(hash)) {
      this.#compare(slice, hash)
      for (const row of this.#find.iterate(hash)) found.push(row.seq as number)
    }
    return found
  }

  /** Remembers the id of a committed entry. */
  add(id: string, seq: Seq): void {
    const hash = hash48(id, this.#seed)
    const slice = this.#sliceOf(hash)
    if (seq <= slice.writtenTo) return
    slice.unwritten.add(hash, seq)
    this.#unwritten++
  }

  /** How many ids are in memory only. */
  get unwritten(): number {
    return this.#unwritten
  }

  get isFull(): boolean {
    return this.#unwritten > UNWRITTEN_MAX
  }

  /**
   * Writes the slice that was written the longest ago, inside the caller's transaction, as it stands at the log's entry
   * `upTo`. The returned function is to be called after the commit: only then memory lets go of what was written.
   */
  writeSlice(upTo: Seq): () => void {
    const oldest = this.writtenTo
    const number = this.#slices.findIndex(({ writtenTo }) => writtenTo === oldest)
    const slice = this.#slices[number] as Slice
    this.#compare(slice, number * SLICE_SIZE)
    const { hashes, seqs } = slice.unwritten.sorted()
    let { sum } = slice
    for (let i = 0; i < hashes.length; i++) {
      this.#insert.run(hashes[i] as number, seqs[i] as number)
      sum = addPair(sum, hashes[i] as number, seqs[i] as number)
    }
    const filter = this.#grown(number, slice.filter, hashes)
    const { bytes, count } = filter
    this.#save.run(number, upTo, count, bytes, sum, bytesSum(bytes, this.#seed, number, upTo, count, sum))
    return () => {
      this.#unwritten -= slice.unwritten.size
      this.#slices[number] = { writtenTo: upTo, filter, sum, unwritten: new UnwrittenIds(), isCompared: true }
    }
  }

  /** Compares the whole table with the slices. @throws StoreDamaged */
  compareAll(): void {
    for (const [number, slice] of this.#slices.entries()) this.#compare(slice, number * SLICE_SIZE)
  }

  /** Compares the log with the slices: it is to be given every entry, and then says which slices it does not fit. */
  comparison(): { add: (id: string, seq: Seq) => void; differing: () => number[] } {
    const seen = this.#slices.map(() => ({ ids: 0, sum: 0, isFiltered: true }))
    const add = (id: string, seq: Seq) => {
      const hash = hash48(id, this.#seed)
      const number = Math.floor(hash / SLICE_SIZE)
      const { writtenTo, filter } = this.#slices[number] as Slice
      if (seq > writtenTo) return
      const found = seen[number]!
      found.ids++
      found.sum = addPair(found.sum, hash, seq)
      found.isFiltered &&= filter.mayContain(hash)
    }
    const differs = ({ sum, filter }: Slice, number: number) => {
      const found = seen[number]!
      return !found.isFiltered || found.sum !== sum || found.ids !== filter.count
    }
    const differing = () =>
      this.#slices
        .keys()
        .filter(number => differs(this.#slices[number]!, number))
        .toArray()
    return { add, differing }
  }

  #sliceFrom({ slice, written_to, ids, filter, sum, checksum }: SliceRow): Slice {
    const isSlice = Number.isInteger(slice) && slice >= 0 && slice < SLICES && filter instanceof Uint8Array
    if (!isSlice || checksum !== bytesSum(filter, this.#seed, slice, written_to, ids, sum)) {
      throw new StoreDamaged('the index of event ids is not as it was written')
    }
    return { ...emptySlice(), writtenTo: written_to, filter: new BloomFilter(ids, filter), sum }
  }

  /** @throws StoreDamaged where the part of the table with this hash is not as it was written */
  #compare(slice: Slice, hash: number): void {
    if (slice.isCompared) return
    const start = Math.floor(hash / SLICE_SIZE) * SLICE_SIZE
    const found = this.#total.get(start, start + SLICE_SIZE) as { ids: number; sum: number }
    if (found.ids !== slice.filter.count || found.sum !== slice.sum) {
      throw new StoreDamaged('the table of event ids is not as it was written')
    }
    slice.isCompared = true
  }

  #sliceOf(hash: number): Slice {
    return this.#slices[Math.floor(hash / SLICE_SIZE)] as Slice
  }

  /** The filter with the hashes added; where they no longer fit, a larger one made from the table. */
  #grown(slice: number, filter: BloomFilter, hashes: Float64Array): BloomFilter {
    const count = filter.count + hashes.length
    const larger = count > filter.capacity
    const grown = larger ? BloomFilter.withCapacity(count * 1.5) : filter.copy()
    if (!larger) for (const hash of hashes) grown.add(hash)
    else {
      for (const row of this.#hashes.iterate(slice * SLICE_SIZE, (slice + 1) * SLICE_SIZE))
        grown.add(row.hash as number)
    }
    return grown
  }
}

interface SliceRow {
  slice: number
  written_to: Seq
  ids: number
  filter: Uint8Array
  sum: number
  checksum: number
}

const emptySlice = (): Slice => ({
  writtenTo: 0,
  filter: new BloomFilter(),
  sum: 0,
  unwritten: new UnwrittenIds(),
  isCompared: false,
})

/** As the table is summed up in SQL. */
const addPair = (sum: number, hash: number, seq: Seq): number =>
  (sum + (((hash % PRIME) * FACTOR + seq) % PRIME)) % PRIME

/** 48 bits of a seeded hash: two rounds of multiply-and-mix over the code units, finished as in MurmurHash3. */
function hash48(text: string, seed: number): number {
  let low = seed | 0
  let high = ~seed | 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    low = Math.imul(low ^ unit, 0x9e3779b1)
    low ^= low >>> 15
    high = Math.imul(high ^ unit, 0x85ebca77)
    high ^= high >>> 13
  }
  low = finish(low ^ Math.imul(high, 0xc2b2ae35))
  high = finish(high ^ low)
  return (high >>> 16) * 2 ** 32 + (low >>> 0)
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
