/** The service over HTTP, asked again where it asks for patience. */
import { setTimeout as wait } from 'node:timers/promises'

/** Tries without an answer other than "later". */
const MAX_TRIES = 200
const DEFAULT_WAIT_S = 1

export interface Answer {
  status: number
  body: unknown
}

export class Client {
  #base: string
  #headers: Record<string, string>
  #signal: AbortSignal | undefined

  /** Once the signal is aborted, all calls reject with its reason. */
  constructor(base: string, apiKey?: string, signal?: AbortSignal) {
    this.#base = base.replace(/\/+$/, '')
    this.#signal = signal
    this.#headers = apiKey === undefined ? {} : { 'x-api-key': apiKey }
  }

  /** @throws Error where the service refuses or can't be reached for long */
  async get(path: string): Promise<unknown> {
    const { status, body } = await this.#patiently(path, {})
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`)
    return body
  }

  async post(path: string, value: unknown): Promise<unknown> {
    const headers = { 'content-type': 'application/json' }
    const { status, body } = await this.#patiently(path, { method: 'POST', headers, body: JSON.stringify(value) })
    if (status >= 300) throw new Error(`POST ${path}: ${status} ${JSON.stringify(body)}`)
    return body
  }

  /** One try, whatever the status. */
  async try(path: string, init: RequestInit = {}): Promise<Answer & { retryAfter: number | undefined }> {
    const headers = { ...this.#headers, ...init.headers }
    const response = await fetch(this.#base + path, { ...init, headers, signal: this.#signal ?? null })
    const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
    const text = await response.text()
    return {
      status: response.status,
      body: text === '' ? null : JSON.parse(text),
      retryAfter: Number.isNaN(retryAfter) ? undefined : retryAfter,
    }
  }

  async #patiently(path: string, init: RequestInit): Promise<Answer> {
    let failure: unknown
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      let seconds = DEFAULT_WAIT_S
      try {
        const { status, body, retryAfter } = await this.try(path, init)
        if (status !== 429 && status !== 503) return { status, body }
        failure = new Error(`${path}: still ${status}`)
        seconds = retryAfter ?? DEFAULT_WAIT_S
      } catch (error) {
        this.#signal?.throwIfAborted()
        failure = error
      }
      await wait(seconds * 1000, undefined, { ...(this.#signal && { signal: this.#signal }) })
    }
    throw failure
  }
}
