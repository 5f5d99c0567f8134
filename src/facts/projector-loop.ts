/**
 * When the projector works: soon after an event where there is little to do, in larger batches where there is much. What
 * has been counted is tidied up beside it.
 */
import { BackgroundLoop } from '../concurrency/background-loop.ts'
import { type Figures, FiguresDamaged } from '../storage/figures.ts'
import { type FiguresSource, type Seq, StoreUnavailable } from '../storage/storage.ts'
import { LAG_MAX } from './lag.ts'
import { BATCH_EVENTS, type ProjectorEvents, projectBatch, takeInRecords } from './projector.ts'

/** An idle service shows an event after about this time. */
const SHORTEST_PAUSE_MS = 40
/** A busy service shows it after about this time, and the time of a batch. */
const LONGEST_PAUSE_MS = 800
/** A pause is this many times as long as the round before it, unless a full batch waits. */
const PAUSE_PER_ROUND = 4
const RETRY_MS = 500
/** Batches at the end, at most: each event may fill one if it has very many credits, and the end must come. */
const LAST_BATCHES = 10

export interface ProjectedStore {
  log: FiguresSource & { lastSeq(): Promise<Seq> }
  figures: Figures
}

export interface ProjectorLoopEvents extends ProjectorEvents {
  /** A round has ended, or records were taken in; `isNews` says whether the figures contain more than before. */
  onRound?: (isNews: boolean) => void
  /** Nothing can be written now; it is tried again. */
  onUnavailable?: () => void
  /** The figures can't be used any more; nothing more is done then. */
  onDamage?: (error: FiguresDamaged) => void
}

/** Each round takes in the catalogue's new records and projects one batch. */
export class ProjectorLoop {
  readonly #log: ProjectedStore['log']
  readonly #figures: Figures
  readonly #events: ProjectorLoopEvents
  readonly #loop = new BackgroundLoop({ step: () => this.#round(), retryMs: error => this.#retryMs(error) })
  #lastSeq: Seq
  /** Records may have come before the start. */
  #hasNewRecords = true
  /** The last time that records were taken in; the next one goes on where it ends. */
  #takingIn: Promise<unknown> = Promise.resolve()
  #tidying: Promise<void> | undefined
  #pauseMs = SHORTEST_PAUSE_MS
  /** The last batch was full of few events that have many credits: more of them wait. */
  #wasFull = false
  #isInRound = false
  #isStopping = false

  /** Begins when `onAppended` or `onRecordsChanged` is called. */
  constructor({ log, figures }: ProjectedStore, events: ProjectorLoopEvents) {
    this.#log = log
    this.#figures = figures
    this.#events = events
    this.#lastSeq = figures.checkpoint.seq
    this.#loop.start(Number.POSITIVE_INFINITY)
  }

  /** The log has grown to `lastSeq`. */
  onAppended(lastSeq: Seq): void {
    this.#lastSeq = Math.max(this.#lastSeq, lastSeq)
    this.#wake()
  }

  /** The catalogue has said something. */
  onRecordsChanged(): void {
    this.#hasNewRecords = true
    this.#wake()
  }

  /** Takes in what the catalogue has said until now, without waiting for a round. @throws as `Figures.applyRecords` */
  async takeInRecords(): Promise<void> {
    if (await this.#takeInAll()) this.#events.onRound?.(true)
  }

  /** Resolves when the round that is under way has ended. Tidying up goes on until the figures are closed. */
  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#loop.stop()
    await this.#takingIn
  }

  /**
   * Stops after the round that is under way, and projects what is left. Where more than `LAG_MAX` events are left, as while
   * the figures are made again, the next start goes on with them. @throws StoreUnavailable
   */
  async finish(): Promise<void> {
    await this.stop()
    const lastSeq = await this.#log.lastSeq()
    if (lastSeq - this.#figures.checkpoint.seq > LAG_MAX) return
    for (let batch = 0; batch < LAST_BATCHES; batch++) {
      await projectBatch(this.#log, this.#figures, lastSeq, this.#events)
    }
  }

  /** A round plans the next one itself. */
  #wake(): void {
    if (!this.#isInRound) this.#loop.wake(this.#dueInMs())
  }

  #dueInMs(): number {
    const events = this.#lastSeq - this.#figures.checkpoint.seq
    if (events === 0 && !this.#hasNewRecords) return Number.POSITIVE_INFINITY
    // A full batch waits for nothing; what failed is tried again later in any case.
    const isFull = events >= BATCH_EVENTS || this.#wasFull
    return isFull && this.#pauseMs !== RETRY_MS ? 0 : this.#pauseMs
  }

  async #round(): Promise<number> {
    this.#isInRound = true
    try {
      const begunAt = performance.now()
      const areRecordsNew = await this.#takeInNew()
      const before = this.#figures.checkpoint.seq
      this.#wasFull = await projectBatch(this.#log, this.#figures, this.#lastSeq, this.#events)
      const tookMs = performance.now() - begunAt
      this.#pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, tookMs * PAUSE_PER_ROUND))
      this.#events.onRound?.(areRecordsNew || this.#figures.checkpoint.seq > before)
      this.#tidying ??= this.#tidy()
      return this.#dueInMs()
    } finally {
      this.#isInRound = false
    }
  }

  /** Takes in records where there may be new ones; says whether there were any. */
  async #takeInNew(): Promise<boolean> {
    if (!this.#hasNewRecords) return false
    this.#hasNewRecords = false
    try {
      return await this.#takeInAll()
    } catch (error) {
      this.#hasNewRecords = true
      throw error
    }
  }

  /** Says whether there were any. */
  #takeInAll(): Promise<boolean> {
    const taken = this.#takingIn.then(async () => {
      let isNews = false
      while (!this.#isStopping && (await takeInRecords(this.#log, this.#figures))) isNews = true
      return isNews
    })
    this.#takingIn = taken.catch(() => {})
    return taken
  }

  /** Runs beside the rounds, which it may outlast: a range of facts takes a second and more to be sorted. */
  async #tidy(): Promise<void> {
    try {
      while (!this.#isStopping && (await this.#figures.tidy()));
    } catch (error) {
      this.#retryMs(error)
    }
    this.#tidying = undefined
  }

  #retryMs(error: unknown): number {
    if (error instanceof FiguresDamaged && this.#events.onDamage) {
      this.#isStopping = true
      this.#events.onDamage(error)
      return Number.POSITIVE_INFINITY
    }
    if (error instanceof StoreUnavailable) {
      this.#pauseMs = RETRY_MS
      this.#events.onUnavailable?.()
    } else if (!this.#isStopping) throw error
    return RETRY_MS
  }
}
