/** When the projector runs: soon after an event where there is little to do, in larger batches where there is much. */
import type { Figures } from '../storage/figures.ts'
import { type Seq, StoreUnavailable } from '../storage/storage.ts'
import { LAG_MAX } from './lag.ts'
import { BATCH_EVENTS, type ProjectorEvents, project, type Source, takeInRecords } from './projector.ts'

/** An idle service shows an event after about this long. */
const SHORTEST_WAIT_MS = 40
/** A busy service shows it after about this long, and the time of a batch. */
const LONGEST_WAIT_MS = 800
/** Batches take at most one part in this many of the time, unless there is a full one to do. */
const REST = 4
const RETRY_MS = 500

export interface ProjectedStore {
  log: Source & { lastSeq(): Promise<Seq> }
  figures: Figures
}

export interface ProjectingEvents extends ProjectorEvents {
  /** Hears that a part of what the catalogue said was taken in. */
  onLearned?: () => void
}

/** Does one round after the other: takes in records, projects one batch, tidies up a little; then it waits. */
export class Projecting {
  readonly #log: ProjectedStore['log']
  readonly #figures: Figures
  readonly #events: ProjectingEvents
  #lastSeq: Seq
  /** How many times there were new records, as far as was told; the start is the first time. */
  #told = 1
  /** How many of these times all of them have been taken in. */
  #takenIn = 0
  #isTidy = false
  #timer: NodeJS.Timeout | undefined
  #round: Promise<void> | undefined
  #wait = SHORTEST_WAIT_MS
  #isFinishing = false

  /** Begins when `appended` or `recordsChanged` is called. */
  constructor({ log, figures }: ProjectedStore, events: ProjectingEvents) {
    this.#log = log
    this.#figures = figures
    this.#events = events
    this.#lastSeq = figures.checkpoint.seq
  }

  /** Tells that the log has grown to `lastSeq`. */
  appended(lastSeq: Seq): void {
    this.#lastSeq = Math.max(this.#lastSeq, lastSeq)
    this.#plan()
  }

  /** Tells that the catalogue has said something. */
  recordsChanged(): void {
    this.#told++
    this.#plan()
  }

  /**
   * Ends the round that is under way, projects what is left, and stops. Much is left only while the figures are made
   * anew: the next start goes on with that. @throws StoreUnavailable
   */
  async finish(): Promise<void> {
    this.#isFinishing = true
    clearTimeout(this.#timer)
    await this.#round
    const lastSeq = await this.#log.lastSeq()
    if (lastSeq - this.#figures.checkpoint.seq <= LAG_MAX) await this.#project(lastSeq)
  }

  #plan(): void {
    if (this.#round || this.#isFinishing) return
    const events = this.#lastSeq - this.#figures.checkpoint.seq
    const isNews = events > 0 || this.#takenIn < this.#told
    if (!isNews && this.#isTidy) return
    // A full batch waits for nothing, and nothing waits for tidying up. What failed is tried again later, whatever it is.
    const isAtOnce = this.#wait !== RETRY_MS && (events >= BATCH_EVENTS || !isNews)
    if (isAtOnce) this.#schedule(0)
    else if (!this.#timer) this.#schedule(this.#wait)
  }

  #schedule(wait: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#round = this.#runRound()
    }, wait)
  }

  async #runRound(): Promise<void> {
    const begun = performance.now()
    try {
      await this.#takeInRecords()
      await this.#project(Math.min(this.#lastSeq, this.#figures.checkpoint.seq + BATCH_EVENTS))
      const took = performance.now() - begun
      this.#isTidy = !(await this.#figures.tidy())
      this.#wait = Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, took * REST))
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      this.#wait = RETRY_MS
    }
    this.#round = undefined
    this.#plan()
  }

  async #takeInRecords(): Promise<void> {
    while (this.#takenIn < this.#told && !this.#isFinishing) {
      const told = this.#told
      if (await takeInRecords(this.#log, this.#figures)) this.#events.onLearned?.()
      else this.#takenIn = told
    }
  }

  #project(upTo: Seq): Promise<void> {
    return project(this.#log, this.#figures, upTo, this.#events)
  }
}
