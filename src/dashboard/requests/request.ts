/** Asks the service. What goes wrong is an `RequestError` that says so. */
import { keyStore } from './key.ts'

/** Values of a query string; those that are absent are left out. */
export type Parameters = Readonly<Record<string, string | number | undefined | null>>

/** An answer that is none: the service's problem document (RFC 9457), or that it could not be reached (status 0). */
export class RequestError extends Error {
  override name = 'RequestError'
  readonly status: number
  readonly code: string
  readonly requestId: string | undefined

  constructor(status: number, { code, detail, requestId }: { code: string; detail: string; requestId?: string }) {
    super(detail)
    this.status = status
    this.code = code
    this.requestId = requestId
  }
}

export const UNREACHABLE = 0

export function isUnreachable(error: Error | null): boolean {
  return error instanceof RequestError && error.status === UNREACHABLE
}

/** The address of a question, with its parameters. */
export function addressOf(path: string, parameters: Parameters = {}): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null) query.set(name, String(value))
  }
  return query.size === 0 ? path : `${path}?${query}`
}

/** The answer of a `GET`, as JSON. The type is what the route's schema says. */
export async function ask<Answer>(path: string, parameters: Parameters, signal?: AbortSignal): Promise<Answer> {
  return (await send(addressOf(path, parameters), signal ? { signal } : {})).json() as Promise<Answer>
}

/** The answer to a change, as JSON. */
export async function change<Answer>(method: 'POST' | 'DELETE', address: string, body?: unknown): Promise<Answer> {
  const json = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  return (await send(address, { method, ...json })).json() as Promise<Answer>
}

/**
 * Sends a request with the key, if there is one. `isAnswer` says which responses are answers, where a status of an error may be
 * one. @throws RequestError for every other response, and for none at all
 */
export async function send(
  address: string,
  init: RequestInit = {},
  isAnswer = (response: Response) => response.ok,
): Promise<Response> {
  const response = await fetch(address, { ...init, headers: { ...init.headers, ...keyHeader() } }).catch(error => {
    if (init.signal?.aborted) throw error
    throw new RequestError(UNREACHABLE, { code: 'unreachable', detail: 'The service cannot be reached.' })
  })
  if (isAnswer(response)) return response
  const problem = await response.json().catch(() => ({ code: 'unknown', detail: response.statusText }))
  if (response.status === 401) keyStore.askOnce()
  throw new RequestError(response.status, problem)
}

export function keyHeader(): Record<string, string> {
  const key = keyStore.key()
  return key === null ? {} : { 'x-api-key': key }
}
