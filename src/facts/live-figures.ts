/**
 * The figures of a running service: they follow the log, answer once they are complete, and are made again where they turn
 * out to be damaged.
 */
import { setTimeout as wait } from 'node:timers/promises'
import {
  type AskOptions,
  type Checkpoint,
  type Figures,
  FiguresDamaged,
  FiguresInvalidated,
  QuestionRefused,
  type Snapshot,
} from '../storage/figures.ts'
import { type Seq, type StorageReader, StoreUnavailable } from '../storage/storage.ts'
import { Projecting } from './projecting.ts'
import type { ProjectorEvents } from './projector.ts'

const PROGRESS_MS = 5_000
const RETRY_MS = 500
/** So few events are counted before anybody asks how far it is. */
const FEW_EVENTS = 30_000
const INCOMPLETE = 'the figures are not complete yet: the service is still counting its events'

export interface LiveOptions {
  open: () => Promise<Figures>
  /** As `open`, but throws away what is there. Both may fail with `StoreUnavailable`; they are tried again then. */
  beginAnew: () => Promise<Figures>
  log: StorageReader
  /** The last entry that the figures have to contain before they answer. */
  goal: () => Promise<Seq>
  keepSetAside: ProjectorEvents['keepSetAside']
  /** Hears that the figures contain the log up to `seq`. */
  onCounted: (seq: Seq) => void
  /** Hears that nothing can be written now. */
  onHeld: () => void
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
  #figures: Figures
  #projecting: Projecting
  #goal = Number.POSITIVE_INFINITY
  /** False while damaged ones are closed, and no others open yet. */
  #isOpen = true
  #isComplete = false
  #complete = Promise.withResolvers<void>()
  #progress: NodeJS.Timeout | undefined
  #renewing: Promise<void> | undefined
  readonly #closing = new AbortController()

  static async open(options: LiveOptions): Promise<LiveFigures> {
    return new LiveFigures(options, await options.open())
  }

  private constructor(options: LiveOptions, figures: Figures) {
    this.#options = options
    this.#figures = figures
    this.#projecting = this.#newProjecting()
  }

  /** Begins to follow the log. What was appended before is counted first. */
  async start(): Promise<void> {
    await this.#announceWork(this.#figures.begunAnew)
    await this.#follow()
  }

  /** Resolves when the figures contain all that was there at the start, for the first time. */
  get complete(): Promise<void> {
    return this.#complete.promise
  }

  appended(lastSeq: Seq): void {
    this.#projecting.appended(lastSeq)
  }

  recordsChanged(): void {
    this.#projecting.recordsChanged()
  }

  async status(): Promise<FiguresStatus> {
    const all = Math.max(await this.#options.log.lastSeq(), this.#figures.checkpoint.seq)
    return { isComplete: this.#isComplete, counted: this.#figures.checkpoint.seq, all }
  }

  /** Answers nothing before the figures are complete: those of a part of the events would be wrong. */
  ask<T>(question: (reads: Snapshot) => Promise<T>, options?: AskOptions): Promise<T> {
    return this.#whenComplete(() => this.#figures.ask(question, options))
  }

  /** Takes in what the catalogue has said until now, for who must not ask it again. */
  takeInRecords(): Promise<void> {
    return this.#whenComplete(() => this.#projecting.takeInRecords())
  }

  copyTo(folder: string): Promise<Checkpoint> {
    return this.#whenComplete(() => this.#figures.copyTo(folder))
  }

  /** Counts what is left, and closes the figures. */
  async close(): Promise<void> {
    clearInterval(this.#progress)
    this.#closing.abort()
    await this.#renewing
    if (!this.#isOpen) return
    try {
      await this.#projecting.finish()
    } catch (error) {
      // What can't be counted now will be at the next start.
      if (!(error instanceof StoreUnavailable || error instanceof FiguresDamaged)) throw error
    }
    await this.#figures.close()
  }

  async #whenComplete<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#isComplete) throw new QuestionRefused(INCOMPLETE)
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof FiguresDamaged)) throw error
      this.#renew(error)
      throw new QuestionRefused(INCOMPLETE)
    }
  }

  async #follow(): Promise<void> {
    const { log, goal, onCounted } = this.#options
    onCounted(this.#figures.checkpoint.seq)
    this.#projecting.appended(await log.lastSeq())
    this.#goal = await goal()
    this.#projecting.appended(this.#goal)
    this.#check()
  }

  #newProjecting(): Projecting {
    const { log, keepSetAside, onCounted, onHeld } = this.#options
    return new Projecting(
      { log, figures: this.#figures },
      {
        keepSetAside,
        onApplied: onCounted,
        onRound: isNews => {
          if (isNews) onCounted(this.#figures.checkpoint.seq)
          this.#check()
        },
        onHeld,
        onDamage: error => this.#renew(error),
      },
    )
  }

  #check(): void {
    if (this.#isComplete || this.#figures.checkpoint.seq < this.#goal) return
    this.#isComplete = true
    this.#complete.resolve()
    if (this.#progress) this.#options.announce('all events are counted')
    clearInterval(this.#progress)
    this.#progress = undefined
  }

  /** Says why figures are made again, or that much is left to be counted, and goes on to say how far it is. */
  async #announceWork(why: string | null): Promise<void> {
    const { announce } = this.#options
    const { counted, all } = await this.status()
    if (why !== null && all > 0) announce(`the figures are made again from the event log (${all} events): ${why}`)
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

  /** Opens the figures again where a full disk has ended DuckDB's instance, which leaves their file whole; else begins them anew. */
  async #makeAgain(error: FiguresDamaged): Promise<void> {
    const isWhole = error instanceof FiguresInvalidated
    this.#isComplete = false
    this.#goal = Number.POSITIVE_INFINITY
    await this.#projecting.stop()
    // Of damaged figures nothing is left to be closed in good order.
    await this.#figures.close().catch(() => {})
    this.#isOpen = false
    const figures = await this.#reopen(isWhole ? this.#options.open : this.#options.beginAnew)
    if (!figures) return
    this.#figures = figures
    this.#isOpen = true
    this.#projecting = this.#newProjecting()
    await this.#announceWork(isWhole ? figures.begunAnew : error.message)
    await this.#follow()
  }

  /** Tries until it succeeds, as where there is room again, or until these figures are closed. */
  async #reopen(open: () => Promise<Figures>): Promise<Figures | undefined> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      try {
        return await open()
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error
      }
      this.#options.onHeld()
      await wait(RETRY_MS, undefined, { signal }).catch(() => {})
    }
    return undefined
  }
}
