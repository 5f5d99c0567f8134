/** Waiting at the start until the figures are complete: no question is answered before, and the log says why. */
import { setTimeout as wait } from 'node:timers/promises'
import { LAG_MAX } from '../projections/lag.ts'
import { COUNTED_AGAIN } from '../projections/rebuild.ts'
import { StoreUnavailable } from '../storage/storage.ts'
import type { QueryThread } from './query-thread.ts'
import type { Remote } from './remote.ts'
import type { WriteThread } from './write-thread.ts'

const PROGRESS_MS = 5_000
const INCOMPLETE = 'the figures are not complete yet: the service is still counting its events'

type Writer = Pick<Remote<WriteThread>, 'caughtUp' | 'progress'>

/** Answers nothing before: figures of a part of the events would be wrong. */
export class CaughtUp {
  isReached = false
  #writer: Writer
  #announce: (line: string) => void
  #reached: Promise<void>

  /** `announce` hears, in lines for the log, why the figures are incomplete and how far they are, where it takes long. */
  constructor(writer: Writer, announce: (line: string) => void) {
    this.#writer = writer
    this.#announce = announce
    this.#reached = writer.caughtUp().then(() => {
      this.isReached = true
    })
    // Where the thread has ended, its owner hears of that.
    this.#reached.catch(() => {})
  }

  /** Says what there is to do, and goes on to say how far it is. */
  async tell(): Promise<void> {
    const { wasOutdated, counted, all } = await this.#writer.progress()
    if (wasOutdated && all > 0) this.#announce(`${COUNTED_AGAIN} (${all} events)`)
    else if (all - counted > LAG_MAX) this.#announce(`${all - counted} of ${all} events are still to be counted`)
    else return
    const timer = setInterval(() => this.#tellProgress(), PROGRESS_MS).unref()
    this.#reached.then(
      () => {
        clearInterval(timer)
        this.#announce('all events are counted')
      },
      () => clearInterval(timer),
    )
  }

  /** Waits for it, but no longer. */
  async within(ms: number): Promise<void> {
    const timer = new AbortController()
    await Promise.race([this.#reached, wait(ms, undefined, { signal: timer.signal })])
    timer.abort()
  }

  /** The functions of the thread, refused until then. */
  first(thread: Remote<QueryThread>): Remote<QueryThread> {
    return new Proxy(thread, {
      get: (functions, name: keyof QueryThread) =>
        this.isReached || name === 'close' ? functions[name] : () => Promise.reject(new StoreUnavailable(INCOMPLETE)),
    })
  }

  #tellProgress(): void {
    this.#writer.progress().then(
      ({ counted, all }) => this.#announce(`${counted} of ${all} events are counted`),
      // Where the thread has ended, its owner hears of that.
      () => {},
    )
  }
}
