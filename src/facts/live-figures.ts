/**
 * The figures of a running service: they follow the log, answer once they are complete, and are made again where they turn
 * out to be damaged.
 */
import { setTimeout as wait } from 'node:timers/promises'
import {
  type AskOptions,
  type Changes,
  type Checkpoint,
  type Figures,
  FiguresDamaged,
  FiguresInvalidated,
  QuestionRefused,
  type Snapshot,
} from '../storage/figures.ts'
import { type Seq, type StorageReader, StoreUnavailable } from '../storage/storage.ts'
import type { ProjectorEvents } from './projector.ts'
import { ProjectorLoop } from './projector-loop.ts'

const PROGRESS_MS = 5_000
const RETRY_MS = 500
/** So few events are counted within seconds, and no progress is announced. */
const FEW_EVENTS = 30_000
const INCOMPLETE = 'the figures are not complete yet: the service is still counting its events'

export interface LiveOptions {
  open: () => Promise<Figures>
  /** As `open`, but throws away the figures that are there. */
  beginAnew: () => Promise<Figures>
  log: StorageReader
  /** Gives the last entry that the figures have to contain before they answer. */
  requiredSeq: () => Promise<Seq>
  keepSetAside: ProjectorEvents['keepSetAside']
  /** The figures contain the log up to `seq`. */
  onCounted: (seq: Seq) => void
  /** Nothing can be written now. */
  onUnavailable: () => void
  /** Takes lines for the service's log. */
  announce: (line: string) => void
}

export interface FiguresStatus {
  isComplete: boolean
  counted: Seq
  all: Seq
}

export class LiveFigures {
  readonly #options: LiveOptions
  /** The figures that were opened last; undefined before the first ones are open. */
  #figures: Figures | undefined
  /** undefined while no figures are open. */
  #projector: ProjectorLoop | undefined
  #requiredSeq = Number.POSITIVE_INFINITY
  #isComplete = false
  readonly #complete = Promise.withResolvers<void>()
  #progress: NodeJS.Timeout | undefined
  #renewing: Promise<void> | undefined
  readonly #closing = new AbortController()

  constructor(options: LiveOptions) {
    this.#options = options
  }

  /** Opens the figures and begins to follow the log. What was appended before is counted first. @throws as `open` */
  async start(): Promise<void> {
    const figures = await this.#options.open()
    await this.#follow(figures, figures.begunAnew)
  }

  /** Resolves when the figures contain all that was there at the start, for the first time. */
  get complete(): Promise<void> {
    return this.#complete.promise
  }

  onAppended(lastSeq: Seq): void {
    this.#projector?.onAppended(lastSeq)
  }

  onRecordsChanged(): void {
    this.#projector?.onRecordsChanged()
  }

  async status(): Promise<FiguresStatus> {
    const counted = this.#figures?.checkpoint.seq ?? 0
    return { isComplete: this.#isComplete, counted, all: Math.max(await this.#options.log.lastSeq(), counted) }
  }

  /** @throws QuestionRefused before the figures are complete: those of a part of the events would be wrong */
  ask<T>(question: (reads: Snapshot) => Promise<T>, options?: AskOptions): Promise<T> {
    return this.#whenComplete(figures => figures.ask(question, options))
  }

  /** Takes in what the catalogue has said until now, for a caller that asks the catalogue next. @throws as `ask` */
  async takeInRecords(): Promise<void> {
    await this.#whenComplete(async () => this.#projector?.takeInRecords())
  }

  /** As `Figures.takeChanges`. @throws as `ask` */
  takeChanges(): Promise<Changes> {
    return this.#whenComplete(async figures => figures.takeChanges())
  }

  copyTo(folder: string): Promise<Checkpoint> {
    return this.#whenComplete(figures => figures.copyTo(folder))
  }

  /** Counts what is left, and closes the figures. */
  async close(): Promise<void> {
    clearInterval(this.#progress)
    this.#closing.abort()
    await this.#renewing
    if (!this.#projector) return
    try {
      await this.#projector.finish()
    } catch (error) {
      // What can't be counted now will be at the next start.
      if (!(error instanceof StoreUnavailable || error instanceof FiguresDamaged)) throw error
    }
    await this.#figures?.close()
  }

  async #whenComplete<T>(work: (figures: Figures) => Promise<T>): Promise<T> {
    if (!this.#isComplete || !this.#figures) throw new QuestionRefused(INCOMPLETE)
    try {
      return await work(this.#figures)
    } catch (error) {
      if (!(error instanceof FiguresDamaged)) throw error
      this.#renew(error)
      throw new QuestionRefused(INCOMPLETE)
    }
  }

  /** `madeAgain`: why all events have to be counted; null where they have not. */
  async #follow(figures: Figures, madeAgain: string | null): Promise<void> {
    const { log, requiredSeq, onCounted } = this.#options
    const projector = this.#newProjector(figures)
    this.#figures = figures
    this.#projector = projector
    await this.#announceWork(madeAgain)
    onCounted(figures.checkpoint.seq)
    projector.onAppended(await log.lastSeq())
    this.#requiredSeq = await requiredSeq()
    projector.onAppended(this.#requiredSeq)
    this.#checkComplete()
  }

  #newProjector(figures: Figures): ProjectorLoop {
    const { log, keepSetAside, onCounted, onUnavailable } = this.#options
    return new ProjectorLoop(
      { log, figures },
      {
        keepSetAside,
        onApplied: onCounted,
        onRound: isNews => {
          if (isNews) onCounted(figures.checkpoint.seq)
          this.#checkComplete()
        },
        onUnavailable,
        onDamage: error => this.#renew(error),
      },
    )
  }

  #checkComplete(): void {
    if (this.#isComplete || !this.#figures || this.#figures.checkpoint.seq < this.#requiredSeq) return
    this.#isComplete = true
    this.#complete.resolve()
    if (this.#progress) this.#options.announce('all events are counted')
    clearInterval(this.#progress)
    this.#progress = undefined
  }

  /** Says why the figures are made again, or that many events are left to be counted, and then how far it is. */
  async #announceWork(madeAgain: string | null): Promise<void> {
    const { announce } = this.#options
    const { counted, all } = await this.status()
    if (madeAgain !== null && all > 0)
      announce(`the figures are made again from the event log (${all} events): ${madeAgain}`)
    else if (all - counted > FEW_EVENTS) announce(`${all - counted} of ${all} events are still to be counted`)
    else return
    this.#progress ??= setInterval(async () => {
      const { counted, all } = await this.status()
      announce(`${counted} of ${all} events are counted`)
    }, PROGRESS_MS).unref()
  }

  #renew(error: FiguresDamaged): void {
    this.#renewing ??= this.#makeAgain(error).finally(() => {
      this.#renewing = undefined
    })
  }

  /**
   * Begins damaged figures anew. Where a full disk has ended DuckDB's instance, their file is whole: it is only opened again.
   */
  async #makeAgain(error: FiguresDamaged): Promise<void> {
    const isWhole = error instanceof FiguresInvalidated
    this.#isComplete = false
    this.#requiredSeq = Number.POSITIVE_INFINITY
    await this.#projector?.stop()
    // Of damaged figures nothing is left to be closed in good order.
    await this.#figures?.close().catch(() => {})
    this.#projector = undefined
    const figures = await this.#reopen(isWhole ? this.#options.open : this.#options.beginAnew)
    if (figures) await this.#follow(figures, isWhole ? figures.begunAnew : error.message)
  }

  /** Tries until it succeeds, as where the disk has space again; gives undefined where these figures are closed before. */
  async #reopen(open: () => Promise<Figures>): Promise<Figures | undefined> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      try {
        return await open()
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error
      }
      this.#options.onUnavailable()
      await wait(RETRY_MS, undefined, { signal }).catch(() => {})
    }
    return undefined
  }
}
