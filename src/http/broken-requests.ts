/** Answers to what never becomes a request of the router: what is not HTTP, too large, too slow, or asks for what nobody does. */
import { randomUUID } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { ServiceError } from '../errors.ts'
import type { LimitedLog } from './limited-log.ts'
import { PROBLEM_HEADERS, problemText } from './problem.ts'

/** How long a client that goes on sending may take to read its answer: at a close, it would find a reset in its place. */
const LINGER_MS = 1000

interface ParserError extends Error {
  code?: string
  /** What the parser stumbled over, in fixed words. */
  reason?: string
}

/** Lets all servers of the app answer such requests with problem documents, behind the answers to those that came before. */
export function answerBrokenRequests(app: FastifyInstance, log: LimitedLog): void {
  const broken = new BrokenRequests(log)
  const [handler] = app.server.listeners('request')
  broken.watch(app.server)
  // For a host such as `localhost`, which has two addresses, Fastify makes a second server, which it shows to nobody.
  subscribe('tracing:net.server.listen:asyncStart', message => {
    const { server } = message as { server: Server }
    if (server !== app.server && server.listeners('request')[0] === handler) broken.watch(server)
  })
}

class BrokenRequests {
  readonly #log: LimitedLog
  /** The last response of each connection. */
  readonly #last = new WeakMap<Duplex, ServerResponse>()
  readonly #ending = new WeakSet<Duplex>()

  constructor(log: LimitedLog) {
    this.#log = log
  }

  watch(server: Server): void {
    server.prependListener('request', (request, response) => this.#last.set(request.socket, response))
    server.on('clientError', (error: ParserError, socket) =>
      this.#refuse(socket, problemOf(error), error.code === 'ECONNRESET'),
    )
    server.on('connect', (_request, socket) =>
      this.#refuse(socket, new ServiceError(501, 'method_unknown', 'No path answers to CONNECT')),
    )
    server.on('checkExpectation', (request, response) => this.#refuseExpectation(request, response))
  }

  #refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
    this.#last.set(request.socket, response)
    const problem = new ServiceError(417, 'expectation_unknown', 'Nothing but 100-continue can be expected')
    const { headers, text } = rawAnswer(problem)
    this.#write(problem)
    response.writeHead(problem.status, headers).end(text)
  }

  #refuse(socket: Duplex, problem: ServiceError, isGone = false): void {
    // What comes behind a fault is a fault again.
    if (this.#ending.has(socket)) return
    if (isGone || !socket.writable) {
      socket.destroy()
      return
    }
    this.#ending.add(socket)
    this.#write(problem)
    this.#inTurn(socket, () => end(socket, problem))
  }

  #write({ status, message }: ServiceError): void {
    this.#log.write('info', 'broken request', { route: 'none', status }, { reason: message })
  }

  /** Calls when the answers to all requests before are out; ends the connection where there is one to the broken request. */
  #inTurn(socket: Duplex, answer: () => void): void {
    const last = this.#last.get(socket)
    if (!last || (last.req.complete && last.writableFinished)) answer()
    else if (last.req.complete) last.once('finish', answer)
    // Else it broke inside the body of the last request, to which this is the answer.
    else if (last.headersSent) socket.destroy()
    else if (last.socket) answer()
    else last.once('socket', answer)
  }
}

function problemOf({ code, reason, message }: ParserError): ServiceError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ServiceError(431, 'headers_too_large', 'The request line and the headers have more than 16 KiB')
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new ServiceError(413, 'too_large', 'The extensions of the chunks are too large')
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ServiceError(408, 'request_timeout', 'The request did not come completely in time')
    default:
      return new ServiceError(400, 'bad_request', `This is no valid HTTP/1.1: ${reason ?? message}`)
  }
}

function rawAnswer(problem: ServiceError) {
  const id = randomUUID()
  const text = problemText(problem, id)
  const length = String(Buffer.byteLength(text))
  const headers = { ...PROBLEM_HEADERS, 'x-request-id': id, 'content-length': length, connection: 'close' }
  return { headers, text }
}

/** Answers, and closes when the client has, or has had the time to read. */
function end(socket: Duplex, problem: ServiceError): void {
  const { headers, text } = rawAnswer(problem)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const { status } = problem
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`)
  socket.resume()
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer))
}
