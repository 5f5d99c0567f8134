/** The errors that answers report to clients; each has its HTTP status and its code. */

/** One broken rule: where, which rule (`snake_case`), and a sentence for a person. */
export interface Fault {
  /** JSON pointer-like path without a leading slash, dots between names: `metadata.items.0.price`; empty for the whole. */
  path: string
  code: string
  message: string
}

export class ServiceError extends Error {
  override name = 'ServiceError'
  readonly status: number
  readonly code: string
  readonly faults: readonly Fault[]
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | undefined

  constructor(
    status: number,
    code: string,
    message: string,
    more: { faults?: readonly Fault[]; retryAfter?: number } = {},
  ) {
    super(message)
    this.status = status
    this.code = code
    this.faults = more.faults ?? []
    this.retryAfter = more.retryAfter
  }
}

/** `400`: the input breaks rules; the detail names the first of them. */
export function invalidInput(faults: readonly [Fault, ...Fault[]]): ServiceError {
  const [first] = faults
  return new ServiceError(400, first.code, first.path ? `${first.path}: ${first.message}` : first.message, { faults })
}

/** `503`: the queue is full or the store is down; nothing of the request was written, sending it again is safe. */
export function unavailable(message: string, retryAfter = 1): ServiceError {
  return new ServiceError(503, 'unavailable', message, { retryAfter })
}
