/**
 * A stand-in for the platform's content service: an HTTP server with an invented catalogue, the same rate limit, and
 * faults on demand.
 */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type Answer, answerTo, failure } from './answers.ts'
import { type Catalogue, makeCatalogue } from './catalogue.ts'
import { control } from './control.ts'
import { ActiveFaults, type AnswerFault, type Fault, type RateFault } from './faults.ts'
import { RateLimit } from './rate-limit.ts'
import { send } from './send.ts'

const KEPT_REQUESTS = 10_000
const REQUESTS_PER_MINUTE = 150

export interface ContentServiceOptions {
  /** By default a free one. */
  port?: number
  host?: string
  /** The seed of the invented catalogue. */
  seed?: number
  /** The number of its artists. */
  artists?: number
  /** Replaces the invented catalogue. */
  catalogue?: Catalogue
  /** Whether answers contain artists' e-mail addresses. */
  emails?: boolean
  /** null: no limit. */
  requestsPerMinute?: number | null
  /** Milliseconds, for the rate limit and the record of the requests. */
  clock?: () => number
}

export interface RecordedRequest {
  method: string
  /** With its query, as it was sent. */
  path: string
  at: number
  headers: IncomingHttpHeaders
  /** The number of its connection, from 1 on. */
  socketId: number
}

/** Starts the server, which accepts requests when the promise resolves. */
export async function startContentService(options: ContentServiceOptions = {}): Promise<ContentService> {
  const service = new ContentService(options)
  await service.listen(options.port ?? 0, options.host ?? '127.0.0.1')
  return service
}

export class ContentService {
  url = ''
  catalogue: Catalogue
  /** The latest requests, oldest first, without those to `/faults`. */
  readonly requests: RecordedRequest[] = []
  /** Connections since the start. */
  connections = 0
  #server = createServer((request, response) => this.#handle(request, response))
  #socketIds = new WeakMap<Socket, number>()
  #emails: boolean
  #clock: () => number
  #limit: RateLimit | null
  #limits = new ActiveFaults<RateFault & { limit: RateLimit | null }>()
  #faults = new ActiveFaults<AnswerFault>()

  constructor({
    seed,
    artists,
    catalogue,
    emails = false,
    requestsPerMinute,
    clock = Date.now,
  }: ContentServiceOptions) {
    this.catalogue = catalogue ?? makeCatalogue({ seed, artists })
    this.#emails = emails
    this.#clock = clock
    this.#limit = this.#limitOf(requestsPerMinute === undefined ? REQUESTS_PER_MINUTE : requestsPerMinute)
    this.#server.on('connection', socket => this.#socketIds.set(socket, ++this.connections))
  }

  async listen(port: number, host: string): Promise<void> {
    this.#server.listen(port, host)
    await once(this.#server, 'listening')
    const { port: actual } = this.#server.address() as AddressInfo
    this.url = `http://${host.includes(':') ? `[${host}]` : host}:${actual}`
  }

  /** Replaces an earlier fault for the same path. A rate limit and another fault apply together. */
  setFault(fault: Fault): void {
    if (fault.kind === 'rate') this.#limits.set({ ...fault, limit: this.#limitOf(fault.requestsPerMinute) })
    else this.#faults.set(fault)
  }

  clearFaults(): void {
    this.#faults.clear()
    this.#limits.clear()
  }

  setCatalogue(catalogue: Catalogue): void {
    this.catalogue = catalogue
  }

  /** Cuts open connections. */
  async close(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  #limitOf(max: number | null): RateLimit | null {
    return max === null ? null : new RateLimit(max, this.#clock)
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const target = request.url ?? '/'
    if (target === '/faults') {
      void control(request, this).then(answer => send(response, answer))
      return
    }
    this.#record(request, target)
    if (this.#isWithinLimit(request, response, target)) {
      send(response, this.#rightAnswer(request, target), this.#faults.take(target))
    } else send(response, failure(429, 'Too many requests'))
  }

  #rightAnswer({ method }: IncomingMessage, target: string): Answer {
    const url = URL.parse(target, this.url)
    if (!url || (method !== 'GET' && method !== 'HEAD')) return failure(404, 'Not found')
    return answerTo(url, { catalogue: this.catalogue, url: this.url, emails: this.#emails })
  }

  #record({ method = '', headers, socket }: IncomingMessage, path: string): void {
    this.requests.push({ method, path, headers, at: this.#clock(), socketId: this.#socketIds.get(socket) ?? 0 })
    if (this.requests.length > KEPT_REQUESTS) this.requests.shift()
  }

  #isWithinLimit({ socket }: IncomingMessage, response: ServerResponse, target: string): boolean {
    if (!target.startsWith('/api/')) return true
    const set = this.#limits.take(target)
    const counted = (set ? set.limit : this.#limit)?.count(socket.remoteAddress ?? '')
    if (counted) response.setHeaders(counted.headers)
    return !counted?.isRefused
  }
}
