/**
 * The storage port: all that the service asks of a store, written as obligations.
 *
 * The port speaks of a log, of tables of cells, and of documents. It knows nothing of artists or plays: what a cell
 * means is declared by a projection (`../projections/projection.ts`), what a question means by a query (`../queries/`).
 * Every adapter must pass `test/storage-contract.ts`.
 */

/** An instant: integer milliseconds since 1970-01-01T00:00Z, negative before. */
export type Instant = number

/** Position of an event in the log: 1, 2, 3, … without meaning beyond its order. */
export type Seq = number

/** Every offset of every zone in use is a multiple of it, so a quarter of an hour is the finest time bucket. */
export const QUARTER_MS = 900_000

/** What the log keeps of an event. `content` and `ruling` are opaque to the store. */
export interface LogEntry {
  /** The event id: identifies the event for ever. */
  id: string
  timestamp: Instant
  /** The normalised content: two entries with one id are the same event exactly if timestamp and content are equal. */
  content: string
  /** What the service decided on arrival (see `../events/event.ts`); kept with the event, no part of its identity. */
  ruling: string
}

export interface StoredEntry extends LogEntry {
  seq: Seq
}

/**
 * `accepted`: written now. `duplicate`: the log, or an earlier entry of this call, holds the same event. `conflict`: it
 * holds another event under this id.
 */
export type AppendOutcome = 'accepted' | 'duplicate' | 'conflict'

/** The time from `from` on, up to but without `to`. */
export interface Interval {
  from: Instant
  to: Instant
}

/**
 * The instants that changes may have: the years 0 to 7710, as far as the embedded store can number its pages. The log
 * keeps entries of any instant.
 */
export const PROJECTABLE: Interval = {
  from: Date.parse('0000-01-01T00:00:00Z'),
  to: Date.parse('7711-01-01T00:00:00Z'),
}

/** All of time. */
export const ALWAYS: Interval = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }

/**
 * A table of cells, addressed by (key, field, time bucket). A projection declares it; the adapter builds whatever
 * serves it.
 */
export interface TableSpec {
  /** Letters and underscores; the name in the store. */
  name: string
  /** `counters`: a cell is a signed integer. `sets`: the fields are the members of the key's set. */
  kind: 'counters' | 'sets'
  /** The finest time that can be asked for: a quarter of an hour, a month of UTC, or only all of time. */
  bucket: 'quarter' | 'month' | 'none'
  /** Fields of a counters table that keep the greatest instant instead of adding up. */
  maxima: readonly string[]
  /** To be raised where other changes are made for the table than before: what it holds is then outdated. */
  version: number
  /** Names the id spaces of keys and fields: tables that share keys share a space, so that a string is stored once. */
  keys: string
  fields: string
}

/** A collection of documents. */
export interface CollectionSpec {
  name: string
  /** Whether questions read it. Its documents are then only put and added, never swapped or removed. */
  inQuestions: boolean
}

/** What a store has to keep beside the log. */
export interface StoreLayout {
  tables: readonly TableSpec[]
  collections: readonly CollectionSpec[]
}

/**
 * A step that a projection asks for. All of them commute, so that the order of events does not matter. `at` lies in
 * `PROJECTABLE`.
 */
export type Change =
  /** Adds `by` (an integer, may be negative) to a cell; a cell of 0 is the same as none. */
  | { op: 'increment'; table: string; key: string; field: string; at: Instant; by: number }
  /** Adds `field` to the set of `key`. */
  | { op: 'add'; table: string; key: string; field: string; at: Instant }
  /** Keeps the greatest instant `at` in the cell; only for fields that the table declares as maxima. */
  | { op: 'max'; table: string; key: string; field: string; at: Instant }

/** Changes in slices, made while they are taken. */
export type ChangeSlices = Iterable<Iterable<Change>> | AsyncIterable<Iterable<Change>>

/** Totals of one field for every key of a table, in columns: row `i` is one key. */
export interface Totals {
  readonly length: number
  /** The key of row `i`; resolved when asked, for most rows are never shown. */
  key(i: number): string
  /** The row of a key; undefined where it has none. */
  rowOf(key: string): number | undefined
  /** `sums[w][i]`: sum of the field in window `w`. */
  readonly sums: readonly Float64Array[]
  /** `latest[w][i]`: the greatest instant kept in window `w`; `-Infinity` where there is none. */
  readonly latest: readonly Float64Array[]
}

/** One cell as `scan` gives it, for comparing two stores: logical names, never an adapter's own ids. */
export interface Cell {
  /** Roll-ups are cells too; `all` in a table without time. */
  level: 'quarter' | 'month' | 'all'
  /** Start of the quarter or month in epoch milliseconds, 0 for `all`. */
  bucket: Instant
  key: string
  field: string
  /** The sum, or the greatest instant, or 1 for a member of a set. */
  value: number
}

/** Changes made ready to be written: the store's own form; it survives a structured clone. */
export interface Round {
  /** The checkpoint that it was made for. */
  readonly after: Seq
  /** The checkpoint that it leads to. */
  readonly upTo: Seq
}

/**
 * Makes rounds without writing anything, so that the work of it can be done on another thread than the writing. Each is
 * made for the checkpoint that the one before leads to.
 */
export interface RoundMaker {
  /**
   * Coalesces changes to one step for each cell, on top of what the store holds when `earlier` (the writing of the round
   * before) has resolved; collecting does not wait for it. The changes come in slices; between them, whatever else the
   * thread has to do gets its turn. Where it rejects, the changes are forgotten.
   */
  prepare(slices: ChangeSlices, after: Seq, upTo: Seq, earlier?: Promise<void>): Promise<Round>
  /** To be called when a round was written (`true`), or when rounds were not and never will be (`false`). */
  settled(written: boolean): void
}

export interface LogReader {
  /** The entries after `after`, ordered by `seq`, at most `limit`. */
  readLog(after: Seq, limit: number): Promise<StoredEntry[]>
}

/**
 * The reads. Intervals begin and end at multiples of `QUARTER_MS` (or are infinite), are in ascending order and do not
 * overlap; for time within a quarter there is `logBetween`.
 */
export interface Reads extends LogReader {
  /** The last `seq` that the projections contain; 0 where they contain none. */
  checkpoint(): Promise<Seq>
  /** For each interval, the sum (or maximum) per field over all `keys` of a counters table; fields without a cell are absent. */
  sums(table: string, keys: readonly string[], intervals: readonly Interval[]): Promise<Map<string, number>[]>
  /** For each interval, how many members the union of the keys' sets and `also[i]` has. */
  distinct(
    table: string,
    keys: readonly string[],
    intervals: readonly Interval[],
    also: readonly ReadonlySet<string>[],
  ): Promise<number[]>
  /**
   * The sum of `field` and the maximum of `latest` for every key that has a cell of either in one of the windows;
   * windows may overlap. With `among`, only for those keys.
   */
  totals(
    table: string,
    fields: { field: string; latest: string },
    windows: readonly Interval[],
    among?: ReadonlySet<string>,
  ): Promise<Totals>
  /** For each key, all its fields over all of time. Missing keys give an empty map. */
  rows(table: string, keys: readonly string[]): Promise<Map<string, number>[]>
  /** Start of the earliest quarter in which one of the keys has a cell; null where none has. Quarter tables only. */
  first(table: string, keys: readonly string[]): Promise<Instant | null>
  /** Every cell: the finest level first, then its roll-up if there is one; by time, key and field (UTF-16 code units). */
  scan(table: string): AsyncIterable<Cell>
  /**
   * The entries up to the checkpoint with a timestamp in the interval (to the millisecond) and in `PROJECTABLE`, in no
   * particular order.
   */
  logBetween(interval: Interval): AsyncIterable<StoredEntry>
  /** The values of the documents with these ids; ids without one are absent. Only of collections that questions read. */
  documents(collection: string, ids: readonly string[]): Promise<Map<string, string>>
  /** The ids of all documents of these groups. */
  documentsIn(collection: string, groups: readonly string[]): Promise<string[]>
}

/** The folding side on a thread of its own: rounds are made there, and written by `Storage.apply`. */
export interface FoldingStore extends LogReader {
  readonly rounds: RoundMaker
  close(): Promise<void>
}

/** A reader: may live on another thread than the writer. */
export interface StorageReader {
  /**
   * Runs one question against one consistent state: all its reads see the same checkpoint. Questions put to one reader
   * run one after the other.
   */
  snapshot<T>(question: (reads: Reads) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** A small durable document beside the log, such as a dead letter. */
export interface StoredDocument {
  id: string
  /** Documents are counted and listed by group. */
  group: string
  /** Grows with every put: the order of arrival, and the cursor of a listing. */
  order: number
  value: string
}

export interface DocumentChoice {
  ids?: readonly string[]
  orders?: readonly number[]
  group?: string
}

export interface Documents {
  /**
   * Durably writes documents; one with an id that is there takes its place and the newest order. Where more than
   * `max` are there afterwards, the oldest leave. Returns how many left.
   */
  put(collection: string, documents: readonly Omit<StoredDocument, 'order'>[], max: number): Promise<number>
  /** Durably writes a document unless its id is there already; says whether it did. The oldest leave as with `put`. */
  add(collection: string, document: Omit<StoredDocument, 'order'>, max: number): Promise<boolean>
  /**
   * Durably replaces a document's value where it is still `from`; its group and order stay. Says whether it did: of
   * several who try at once, one does.
   */
  swap(collection: string, id: string, from: string, to: string): Promise<boolean>
  get(collection: string, id: string): Promise<StoredDocument | null>
  /** Newest first, at most `limit`, older than `before` where it is given, of this group, or of any of these. */
  list(
    collection: string,
    page: { group?: string | readonly string[]; before?: number; limit: number },
  ): Promise<StoredDocument[]>
  /** How many documents each group has. */
  counts(collection: string): Promise<Map<string, number>>
  /** Removes the documents that fit all that is given, all of them where nothing is; returns how many. */
  remove(collection: string, which: DocumentChoice): Promise<number>
}

/** The writing side. A store has one, unless instances share it: opening a second one is refused. */
export interface Storage extends StorageReader, LogReader {
  /**
   * Whether opening it found the projections laid out for other tables than are declared now. They were emptied then, as
   * by `clearProjections`: what the log holds has to be projected again.
   */
  readonly wasOutdated: boolean
  /**
   * Appends entries in order. When it resolves, all accepted entries are durable (committed and synced), and each has
   * got its outcome by comparison with everything ever accepted, by whichever instance. When it throws, none of them was
   * written by an embedded store; of a distant one the answer may have got lost.
   * @throws StoreUnavailable where the store can't be written now; trying again later is safe.
   */
  append(entries: readonly LogEntry[]): Promise<AppendOutcome[]>
  /**
   * Takes in a part of what other instances have appended and put since; says whether there may be more. To be called
   * again and again; absent where a store has one writer only. @throws StoreUnavailable
   */
  pull?(): Promise<boolean>
  /** The greatest `seq` of the log, 0 for an empty one. */
  lastSeq(): Promise<Seq>
  /** The entry under this id, by whichever instance; null where the log has none. @throws StoreUnavailable as `append` */
  find(id: string): Promise<StoredEntry | null>
  /**
   * Writes a round and moves the checkpoint to its `upTo`, both or neither, durably. The entries up to it then belong to
   * `logBetween`.
   * @throws StoreUnavailable as `append`; nothing was written then.
   * @throws Error where the round was not made for the present checkpoint: no event is ever counted twice.
   */
  apply(round: Round): Promise<void>
  /** Makes rounds on this thread. */
  readonly rounds: RoundMaker
  /** Empties all projection tables, lays them out as declared, and sets the checkpoint to 0. Log and documents stay. */
  clearProjections(): Promise<void>
  readonly documents: Documents
}

/** The store can't be reached or written now (locked, disk full, server away). Nothing was lost; try again. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable'
}

/** The projections are laid out for other tables than are declared now: opening the writing side brings them up. */
export class ProjectionsOutdated extends Error {
  override name = 'ProjectionsOutdated'
}

/** The data directory has a replica of another database's log. */
export class ForeignReplica extends Error {
  override name = 'ForeignReplica'
}

/** There is no store where one should be read. */
export class StoreMissing extends Error {
  override name = 'StoreMissing'
}

/** Another process has the store open for writing. */
export class StoreInUse extends Error {
  override name = 'StoreInUse'
}
