/** Calling the functions of another thread: one message for a call, one for its answer (`docs/adr/0008-calls-between-threads.md`). */
import { type SentError, toError, toSentError } from './sent-errors.ts'

type Method = (...args: never[]) => unknown
/** The names of the functions that a thread offers; their arguments and answers must survive a structured clone. */
type NameOf<Offered> = { [Name in keyof Offered]: Offered[Name] extends Method ? Name : never }[keyof Offered] & string
type MethodOf<Offered, Name extends keyof Offered> = Offered[Name] extends Method ? Offered[Name] : never
/** The arguments of a function, without the signal that it may take last. */
type ArgsOf<F extends Method> = Parameters<F> extends [...infer Args, AbortSignal] ? Args : Parameters<F>
type AnswerOf<F extends Method> = Awaited<ReturnType<F>>

interface Call {
  id: number
  name: string
  args: readonly unknown[]
  /** Whether the function takes a signal after the arguments. */
  isAbortable: boolean
}

/** The caller of this call waits for no answer any more. */
interface Abort {
  aborted: number
}

type Answer = { id: number; value: unknown } | { id: number; error: SentError }

/** One end of what connects two threads: a `MessagePort`, a `Worker`, or a worker's `parentPort`. */
interface Port {
  postMessage(message: Call | Abort | Answer): void
  on(event: 'message', listener: (message: Call | Abort | Answer) => void): unknown
}

/** Calls what the thread at the other end of a port offers there. */
export class Caller<Offered> {
  readonly #port: Port
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  #lastId = 0
  #lostBy: Error | undefined

  constructor(port: Port) {
    this.#port = port
    port.on('message', message => {
      if ('value' in message || 'error' in message) this.#resolve(message)
    })
  }

  /**
   * With a `signal`, the function gets one of its own as its last argument, which aborts when this one does.
   * @throws what the function throws, of the same class (`sent-errors.ts`); TypeError where there is no such function
   */
  async call<Name extends NameOf<Offered>>(
    name: Name,
    args: ArgsOf<MethodOf<Offered, Name>>,
    signal?: AbortSignal,
  ): Promise<AnswerOf<MethodOf<Offered, Name>>> {
    if (this.#lostBy) throw this.#lostBy
    const id = ++this.#lastId
    this.#port.postMessage({ id, name, args, isAbortable: signal !== undefined })
    const answer = Promise.withResolvers<unknown>()
    this.#waiting.set(id, answer)
    const abort = () => this.#port.postMessage({ aborted: id })
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort)
    try {
      return (await answer.promise) as AnswerOf<MethodOf<Offered, Name>>
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  /** To be called where the other thread has ended: all calls that wait, and all later ones, fail with this error. */
  lose(error: Error): void {
    this.#lostBy = error
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }

  #resolve(message: Answer): void {
    const call = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if ('error' in message) call?.reject(toError(message.error))
    else call?.resolve(message.value)
  }
}

/** Lets the thread at the other end of a port call the methods of `offered`. */
export function serve(port: Port, offered: object): void {
  const abortable = new Map<number, AbortController>()
  port.on('message', message => {
    if ('aborted' in message) abortable.get(message.aborted)?.abort()
    else if ('name' in message) void answer(port, offered as Record<string, Method>, message, abortable)
  })
}

async function answer(
  port: Port,
  offered: Readonly<Record<string, Method>>,
  { id, name, args, isAbortable }: Call,
  abortable: Map<number, AbortController>,
): Promise<void> {
  const controller = isAbortable ? new AbortController() : undefined
  if (controller) abortable.set(id, controller)
  try {
    if (typeof offered[name] !== 'function') throw new TypeError(`this thread has no function ${name}`)
    const value = await offered[name](...([...args, ...(controller ? [controller.signal] : [])] as never[]))
    port.postMessage({ id, value })
  } catch (error) {
    port.postMessage({ id, error: toSentError(error) })
  } finally {
    abortable.delete(id)
  }
}
