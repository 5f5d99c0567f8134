/** How far the figures are behind the log; appends wait where that is too far. */
import type { Seq } from '../storage/storage.ts'

/** Weight (`weight.ts`) of the events that may wait: so many usual events are projected in less than two seconds. */
export const LAG_MAX = 30_000

/** Events that were appended together. */
interface Append {
  upTo: Seq
  /** What its events weigh beyond 1 each. */
  extra: number
  /** When it was appended, in monotonic milliseconds. */
  at: number
}

export class Lag {
  #monotonic: () => number
  #checkpoint: Seq = 0
  #lastSeq: Seq = 0
  /** Those that are not projected completely, the oldest first. */
  #appends: Append[] = []
  #extra = 0
  /** The weight that waited when the last append was admitted. */
  #admittedAt = Number.POSITIVE_INFINITY
  #waiting: ((isReleased: boolean) => void)[] = []

  /** `monotonic`: milliseconds that no change of the clock touches. */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
  }

  get events(): number {
    return this.#lastSeq - this.#checkpoint
  }

  /** The age of the oldest event that is not projected, in milliseconds; 0 where none waits. */
  get ms(): number {
    const [oldest] = this.#appends
    return oldest ? this.#monotonic() - oldest.at : 0
  }

  /** `extra`: what the new events weigh beyond 1 each. */
  appended(lastSeq: Seq, extra = 0): void {
    if (lastSeq <= this.#lastSeq) return
    this.#lastSeq = lastSeq
    this.#add(extra)
  }

  /** The figures contain the log up to `checkpoint`, which is less than before where they are made again. */
  counted(checkpoint: Seq): void {
    if (checkpoint < this.#checkpoint) this.#admittedAt = Number.POSITIVE_INFINITY
    this.#checkpoint = checkpoint
    this.#lastSeq = Math.max(checkpoint, this.#lastSeq)
    while (this.#appends.length > 0 && this.#appends[0]!.upTo <= checkpoint) this.#extra -= this.#appends.shift()!.extra
    if (this.events > 0 && this.#appends.length === 0) this.#add(0)
    this.#wake(false)
  }

  /**
   * Resolves when the waiting weight is at most LAG_MAX. Where it is far more, it only has to become less than now, and at
   * most what it was when the last append was admitted: so appends go on during a rebuild, no faster than it. Resolves
   * also with `release`.
   */
  async waitForCapacity(): Promise<void> {
    const enough = Math.max(LAG_MAX, Math.min(this.#weight - 1, this.#admittedAt))
    while (this.#weight > enough) {
      const isReleased = await new Promise<boolean>(resolve => this.#waiting.push(resolve))
      if (isReleased) break
    }
    this.#admittedAt = this.#weight
  }

  /** Admits all appends that wait, as where the figures can't be written and the weight does not decrease. */
  release(): void {
    this.#wake(true)
  }

  get #weight(): number {
    return this.events + this.#extra
  }

  #add(extra: number): void {
    if (this.events === 0) return
    this.#appends.push({ upTo: this.#lastSeq, extra, at: this.#monotonic() })
    this.#extra += extra
  }

  #wake(isReleased: boolean): void {
    for (const resolve of this.#waiting.splice(0)) resolve(isReleased)
  }
}
