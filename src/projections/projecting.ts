/** When the projector runs: soon after an event where there is little to do, in larger rounds where there is much. */
import { type Instant, type Seq, type Storage, StoreUnavailable } from '../storage/storage.ts'
import { projectRound, ROUND_EVENTS } from './projector.ts'

/** An idle service shows an event after about this long. */
const SHORTEST_WAIT_MS = 40
/** A busy service shows it after about this long, and the time of a round. */
const LONGEST_WAIT_MS = 800
/** Rounds take at most one part in this many of the time, unless there is a full round to do. */
const REST = 4
const RETRY_MS = 500
/** So many events are projected in less than two seconds; with more, who appends has to wait. */
const LAG_MAX = 30_000

export interface Lag {
  events: number
  /** Since when the oldest event that is not projected yet waits; 0 where none does. */
  ms: number
}

export class Projecting {
  #storage: Storage
  #clock: () => Instant
  #onFault: (fault: StoreUnavailable) => void
  #checkpoint: Seq
  #lastSeq: Seq
  #behindSince: Instant | undefined
  #timer: NodeJS.Timeout | undefined
  #wait = SHORTEST_WAIT_MS
  #round: Promise<void> | undefined
  #finishing = false

  private constructor(
    parts: { storage: Storage; clock: () => Instant; onFault: (fault: StoreUnavailable) => void },
    checkpoint: Seq,
    lastSeq: Seq,
  ) {
    this.#storage = parts.storage
    this.#clock = parts.clock
    this.#onFault = parts.onFault
    this.#checkpoint = checkpoint
    this.#lastSeq = lastSeq
  }

  /** Starts where the checkpoint is; what the log holds beyond it is projected at once. */
  static async start(parts: {
    storage: Storage
    clock: () => Instant
    onFault: (fault: StoreUnavailable) => void
  }): Promise<Projecting> {
    const checkpoint = await parts.storage.snapshot(reads => reads.checkpoint())
    const projecting = new Projecting(parts, checkpoint, checkpoint)
    projecting.appended(await parts.storage.lastSeq())
    return projecting
  }

  /** Tells that the log has grown to `lastSeq`. */
  appended(lastSeq: Seq): void {
    this.#lastSeq = lastSeq
    if (lastSeq === this.#checkpoint) return
    this.#behindSince ??= this.#clock()
    if (lastSeq - this.#checkpoint >= ROUND_EVENTS && this.#wait !== RETRY_MS) this.#schedule(0)
    else if (!this.#timer) this.#schedule(this.#wait)
  }

  lag(): Lag {
    const events = this.#lastSeq - this.#checkpoint
    return { events, ms: this.#behindSince === undefined ? 0 : this.#clock() - this.#behindSince }
  }

  /** Resolves at once, or when the projector is no longer too far behind; it never waits for a store that fails. */
  async room(): Promise<void> {
    while (this.#lastSeq - this.#checkpoint > LAG_MAX && this.#round && this.#wait !== RETRY_MS) await this.#round
  }

  /** Projects all that is left, then stops. */
  async finish(): Promise<void> {
    clearTimeout(this.#timer)
    this.#finishing = true
    await this.#round
    for (let reached = -1; reached !== this.#checkpoint; ) {
      reached = this.#checkpoint
      this.#checkpoint = await projectRound(this.#storage, this.#checkpoint)
    }
  }

  #schedule(wait: number): void {
    if (this.#round || this.#finishing) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#round = this.#runRound()
    }, wait)
  }

  async #runRound(): Promise<void> {
    const begun = performance.now()
    try {
      this.#checkpoint = await projectRound(this.#storage, this.#checkpoint)
      this.#behindSince = undefined
      const took = performance.now() - begun
      this.#wait = Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, took * REST))
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      this.#onFault(error)
      this.#wait = RETRY_MS
    }
    this.#round = undefined
    this.#timer = undefined
    this.appended(this.#lastSeq)
  }
}
