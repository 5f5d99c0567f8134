/** Notices a thread that does not answer any more, although it has not ended. */

const EVERY_MS = 10_000
const MISSES = 6

interface Watched {
  name: string
  ask: () => Promise<unknown>
  /** What was asked has not been answered yet. */
  isAsked: boolean
  /** Before its first answer a thread is starting, which may take long. */
  hasAnswered: boolean
  misses: number
}

export class Watchdog {
  readonly #onStuck: (error: Error) => void
  readonly #watched: Watched[] = []
  #timer: NodeJS.Timeout | undefined

  /**
   * `onStuck` is called once, for a thread that has not answered when it was to be asked again, six times in a row.
   * Misses are counted and no time is measured: where the whole process stands still, as a suspended one does, its timer
   * fires once afterwards, which is one miss at the most.
   */
  constructor(onStuck: (error: Error) => void) {
    this.#onStuck = onStuck
  }

  /** `ask` must be answered by the thread itself, without waiting for a disk, a network or other work for long. */
  watch(name: string, ask: () => Promise<unknown>): void {
    this.#watched.push({ name, ask, isAsked: false, hasAnswered: false, misses: 0 })
    this.#timer ??= setInterval(() => this.#check(), EVERY_MS).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #check(): void {
    for (const thread of this.#watched) {
      if (!thread.isAsked) this.#ask(thread)
      else if (thread.hasAnswered && ++thread.misses === MISSES) {
        this.stop()
        this.#onStuck(new Error(`the ${thread.name} thread did not answer ${MISSES} times in a row`))
        return
      }
    }
  }

  #ask(thread: Watched): void {
    thread.isAsked = true
    const onAnswer = () => {
      Object.assign(thread, { isAsked: false, hasAnswered: true, misses: 0 })
    }
    // An error is an answer too.
    thread.ask().then(onAnswer, onAnswer)
  }
}
