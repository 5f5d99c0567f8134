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
  QuestionRefused,
  type Snapshot,
} from '../storage/figures.ts'
import { type Seq, type StorageReader, StoreUnavailable } from '../storage/storage.ts'
import { Projecting } from './projecting.ts'
import type { ProjectorEvents } from './projector.ts'

const PROGRESS_MS = 5_000
const RETRY_MS = 1_000
/** Damage that is met again within this time is in the file. */
const AGAIN_MS = 600_000
/** So few events are counted before anybody asks how far it is. */
const FEW_EVENTS = 30_000
const INCOMPLETE = 'the figures are not complete yet: the service is still counting its events'

export interface LiveOptions {
  open: () => Promise<Figures>
  /** As `open`, but throws away what is there. */
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
  #isComplete = false
  #complete = Promise.withResolvers<void>()
  #progress: NodeJS.Timeout | undefined
  #renewing: Promise<void> | undefined
  #openedAgainAt = Number.NEGATIVE_INFINITY

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
    await this.#renewing
    try {
      await this.#projecting.finish()
    } catch (error) {
      // What can't be counted now will be at the next start.
      if (!(error instanceof StoreUnavailable)) throw error
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

  /**
   * Opens the figures again, for a full disk ends an instance of DuckDB and leaves its file whole; where damage is met again
   * soon, begins them anew.
   */
  async #makeAgain(error: FiguresDamaged): Promise<void> {
    const { open, beginAnew, announce } = this.#options
    this.#isComplete = false
    this.#goal = Number.POSITIVE_INFINITY
    await this.#projecting.stop()
    // Of damaged figures nothing is left to be closed in good order.
    await this.#figures.close().catch(() => {})
    const isAgain = performance.now() - this.#openedAgainAt < AGAIN_MS
    this.#openedAgainAt = performance.now()
    announce(`${error.message.split('\n')[0]}: they are ${isAgain ? 'made' : 'opened'} again`)
    this.#figures = await untilAvailable(isAgain ? beginAnew : open)
    this.#projecting = this.#newProjecting()
    await this.#announceWork(isAgain ? error.message : this.#figures.begunAnew)
    await this.#follow()
  }
}

async function untilAvailable<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      await wait(RETRY_MS)
    }
  }
}
