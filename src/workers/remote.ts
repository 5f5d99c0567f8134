/**
 * Calling the functions of another thread: one message for the call, one for its answer. Where the last argument is an
 * `AbortSignal`, one more tells the other thread that nobody waits any more; it gets a signal of its own.
 */
import { MessagePort, type Transferable, type Worker } from 'node:worker_threads'
import { type Fault, ServiceError } from '../errors.ts'
import { QuestionRefused } from '../storage/figures.ts'
import { StoreInUse, StoreUnavailable } from '../storage/storage.ts'

/** Functions that a thread offers; arguments and answers must survive a structured clone. */
export type Offer = Record<string, (...args: never[]) => unknown>

export type Remote<T extends Offer> = {
  [Name in keyof T]: T[Name] extends (...args: infer Args) => infer Answer
    ? (...args: Args) => Promise<Awaited<Answer>>
    : never
}

interface Call {
  id: number
  name: string
  args: unknown[]
  /** Whether a signal follows the arguments. */
  isAbortable: boolean
}

/** Nobody waits for the answer to this call any more. */
interface Abort {
  aborted: number
}

type Answer = { id: number; value: unknown } | { id: number; error: SentError }

/** An error as it crosses: its class by name, for a structured clone forgets it. */
interface SentError {
  name: string
  message: string
  stack?: string | undefined
  service?: { status: number; code: string; faults: readonly Fault[]; retryAfter: number | undefined }
}

/** Both ends of what connects two threads. */
interface Port {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void
  on(event: 'message', listener: (message: Call | Abort | Answer) => void): unknown
}

interface Waiting {
  resolve: (value: unknown) => void
  reject: (error: Error) => void
}

/**
 * Connects two threads: the other one may call `offered`, and this one what the other one offers. Where the other one
 * ends, `lost` is to be called: who waits for an answer, or asks later, is told the error.
 */
export function connect<T extends Offer>(
  port: Port,
  offered: Offer = {},
): { remote: Remote<T>; lost: (error: Error) => void } {
  const waiting = new Map<number, Waiting>()
  const abortable = new Map<number, AbortController>()
  let lastId = 0
  let lostBy: Error | undefined
  port.on('message', (message: Call | Abort | Answer) => {
    if ('name' in message) answer(port, offered, message, abortable)
    else if ('aborted' in message) abortable.get(message.aborted)?.abort()
    else settle(waiting, message)
  })
  const call =
    (name: string) =>
    (...given: unknown[]) => {
      const signal = given.at(-1)
      const isAbortable = signal instanceof AbortSignal
      const args = isAbortable ? given.slice(0, -1) : given
      const id = ++lastId
      const answered = new Promise((resolve, reject) => {
        if (lostBy) return reject(lostBy)
        waiting.set(id, { resolve, reject })
        port.postMessage({ id, name, args, isAbortable } satisfies Call, transferable(args))
      })
      return isAbortable
        ? untilAborted(answered, signal, () => port.postMessage({ aborted: id } satisfies Abort))
        : answered
    }
  const remote = new Proxy({} as Remote<T>, {
    get: (_target, name) => (name === 'then' ? undefined : call(String(name))),
  })
  const lost = (error: Error) => {
    lostBy = error
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  return { remote, lost }
}

/**
 * The functions of a thread, as its owner calls them; it may call `offered`. `onEnd` hears of it where the thread ends, and
 * says what those are told who wait for an answer.
 */
export function callThread<T extends Offer>(worker: Worker, onEnd: (error: Error) => Error, offered: Offer): Remote<T> {
  const { remote, lost } = connect<T>(worker, offered)
  let hasEnded = false
  const end = (error: Error) => {
    // The end by an error is an exit too.
    if (!hasEnded) lost(onEnd(error))
    hasEnded = true
  }
  worker.on('error', error => end(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', code => end(new Error(`a thread ended with code ${code}`)))
  return remote
}

async function answer(
  port: Port,
  offered: Offer,
  { id, name, args, isAbortable }: Call,
  abortable: Map<number, AbortController>,
): Promise<void> {
  const controller = isAbortable ? new AbortController() : undefined
  if (controller) abortable.set(id, controller)
  try {
    const value = await offered[name]?.(...([...args, ...(controller ? [controller.signal] : [])] as never[]))
    port.postMessage({ id, value } satisfies Answer)
  } catch (error) {
    port.postMessage({ id, error: sentError(error) } satisfies Answer)
  } finally {
    abortable.delete(id)
  }
}

async function untilAborted<T>(answered: Promise<T>, signal: AbortSignal, abort: () => void): Promise<T> {
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  try {
    return await answered
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function settle(waiting: Map<number, Waiting>, message: Answer): void {
  const call = waiting.get(message.id)
  waiting.delete(message.id)
  if ('error' in message) call?.reject(receivedError(message.error))
  else call?.resolve(message.value)
}

/** Ports among the arguments move to the other thread; everything else is copied. */
function transferable(args: readonly unknown[]): Transferable[] {
  return args.filter(argument => argument instanceof MessagePort)
}

function sentError(error: unknown): SentError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const { name, message, stack } = error
  if (!(error instanceof ServiceError)) return { name, message, stack }
  const { status, code, faults, retryAfter } = error
  return { name, message, stack, service: { status, code, faults, retryAfter } }
}

function receivedError({ name, message, stack, service }: SentError): Error {
  if (service) {
    const { status, code, faults, retryAfter } = service
    return new ServiceError(status, code, message, retryAfter === undefined ? { faults } : { faults, retryAfter })
  }
  if (name === 'StoreUnavailable' || name === 'StoreDamaged') return new StoreUnavailable(message)
  if (name === 'QuestionRefused') return new QuestionRefused(message)
  if (name === 'StoreInUse') return new StoreInUse(message)
  const error = new Error(message)
  error.name = name
  if (stack !== undefined) error.stack = stack
  return error
}
