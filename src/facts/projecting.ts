/**
 * When the projector works: soon after an event where there is little to do, in larger batches where there is much. What
 * has been counted is tidied up beside it.
 */
import { type Figures, FiguresDamaged } from '../storage/figures.ts'
import { type Seq, StoreUnavailable } from '../storage/storage.ts'
import { LAG_MAX } from './lag.ts'
import { BATCH_EVENTS, type ProjectorEvents, projectBatch, type Source, takeInRecords } from './projector.ts'

/** An idle service shows an event after about this long. */
const SHORTEST_WAIT_MS = 40
/** A busy service shows it after about this long, and the time of a batch. */
const LONGEST_WAIT_MS = 800
/** Batches take at most one part in this many of the time, unless there is a full one to do. */
const REST = 4
const RETRY_MS = 500
/** At the end at most so many are done: events that have much in them fill one each, and the end must come. */
const LAST_BATCHES = 10

export interface ProjectedStore {
  log: Source & { lastSeq(): Promise<Seq> }
  figures: Figures
}

export interface ProjectingEvents extends ProjectorEvents {
  /** Hears of each round; whether it brought anything new. */
  onRound?: (isNews: boolean) => void
  /** Hears that nothing can be written now; it is tried again. */
  onHeld?: () => void
  /** Hears that the figures can't be gone on with; nothing more is done then. */
  onDamage?: (error: FiguresDamaged) => void
}

/** Does one round after the other: takes in records, projects one batch; then it waits. */
export class Projecting {
  readonly #log: ProjectedStore['log']
  readonly #figures: Figures
  readonly #events: ProjectingEvents
  #lastSeq: Seq
  /** How many times there were new records, as far as was told; the start is the first time. */
  #told = 1
  /** How many of these times all of them have been taken in. */
  #takenIn = 0
  /** Records are taken in one time after the other, for each goes on where the last one ended. */
  #records: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #round: Promise<void> | undefined
  #tidying: Promise<void> | undefined
  #wait = SHORTEST_WAIT_MS
  /** The last batch was full of few events that have much in them: more of them wait. */
  #wasFull = false
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

  /** Takes in what the catalogue has said until now, without waiting for a round. @throws as `Figures.learn` */
  async takeInRecords(): Promise<void> {
    if (await this.#takeInAll()) this.#events.onRound?.(true)
  }

  /** Ends after the round that is under way. */
  async stop(): Promise<void> {
    this.#isFinishing = true
    clearTimeout(this.#timer)
    await this.#round
    await this.#records
  }

  /**
   * Ends the round that is under way, projects what is left, and stops. Where much is left, as while the figures are made
   * anew, the next start goes on with that. @throws StoreUnavailable
   */
  async finish(): Promise<void> {
    await this.stop()
    const lastSeq = await this.#log.lastSeq()
    if (lastSeq - this.#figures.checkpoint.seq > LAG_MAX) return
    for (let batch = 0; batch < LAST_BATCHES; batch++) {
      await projectBatch(this.#log, this.#figures, lastSeq, this.#events)
    }
  }

  #plan(): void {
    if (this.#round || this.#isFinishing) return
    const events = this.#lastSeq - this.#figures.checkpoint.seq
    if (events === 0 && this.#takenIn === this.#told) return
    // A full batch waits for nothing; what failed is tried again later, whatever it is.
    if ((events >= BATCH_EVENTS || this.#wasFull) && this.#wait !== RETRY_MS) this.#schedule(0)
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
      const isNews = await this.#takeInTold()
      const before = this.#figures.checkpoint.seq
      this.#wasFull = await projectBatch(this.#log, this.#figures, this.#lastSeq, this.#events)
      this.#wait = Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, (performance.now() - begun) * REST))
      this.#events.onRound?.(isNews || this.#figures.checkpoint.seq > before)
      this.#tidying ??= this.#tidy()
    } catch (error) {
      this.#fail(error)
    }
    this.#round = undefined
    this.#plan()
  }

  /** Takes in the records that were told of, where that has not been done; whether there were any. */
  async #takeInTold(): Promise<boolean> {
    const told = this.#told
    if (this.#takenIn === told) return false
    const isNews = await this.#takeInAll()
    if (!this.#isFinishing) this.#takenIn = told
    return isNews
  }

  /** Whether there were any. */
  #takeInAll(): Promise<boolean> {
    const taken = this.#records.then(async () => {
      let isNews = false
      while (!this.#isFinishing && (await takeInRecords(this.#log, this.#figures))) isNews = true
      return isNews
    })
    this.#records = taken.catch(() => {})
    return taken
  }

  /** Beside the rounds, which it may outlast: a range of facts takes a second and more to be sorted. */
  async #tidy(): Promise<void> {
    try {
      while (!this.#isFinishing && (await this.#figures.tidy()));
    } catch (error) {
      this.#fail(error)
    }
    this.#tidying = undefined
  }

  #fail(error: unknown): void {
    if (error instanceof FiguresDamaged && this.#events.onDamage) {
      this.#isFinishing = true
      this.#events.onDamage(error)
    } else if (error instanceof StoreUnavailable) {
      this.#wait = RETRY_MS
      this.#events.onHeld?.()
    } else if (!this.#isFinishing) throw error
  }
}
