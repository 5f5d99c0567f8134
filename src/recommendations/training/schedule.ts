/** When models are to be trained. */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../units.ts'

/** Without a model, of fewer events nothing can be learnt. */
const FIRST_EVENTS = 1_000
/** Models are old when so many events are new, of each that they were trained from. */
const NEW_SHARE = 0.1
/** A training begins when so long nothing new has come, so that an import is trained from once, */
const QUIET_MS = 5 * SECOND_MS
/** or when events have come for so long without such a pause. */
const LONGEST_WAIT_MS = 5 * MINUTE_MS
/** After a failure. */
const RETRY_MS = 10 * MINUTE_MS

/** What the models are that there are. */
export interface Trained {
  /** The last entry of the log that they are trained from. */
  seq: number
  at: number
}

/** Decides when a training is due; all times are milliseconds of one clock. */
export class TrainingSchedule {
  readonly #everyMs: number
  #counted = 0
  /** When events came last. */
  #grownAt = Number.NEGATIVE_INFINITY
  /** Since when there are enough new events; undefined while there are not. */
  #enoughSince: number | undefined
  #failedAt = Number.NEGATIVE_INFINITY

  /** `everyHours`: after so long models are trained anew for the sake of any new event. */
  constructor(everyHours: number) {
    this.#everyMs = everyHours * HOUR_MS
  }

  /** In how many milliseconds a training is due; 0: now; `Infinity`: not before further events. */
  dueIn(now: number, counted: number, trained: Trained | null): number {
    if (counted !== this.#counted) this.#grownAt = now
    this.#counted = counted
    // A log that is shorter than it was is another one.
    const base = trained && trained.seq <= counted ? trained.seq : 0
    const isEnough = counted - base >= (base === 0 ? FIRST_EVENTS : base * NEW_SHARE)
    this.#enoughSince = isEnough ? (this.#enoughSince ?? now) : undefined
    const untilQuiet = Math.min(this.#grownAt + QUIET_MS, (this.#enoughSince ?? now) + LONGEST_WAIT_MS) - now
    const untilOld = trained && counted !== trained.seq ? trained.at + this.#everyMs - now : Number.POSITIVE_INFINITY
    const due = isEnough ? Math.min(untilQuiet, untilOld) : untilOld
    return Math.max(0, due, this.#failedAt + RETRY_MS - now)
  }

  noteFailure(now: number): void {
    this.#failedAt = now
  }
}
