/** The write worker: it has the only writing access to the log and the documents. */
import { creditEntry } from '../attribution/credited-entry.ts'
import { Lag } from '../facts/lag.ts'
import { extraWeightOf } from '../facts/weight.ts'
import { DeadLetters } from '../ingestion/dead-letters.ts'
import type { LoggedAs } from '../ingestion/replay.ts'
import type { KeepSetAside } from '../ingestion/set-aside.ts'
import { CATALOGUE_RECORDS, PROBE } from '../storage/collections.ts'
import type { AppendOutcome, Documents, Seq, SharedStorage, Storage } from '../storage/storage.ts'
import { type EntryColumns, fromColumns } from './entry-columns.ts'
import { LogFollower } from './log-follower.ts'
import { WriteGuard } from './write-guard.ts'

/** What the write worker does for the figures worker. */
export interface WriterForFigures {
  /** The last entry of the log once all that other instances had appended is taken in. */
  lastSeqOfAll(): Promise<Seq>
  /** The figures contain the log up to `seq`. */
  onCounted(seq: Seq): void
  /** The figures can't be written now: appends do not wait for them. */
  onFiguresUnavailable(): void
  keepSetAside: KeepSetAside
}

/** What the figures worker does for the write worker. */
export interface FiguresForWriter {
  /** The log has grown to `lastSeq`. */
  onAppended(lastSeq: Seq): void
  /** The catalogue said something. */
  onRecordsChanged(): void
}

/** What the write worker calls of its owner. */
export interface WriteWorkerOwner {
  /** So many dead letters were removed because there were too many. */
  onLettersDropped(count: number): void
}

export interface WriteWorkerOptions {
  deadLetterMax: number
  figures: FiguresForWriter
  owner: WriteWorkerOwner
}

export class WriteWorker implements Documents {
  readonly #storage: Storage
  readonly #documents: Documents
  readonly #deadLetters: DeadLetters
  readonly #figures: FiguresForWriter
  readonly #lag = new Lag(() => performance.now())
  readonly #guard = new WriteGuard(() => this.#probe())
  /** null where no other instance writes the log. */
  readonly #follower: LogFollower | null

  readonly forFigures: WriterForFigures = {
    lastSeqOfAll: async () => {
      await this.#follower?.caughtUp
      return this.#storage.lastSeq()
    },
    onCounted: seq => this.#lag.counted(seq),
    onFiguresUnavailable: () => this.#lag.release(),
    keepSetAside: found => this.#guard.run(() => this.#deadLetters.keepSetAside(found, Date.now())),
  }

  /** `storage` is closed with it. */
  constructor(storage: Storage, { deadLetterMax, figures, owner }: WriteWorkerOptions) {
    this.#storage = storage
    this.#documents = storage.documents
    this.#figures = figures
    this.#deadLetters = new DeadLetters(storage.documents, {
      max: deadLetterMax,
      onDropped: count => owner.onLettersDropped(count),
    })
    this.#follower = storage.isShared ? new LogFollower(() => this.#pull(storage)) : null
  }

  /** Begins to follow what other instances append. */
  async start(): Promise<void> {
    await this.#noteGrowth()
    this.#follower?.start()
  }

  async append(columns: EntryColumns): Promise<AppendOutcome[]> {
    if (this.#guard.fault === undefined) await this.#lag.waitForCapacity()
    const entries = fromColumns(columns)
    const outcomes = await this.#guard.run(() => this.#storage.append(entries))
    await this.#noteGrowth(extraWeightOf(entries.filter((_, i) => outcomes[i] === 'accepted')))
    return outcomes
  }

  async loggedAs(id: string): Promise<LoggedAs> {
    const entry = await this.#guard.run(() => this.#storage.find(id))
    if (entry === null) return 'nothing'
    return creditEntry(entry).ok ? 'counted' : 'set aside'
  }

  status() {
    return { lag: { events: this.#lag.events, ms: this.#lag.ms }, fault: this.#guard.fault }
  }

  put(...args: Parameters<Documents['put']>): Promise<number> {
    return this.#writeDocuments(args[0], () => this.#documents.put(...args))
  }

  add(...args: Parameters<Documents['add']>): Promise<boolean> {
    return this.#writeDocuments(args[0], () => this.#documents.add(...args))
  }

  swap(...args: Parameters<Documents['swap']>): Promise<boolean> {
    return this.#writeDocuments(args[0], () => this.#documents.swap(...args))
  }

  remove(...args: Parameters<Documents['remove']>): Promise<number> {
    return this.#writeDocuments(args[0], () => this.#documents.remove(...args))
  }

  get(...args: Parameters<Documents['get']>) {
    return this.#documents.get(...args)
  }

  list(...args: Parameters<Documents['list']>) {
    return this.#documents.list(...args)
  }

  counts(...args: Parameters<Documents['counts']>) {
    return this.#documents.counts(...args)
  }

  async close(): Promise<void> {
    await this.#guard.stop()
    await this.#follower?.stop()
    await this.#storage.close()
  }

  async #pull(storage: SharedStorage): Promise<boolean> {
    await this.#lag.waitForCapacity()
    let extra = 0
    const hasMore = await this.#guard.run(() =>
      storage.pull(entries => {
        extra += extraWeightOf(entries)
      }),
    )
    this.#figures.onRecordsChanged()
    await this.#noteGrowth(extra)
    return hasMore
  }

  /** To be called where the log may have grown. `extra`: what the new entries weigh beyond 1 each, as far as is known. */
  async #noteGrowth(extra = 0): Promise<void> {
    const lastSeq = await this.#storage.lastSeq()
    this.#lag.appended(lastSeq, extra)
    this.#figures.onAppended(lastSeq)
  }

  async #writeDocuments<T>(collection: string, write: () => Promise<T>): Promise<T> {
    const result = await this.#guard.run(write)
    if (collection === CATALOGUE_RECORDS) this.#figures.onRecordsChanged()
    return result
  }

  async #probe(): Promise<void> {
    // It comes first because it makes the connection where there was none yet.
    if (this.#storage.isShared) await this.#storage.pull()
    await this.#documents.put(PROBE, [{ id: PROBE, group: PROBE, value: '' }], 1)
  }
}
