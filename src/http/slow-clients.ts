/** Clients that let the service wait: for the rest of a request, or to take their answer. */
import { ServiceError } from '../errors.ts'
import type { Connections, Exchange } from './connections.ts'

const LOOK_MS = 1_000
/** Within this time a body must grow by `PROGRESS_BYTES`; 100 bytes a second are no link that a phone would keep. */
const SENDING_MS = 10_000
const PROGRESS_BYTES = 1024
/** A body whose answer has not begun must be there within this time. */
const BODY_MS = 300_000
/** Within this time a client must take some of an answer that begins before its request is complete. */
const TAKING_MS = 10_000
/** What was cut has this time to take the answer that says so. */
const FAREWELL_MS = 5_000
/** What bodies under way may hold together, so much each at most; larger ones have a room of their own. */
const HELD_BYTES = 64 * 1024 * 1024
const HELD_EACH = 64 * 1024

/** When something moved last, and how many bytes the connection had read and written then. */
interface Progress {
  begun: number
  first: number
  sentAt: number
  read: number
  takenAt: number
  written: number
  cutAt?: number
}

/**
 * Looks once a second after all unfinished exchanges, which costs a request nothing. Who does not go on sending gets `408`
 * where the answer has not begun; lines get an answer that says how far they were read. Then the connection is closed. Who
 * does not take an answer loses the connection. Times are of the monotonic clock.
 */
export function cutSlowClients(connections: Connections): void {
  const known = new WeakMap<Exchange, Progress>()
  setInterval(() => look(connections, known, performance.now()), LOOK_MS).unref()
}

function look(connections: Connections, known: WeakMap<Exchange, Progress>, now: number): void {
  const sending: [Exchange, Progress][] = []
  for (const exchange of connections.unfinished()) {
    const progress = known.get(exchange) ?? newProgress(exchange, now)
    known.set(exchange, progress)
    if (progress.cutAt !== undefined) {
      if (now - progress.cutAt > FAREWELL_MS) exchange.request.socket.destroy()
    } else if (takesNothing(exchange, progress, now)) exchange.request.socket.destroy()
    else if (sendsNothing(exchange, progress, now)) cut(exchange, progress, now)
    else if (!exchange.request.complete && !exchange.response.headersSent) sending.push([exchange, progress])
  }
  cutOldest(sending, now)
}

/** However many send slowly enough at once, memory stays bounded: the oldest go first. */
function cutOldest(sending: [Exchange, Progress][], now: number): void {
  const held = ([{ request }, { first }]: [Exchange, Progress]) => Math.min(request.socket.bytesRead - first, HELD_EACH)
  let over = sending.reduce((sum, each) => sum + held(each), 0) - HELD_BYTES
  for (const each of sending.sort(([, a], [, b]) => a.begun - b.begun)) {
    if (over <= 0) return
    over -= held(each)
    cut(...each, now)
  }
}

function newProgress({ request: { socket } }: Exchange, now: number): Progress {
  const { bytesRead, bytesWritten } = socket
  return { begun: now, first: bytesRead, sentAt: now, read: bytesRead, takenAt: now, written: bytesWritten }
}

function sendsNothing({ request, response }: Exchange, progress: Progress, now: number): boolean {
  if (request.complete) return false
  const { bytesRead } = request.socket
  // Where the answer has begun, the client sends lines, of which the service holds nothing.
  const hasProgress = bytesRead - progress.read >= (response.headersSent ? 1 : PROGRESS_BYTES)
  // What waits here to be read is not waited for.
  if (hasProgress || request.readableLength > 0) {
    progress.sentAt = now
    progress.read = bytesRead
  }
  return now - progress.sentAt >= SENDING_MS || (!response.headersSent && now - progress.begun >= BODY_MS)
}

function takesNothing({ request, response }: Exchange, progress: Progress, now: number): boolean {
  const { bytesWritten } = request.socket
  // Of whole requests the server's own time-out sees more: how much of a single large write has gone.
  if (request.complete || response.writableLength === 0 || bytesWritten !== progress.written) {
    progress.takenAt = now
    progress.written = bytesWritten
  }
  return now - progress.takenAt >= TAKING_MS
}

function cut({ request, response }: Exchange, progress: Progress, now: number): void {
  progress.cutAt = now
  // Without a reader nobody would answer, and after the answer there is nothing more to say.
  if (response.writableEnded || request.listenerCount('error') === 0) {
    request.socket.destroy()
    return
  }
  response.once('finish', () => request.socket.destroySoon())
  const message = 'The rest of the body did not come in time: send it again'
  // Fastify takes an error's `statusCode` for the answer to a body that failed.
  request.emit('error', Object.assign(new ServiceError(408, 'body_timeout', message), { statusCode: 408 }))
}
