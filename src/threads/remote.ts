/** Calling the functions of another thread: one message for the call, one for its answer. */
import type { MessagePort, Worker } from 'node:worker_threads'
import { type Fault, ServiceError } from '../errors.ts'
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
}

type Answer = { id: number; value: unknown } | { id: number; error: SentError }

/** An error as it crosses: its class by name, for a structured clone forgets it. */
interface SentError {
  name: string
  message: string
  stack?: string | undefined
  service?: { status: number; code: string; faults: readonly Fault[]; retryAfter: number | undefined }
}

/** Answers the calls that come in on `port`. */
export function offer(port: MessagePort, functions: Offer): void {
  port.on('message', async ({ id, name, args }: Call) => {
    let answer: Answer
    try {
      answer = { id, value: await functions[name]?.(...(args as never[])) }
    } catch (error) {
      answer = { id, error: sentError(error) }
    }
    port.postMessage(answer)
  })
}

/**
 * The functions of a thread, as its owner calls them. Where the thread ends, calls that wait for an answer are rejected
 * and `onEnd` hears of it.
 */
export function callThread<T extends Offer>(worker: Worker, onEnd: (error: Error) => void): Remote<T> {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let lastId = 0
  const end = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
    onEnd(error)
  }
  worker.on('message', (answer: Answer) => {
    const call = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('error' in answer) call?.reject(receivedError(answer.error))
    else call?.resolve(answer.value)
  })
  worker.on('error', error => end(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', code => end(new Error(`a thread ended with code ${code}`)))
  const call =
    (name: string) =>
    (...args: unknown[]) =>
      new Promise((resolve, reject) => {
        waiting.set(++lastId, { resolve, reject })
        worker.postMessage({ id: lastId, name, args } satisfies Call)
      })
  return new Proxy({} as Remote<T>, { get: (_target, name) => (name === 'then' ? undefined : call(String(name))) })
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
  if (name === 'StoreUnavailable') return new StoreUnavailable(message)
  if (name === 'StoreInUse') return new StoreInUse(message)
  const error = new Error(message)
  if (stack !== undefined) error.stack = stack
  return error
}
