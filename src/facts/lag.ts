/** How far the figures are behind the log, and waiting for them where they are too far behind. */
import type { Seq } from '../storage/storage.ts'

/** So many events are projected in less than two seconds; with more, who appends has to wait. */
export const LAG_MAX = 30_000

export class Lag {
  #monotonic: () => number
  #checkpoint: Seq = 0
  #lastSeq: Seq = 0
  /** Since when the oldest event waits that is not projected, at the most. */
  #behindSince: number | undefined
  #waiting: (() => void)[] = []

  /** `monotonic`: milliseconds that no change of the clock touches. */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
  }

  get events(): number {
    return this.#lastSeq - this.#checkpoint
  }

  /** Milliseconds; 0 where nothing waits. */
  get ms(): number {
    return this.#behindSince === undefined ? 0 : this.#monotonic() - this.#behindSince
  }

  appended(lastSeq: Seq): void {
    this.#lastSeq = Math.max(lastSeq, this.#lastSeq)
    if (this.events > 0) this.#behindSince ??= this.#monotonic()
  }

  counted(checkpoint: Seq): void {
    this.#checkpoint = checkpoint
    this.#lastSeq = Math.max(checkpoint, this.#lastSeq)
    this.#behindSince = this.events > 0 ? this.#monotonic() : undefined
    this.release()
  }

  /** Resolves at once, or when the projector has come closer, or with `release`. */
  async room(): Promise<void> {
    if (this.events > LAG_MAX) await new Promise<void>(resolve => this.#waiting.push(resolve))
  }

  /** Lets everybody go on who waits, as where the store fails and nothing comes closer. */
  release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
