/** Questions of one kind that wait for their turn: few run at a time, and clients take turns. */
import { type AskOptions, QuestionRefused, SERVICE_CLIENT } from '../figures.ts'

/** Questions that run at a time. */
const RUNNING = 2
/** Questions that wait, those of all clients together. */
const WAITING_MAX = 32

/** A question that waits or runs. */
interface Asked {
  client: string
  key: string | undefined
  /** How many wait for the answer. */
  askers: number
  /** Aborted when nobody does any more. */
  left: AbortController
  answer: Promise<unknown>
  run: () => Promise<void>
  refuse: (error: Error) => void
}

/**
 * Where a place becomes free, the client whose turn it is has one question run, and is the last one then: however many
 * questions a client asks, another one waits for those that run, and for one of each client. Where no place to wait is
 * left, the client that has most of them loses the last of its own to one that has fewer.
 */
export class ConcurrencyLimit {
  readonly #running = new Set<Promise<void>>()
  /** What each client has waiting, the client whose turn it is first. No list is empty. */
  readonly #waiting = new Map<string, Asked[]>()

  /**
   * Runs the question when its turn has come; what it is given is aborted when nobody waits for the answer any more. One
   * that waits already, of the same client and the same `key`, is the same question: both have its answer.
   * @throws QuestionRefused where no place to wait is left
   */
  async ask<T>(
    question: (left: AbortSignal) => Promise<T>,
    { client = SERVICE_CLIENT, key, signal }: AskOptions,
  ): Promise<T> {
    signal?.throwIfAborted()
    const same = key === undefined ? undefined : this.#waiting.get(client)?.find(asked => asked.key === key)
    const asked = same ?? this.#add(newAsked(question, client, key))
    asked.askers++
    const leave = () => {
      if (--asked.askers > 0) return
      asked.left.abort(signal?.reason)
      if (this.#remove(asked)) asked.refuse(signal?.reason)
    }
    return untilAborted(asked.answer as Promise<T>, signal, leave)
  }

  /** Resolves when nothing runs or waits. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  #add(asked: Asked): Asked {
    if (this.#running.size < RUNNING) {
      this.#run(asked)
      return asked
    }
    const waiting = [...this.#waiting.values()].reduce((sum, { length }) => sum + length, 0)
    if (waiting >= WAITING_MAX) this.#makeRoomFor(asked.client)
    this.#waiting.set(asked.client, [...(this.#waiting.get(asked.client) ?? []), asked])
    return asked
  }

  #run(asked: Asked): void {
    const run = asked.run().then(() => {
      this.#running.delete(run)
      const [next] = this.#waiting.values().next().value ?? []
      if (!next) return
      this.#remove(next)
      this.#toTheEnd(next.client)
      this.#run(next)
    })
    this.#running.add(run)
  }

  #toTheEnd(client: string): void {
    const others = this.#waiting.get(client)
    if (!others) return
    this.#waiting.delete(client)
    this.#waiting.set(client, others)
  }

  /** Whether it was waiting. */
  #remove(asked: Asked): boolean {
    const own = this.#waiting.get(asked.client) ?? []
    const others = own.filter(each => each !== asked)
    if (others.length > 0) this.#waiting.set(asked.client, others)
    else this.#waiting.delete(asked.client)
    return others.length < own.length
  }

  #makeRoomFor(client: string): void {
    const own = this.#waiting.get(client)?.length ?? 0
    const [most] = [...this.#waiting.values()].sort((a, b) => b.length - a.length)
    const last = most?.at(-1)
    if (!most || !last || most.length <= own + 1) throw tooMany()
    this.#remove(last)
    last.refuse(tooMany())
  }
}

function newAsked<T>(question: (left: AbortSignal) => Promise<T>, client: string, key: string | undefined): Asked {
  const left = new AbortController()
  const { promise: answer, resolve, reject } = Promise.withResolvers<unknown>()
  // Whoever asked may have left.
  answer.catch(() => {})
  const run = () => question(left.signal).then(resolve, reject)
  return { client, key, askers: 0, left, answer, run, refuse: reject }
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
