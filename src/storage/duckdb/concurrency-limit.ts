/** A queue of questions to the figures: few run at a time, and clients take turns. */
import { type AskOptions, QuestionRefused, SERVICE_CLIENT } from '../figures.ts'

/** How many questions run at a time. */
const RUNNING = 2
/** How many questions of all clients together may wait. */
const WAITING_MAX = 32

/** A question that waits or runs. */
interface Pending {
  client: string
  key: string | undefined
  /** How many callers wait for the answer. */
  callers: number
  /** Aborted when no caller waits any more. */
  abandoned: AbortController
  answer: Promise<unknown>
  run: () => Promise<void>
  refuse: (error: Error) => void
}

/**
 * When a question ends, the oldest one of the client whose turn it is runs next, and that client goes to the end of the
 * line. So a client waits for the running questions and for one question of each other client, however many these ask.
 * When the queue is full, a new question replaces the newest one of the client that has the most, if its own client has
 * fewer.
 */
export class ConcurrencyLimit {
  readonly #running = new Set<Promise<void>>()
  /** The waiting questions of each client; the client whose turn it is comes first. No list is empty. */
  readonly #waiting = new Map<string, Pending[]>()

  /**
   * Runs the question when its turn has come. The signal that it gets is aborted when no caller waits for the answer any
   * more. Where a question with the same `key` of the same client waits already, its answer is returned.
   * @throws QuestionRefused where the queue is full
   */
  async ask<T>(
    question: (abandoned: AbortSignal) => Promise<T>,
    { client = SERVICE_CLIENT, key, signal }: AskOptions,
  ): Promise<T> {
    signal?.throwIfAborted()
    const same = key === undefined ? undefined : this.#waiting.get(client)?.find(pending => pending.key === key)
    const pending = same ?? this.#add(newPending(question, client, key))
    pending.callers++
    const leave = () => {
      if (--pending.callers > 0) return
      pending.abandoned.abort(signal?.reason)
      if (this.#remove(pending)) pending.refuse(signal?.reason)
    }
    return untilAborted(pending.answer as Promise<T>, signal, leave)
  }

  /** Resolves when nothing runs or waits. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  #add(pending: Pending): Pending {
    if (this.#running.size < RUNNING) {
      this.#run(pending)
      return pending
    }
    const waiting = [...this.#waiting.values()].reduce((sum, { length }) => sum + length, 0)
    if (waiting >= WAITING_MAX) this.#evictFor(pending.client)
    this.#waiting.set(pending.client, [...(this.#waiting.get(pending.client) ?? []), pending])
    return pending
  }

  #run(pending: Pending): void {
    const run = pending.run().then(() => {
      this.#running.delete(run)
      const [next] = this.#waiting.values().next().value ?? []
      if (!next) return
      this.#remove(next)
      this.#moveToEnd(next.client)
      this.#run(next)
    })
    this.#running.add(run)
  }

  #moveToEnd(client: string): void {
    const others = this.#waiting.get(client)
    if (!others) return
    this.#waiting.delete(client)
    this.#waiting.set(client, others)
  }

  /** Removes a question from the queue; returns false where it was not in it. */
  #remove(pending: Pending): boolean {
    const own = this.#waiting.get(pending.client) ?? []
    const others = own.filter(each => each !== pending)
    if (others.length > 0) this.#waiting.set(pending.client, others)
    else this.#waiting.delete(pending.client)
    return others.length < own.length
  }

  #evictFor(client: string): void {
    const own = this.#waiting.get(client)?.length ?? 0
    const [most] = [...this.#waiting.values()].sort((a, b) => b.length - a.length)
    const last = most?.at(-1)
    if (!most || !last || most.length <= own + 1) throw tooMany()
    this.#remove(last)
    last.refuse(tooMany())
  }
}

function newPending<T>(
  question: (abandoned: AbortSignal) => Promise<T>,
  client: string,
  key: string | undefined,
): Pending {
  const abandoned = new AbortController()
  const { promise: answer, resolve, reject } = Promise.withResolvers<unknown>()
  // Where no caller waits any more, nothing else handles the rejection.
  answer.catch(() => {})
  const run = () => question(abandoned.signal).then(resolve, reject)
  return { client, key, callers: 0, abandoned, answer, run, refuse: reject }
}

async function untilAborted<T>(answer: Promise<T>, signal: AbortSignal | undefined, leave: () => void): Promise<T> {
  if (!signal) return answer
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => {
    leave()
    reject(signal.reason)
  }
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([answer, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

const tooMany = (): QuestionRefused => new QuestionRefused('too many questions wait for an answer')
