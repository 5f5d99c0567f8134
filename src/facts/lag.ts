/** How far the figures are behind the log, and waiting for them where they are too far behind. */
import type { Seq } from '../storage/storage.ts'

/** So much weight (`weight.ts`), as of so many usual events, is projected in less than two seconds; beyond it, appends wait. */
export const LAG_MAX = 30_000

/** What was appended together. */
interface Part {
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
  /** What is not projected completely, the oldest first. */
  #parts: Part[] = []
  #extra = 0
  /** What waited when an append was let go last. */
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
    const [oldest] = this.#parts
    return oldest ? this.#monotonic() - oldest.at : 0
  }

  /** `extra`: what the new events weigh beyond 1 each. */
  appended(lastSeq: Seq, extra = 0): void {
    if (lastSeq <= this.#lastSeq) return
    this.#lastSeq = lastSeq
    this.#add(extra)
  }

  /** The figures contain the log up to `checkpoint`, which is less than before where they are made anew. */
  counted(checkpoint: Seq): void {
    if (checkpoint < this.#checkpoint) this.#admittedAt = Number.POSITIVE_INFINITY
    this.#checkpoint = checkpoint
    this.#lastSeq = Math.max(checkpoint, this.#lastSeq)
    while (this.#parts.length > 0 && this.#parts[0]!.upTo <= checkpoint) this.#extra -= this.#parts.shift()!.extra
    if (this.events > 0 && this.#parts.length === 0) this.#add(0)
    this.#wake(false)
  }

  /**
   * Resolves at once, or when the projector is close again or, where it is further behind than that, when it has made up for
   * what was let in last: so appends go on during a rebuild, no faster than it. Or with `release`.
   */
  async room(): Promise<void> {
    const enough = Math.max(LAG_MAX, Math.min(this.#weight - 1, this.#admittedAt))
    while (this.#weight > enough) {
      const isReleased = await new Promise<boolean>(resolve => this.#waiting.push(resolve))
      if (isReleased) break
    }
    this.#admittedAt = this.#weight
  }

  /** Lets everybody go on who waits, as where the store fails and nothing comes closer. */
  release(): void {
    this.#wake(true)
  }

  get #weight(): number {
    return this.events + this.#extra
  }

  #add(extra: number): void {
    if (this.events === 0) return
    this.#parts.push({ upTo: this.#lastSeq, extra, at: this.#monotonic() })
    this.#extra += extra
  }

  #wake(isReleased: boolean): void {
    for (const resolve of this.#waiting.splice(0)) resolve(isReleased)
  }
}
