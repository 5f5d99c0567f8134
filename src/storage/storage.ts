/**
 * The port of the event log and of the documents beside it: what every store must do.
 *
 * It knows nothing of artists or plays: contents and values are opaque to it. Every adapter must pass
 * `test/storage-contract.ts`. The port of the figures is `figures.ts`.
 */

/** An instant: integer milliseconds since 1970-01-01T00:00Z, negative before. */
export type Instant = number

/** Position of an event in the log: 1, 2, 3, …, in the order in which events were appended. */
export type Seq = number

/** An event as the log stores it. `content` and `decision` are opaque to the store. */
export interface LogEntry {
  /** The event id: identifies the event for ever. */
  id: string
  timestamp: Instant
  /** The normalised content: two entries with one id are the same event exactly if timestamp and content are equal. */
  content: string
  /** What the service decided on arrival (see `../events/event.ts`); stored with the event, but no part of its identity. */
  decision: string
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

/** A collection of documents. */
export interface CollectionSpec {
  name: string
  /** Whether the figures contain its documents. They are then only put and added, never swapped or removed. */
  isFollowed: boolean
}

export interface LogReader {
  /**
   * The entries after `after`, ordered by `seq`, at most `limit`. Where they have much text there are fewer, but at least
   * one, to bound the reader's memory. None: the log ends there.
   */
  readLog(after: Seq, limit: number): Promise<StoredEntry[]>
}

export interface DocumentsSince {
  /** The documents of a followed collection with an order greater than `after`, the oldest first, at most `limit`. */
  documentsSince(collection: string, after: number, limit: number): Promise<StoredDocument[]>
}

/** What figures are made from: the log, and the documents beside it. */
export interface FiguresSource extends LogReader, DocumentsSince {}

/** Reads what another thread or process writes. */
export interface StorageReader extends FiguresSource {
  /** The greatest `seq` of the log, 0 for an empty one. */
  lastSeq(): Promise<Seq>
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
   * Durably writes documents; one replaces that of the same id, and gets the newest order. Where there are more than `max`
   * afterwards, the oldest are removed. Returns how many were removed.
   */
  put(collection: string, documents: readonly Omit<StoredDocument, 'order'>[], max: number): Promise<number>
  /**
   * Durably writes a document unless there is one of its id already; says whether it did. The oldest are removed as by
   * `put`, except those with an id of `spared`: where these are too many, more than `max` stay.
   */
  add(
    collection: string,
    document: Omit<StoredDocument, 'order'>,
    max: number,
    spared?: readonly string[],
  ): Promise<boolean>
  /**
   * Durably replaces a document's value where it is still `from`; its group and order stay. Says whether it did: of
   * several concurrent calls, one does.
   */
  swap(collection: string, id: string, from: string, to: string): Promise<boolean>
  get(collection: string, id: string): Promise<StoredDocument | null>
  /** Newest first, at most `limit`, with an order below `before` where it is given, of this group, or of any of these. */
  list(
    collection: string,
    page: { group?: string | readonly string[]; before?: number; limit: number },
  ): Promise<StoredDocument[]>
  /** How many documents each group has. */
  counts(collection: string): Promise<Map<string, number>>
  /** Removes the documents that match all given criteria, or all documents without any; returns how many. */
  remove(collection: string, which: DocumentChoice): Promise<number>
}

/** The event log. */
export interface EventLog extends LogReader {
  /**
   * Appends entries in order. When it resolves, all accepted entries are durable (committed and synced), and each was
   * compared with all entries ever accepted, by whichever instance. When it throws, an embedded store has written none of
   * them; a shared store may have, where its answer got lost.
   * @throws StoreUnavailable where the store can't be written now; trying again later is safe.
   */
  append(entries: readonly LogEntry[]): Promise<AppendOutcome[]>
  /** The greatest `seq` of the log, 0 for an empty one. */
  lastSeq(): Promise<Seq>
  /** The entry under this id, by whichever instance; null where the log has none. @throws StoreUnavailable as `append` */
  find(id: string): Promise<StoredEntry | null>
}

interface WritableStorage extends EventLog, StorageReader {
  readonly documents: Documents
}

/** The writing side of a store that one process writes: opening it a second time is refused. */
export interface EmbeddedStorage extends WritableStorage {
  readonly isShared: false
}

/** The writing side of a store that several instances write. */
export interface SharedStorage extends WritableStorage {
  readonly isShared: true
  /**
   * Takes in a part of what other instances have appended and put since; says whether there may be more. To be called
   * again and again. `onTaken` gets the new entries, batch by batch. @throws StoreUnavailable
   */
  pull(onTaken?: (entries: readonly LogEntry[]) => void): Promise<boolean>
}

export type Storage = EmbeddedStorage | SharedStorage

/** The store can't be reached or written now (locked, disk full, server away). Nothing was lost; try again. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable'
}

/**
 * A part of the store is not as it was written. Nothing more is written then; the next start says what is lost. For a
 * client, the store is unavailable.
 */
export class StoreDamaged extends StoreUnavailable {
  override name = 'StoreDamaged'
  readonly what: string

  constructor(what: string) {
    super(`the store is damaged (${what}): start the service anew, it says what is lost`)
    this.what = what
  }
}

/** Entries of the log, or documents, can't be read any more, and the operator has not accepted that. */
export class StoreLoss extends Error {
  override name = 'StoreLoss'
}

/** The data directory can't contain a store, or has one that this version can't read: trying again does not help. */
export class StoreUnusable extends Error {
  override name = 'StoreUnusable'
}

/** A back-up can't be made or restored as requested, or the folder has no back-up. Nothing was changed. */
export class BackUpFault extends Error {
  override name = 'BackUpFault'
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
