/** When the projector runs: soon after an event where there is little to do, in larger rounds where there is much. */
import type { KeepSetAside } from '../events/set-aside.ts'
import { type Seq, StoreUnavailable } from '../storage/storage.ts'
import { LAG_MAX } from './lag.ts'
import { type ProjectedStore, projectRounds, ROUND_EVENTS } from './projector.ts'

/** An idle service shows an event after about this long. */
const SHORTEST_WAIT_MS = 40
/** A busy service shows it after about this long, and the time of a round. */
const LONGEST_WAIT_MS = 800
/** Rounds take at most one part in this many of the time, unless there is a full round to do. */
const REST = 4
const RETRY_MS = 500

export class Projecting {
  #store: ProjectedStore
  #keepSetAside: KeepSetAside
  #checkpoint: Seq
  #lastSeq: Seq
  #timer: NodeJS.Timeout | undefined
  #round: Promise<void> | undefined
  #wait = SHORTEST_WAIT_MS
  readonly #finishing = new AbortController()

  /** Begins at `checkpoint`; what the log holds beyond it is projected when `appended` tells of it. */
  constructor(store: ProjectedStore, checkpoint: Seq, keepSetAside: KeepSetAside) {
    this.#store = store
    this.#keepSetAside = keepSetAside
    this.#checkpoint = checkpoint
    this.#lastSeq = checkpoint
  }

  /** Tells that the log has grown to `lastSeq`. */
  appended(lastSeq: Seq): void {
    this.#lastSeq = Math.max(this.#lastSeq, lastSeq)
    if (this.#lastSeq === this.#checkpoint || this.#round || this.#finishing.signal.aborted) return
    const isFull = this.#lastSeq - this.#checkpoint >= ROUND_EVENTS
    if (isFull && this.#wait !== RETRY_MS) this.#schedule(0)
    else if (!this.#timer) this.#schedule(this.#wait)
  }

  /**
   * Ends the round that is under way, projects what is left, and stops. Much is left only while the figures are made
   * anew: the next start goes on with that. @throws StoreUnavailable
   */
  async finish(): Promise<void> {
    this.#finishing.abort()
    clearTimeout(this.#timer)
    await this.#round
    const lastSeq = await this.#store.lastSeq()
    if (lastSeq - this.#checkpoint <= LAG_MAX) await this.#project(lastSeq)
  }

  #schedule(wait: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#round = this.#runRound()
    }, wait)
  }

  async #runRound(): Promise<void> {
    const begun = performance.now()
    try {
      await this.#project(this.#lastSeq, this.#finishing.signal)
      const took = performance.now() - begun
      this.#wait = Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, took * REST))
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      this.#wait = RETRY_MS
    }
    this.#round = undefined
    this.#timer = undefined
    this.appended(this.#lastSeq)
  }

  #project(upTo: Seq, signal?: AbortSignal): Promise<void> {
    return projectRounds(this.#store, this.#store, this.#checkpoint, upTo, {
      keepSetAside: this.#keepSetAside,
      onApplied: checkpoint => {
        this.#checkpoint = checkpoint
      },
      signal,
    })
  }
}
