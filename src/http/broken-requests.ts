/** Answers to what never becomes a request of the router: what is not HTTP, too large or too slow, `CONNECT`, and unknown expectations. */
import { randomUUID } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import { type Server, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { ServiceError } from '../errors.ts'
import { connections } from './connections.ts'
import { PROBLEM_HEADERS, problemText } from './problem.ts'
import type { ThrottledLog } from './throttled-log.ts'

/** How long a client that goes on sending may take to read its answer: if the connection were closed at once, it would get a reset instead. */
const LINGER_MS = 1000

interface ParserError extends Error {
  code?: string
  /** What the parser did not accept, in fixed words. */
  reason?: string
}

/** Lets all servers of the app answer such requests with problem documents, after the answers to the requests before them. */
export function answerBrokenRequests(app: FastifyInstance, log: ThrottledLog): void {
  const refusals = new Refusals(log)
  const [handler] = app.server.listeners('request')
  refusals.listenTo(app.server)
  // For a host such as `localhost`, which has two addresses, Fastify makes a second server, which it does not expose.
  subscribe('tracing:net.server.listen:asyncStart', message => {
    const { server } = message as { server: Server }
    if (server !== app.server && server.listeners('request')[0] === handler) refusals.listenTo(server)
  })
}

class Refusals {
  readonly #log: ThrottledLog
  readonly #refused = new WeakSet<Socket>()

  constructor(log: ThrottledLog) {
    this.#log = log
  }

  listenTo(server: Server): void {
    server.on('clientError', (error: ParserError, socket) =>
      this.#refuse(socket as Socket, problemOf(error), error.code === 'ECONNRESET'),
    )
    server.on('connect', (_request, socket) =>
      this.#refuse(socket as Socket, new ServiceError(501, 'method_unknown', 'No path answers to CONNECT')),
    )
    server.on('checkExpectation', (_request, response) => {
      const problem = new ServiceError(417, 'expectation_unknown', 'Nothing but 100-continue can be expected')
      const { headers, text } = rawAnswer(problem)
      this.#write(problem)
      response.writeHead(problem.status, headers).end(text)
    })
  }

  #refuse(socket: Socket, problem: ServiceError, isGone = false): void {
    // The parser reports what follows a fault as another fault.
    if (this.#refused.has(socket)) return
    if (isGone || !socket.writable) {
      socket.destroy()
      return
    }
    this.#refused.add(socket)
    this.#write(problem)
    afterEarlierAnswers(socket, () => end(socket, problem))
  }

  #write({ status, message }: ServiceError): void {
    this.#log.write('info', 'broken request', { route: 'none', status }, { reason: message })
  }
}

/** Calls `answer` when the answers to all requests before are out; closes the connection where the broken request has its answer already. */
function afterEarlierAnswers(socket: Socket, answer: () => void): void {
  const last = connections.last(socket)?.response
  if (!last || (last.req.complete && last.writableFinished)) answer()
  else if (last.req.complete) last.once('finish', answer)
  // Here the fault is inside the body of the last request, so that this is the answer to it.
  else if (last.headersSent) socket.destroy()
  else if (last.socket) answer()
  else last.once('socket', answer)
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

/** Answers, and closes the connection when the client has closed it too, or has had the time to read. */
function end(socket: Socket, problem: ServiceError): void {
  const { headers, text } = rawAnswer(problem)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const { status } = problem
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`)
  socket.resume()
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer))
}
