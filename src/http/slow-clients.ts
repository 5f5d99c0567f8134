/** Clients that keep the service waiting: for the rest of a request, or to take their answer. */
import { ServiceError } from '../errors.ts'
import { connections, type Exchange } from './connections.ts'

const CHECK_EVERY_MS = 1_000
/** Within this time a body must grow by `PROGRESS_BYTES`; a phone gives up a link of 100 bytes a second. */
const SENDING_MS = 10_000
const PROGRESS_BYTES = 1024
/** A body whose answer has not begun must be there within this time. */
const BODY_MS = 300_000
/** Within this time a client must take some of an answer that begins before its request is complete. */
const TAKING_MS = 10_000
/** A client that was cut has this time to take the answer that says so. */
const FAREWELL_MS = 5_000
/** Bytes that all bodies under way may have in memory; of each at most the first 64 KiB count, for a quota bounds larger ones. */
const PENDING_BYTES = 64 * 1024 * 1024
const PENDING_EACH = 64 * 1024

/** When an exchange last moved, and how many bytes its connection had read and written then. */
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
 * Checks all unfinished exchanges once a second, which costs a request nothing. A client that does not go on sending gets
 * `408` where the answer has not begun; one that sends lines gets an answer that says how far they were read. Then the
 * connection is closed. A client that does not take its answer loses the connection. Times are of the monotonic clock.
 */
export function cutSlowClients(): void {
  const known = new WeakMap<Exchange, Progress>()
  setInterval(() => check(known, performance.now()), CHECK_EVERY_MS).unref()
}

function check(known: WeakMap<Exchange, Progress>, now: number): void {
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

/** Keeps memory bounded however many clients send just fast enough: the oldest bodies are cut first. */
function cutOldest(sending: [Exchange, Progress][], now: number): void {
  const pending = ([{ request }, { first }]: [Exchange, Progress]) =>
    Math.min(request.socket.bytesRead - first, PENDING_EACH)
  let surplus = sending.reduce((sum, each) => sum + pending(each), 0) - PENDING_BYTES
  for (const each of sending.sort(([, a], [, b]) => a.begun - b.begun)) {
    if (surplus <= 0) return
    surplus -= pending(each)
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
  // Where the answer has begun, the client sends lines, which the service does not keep.
  const hasProgress = bytesRead - progress.read >= (response.headersSent ? 1 : PROGRESS_BYTES)
  // While there is something to read here, the service is the one that is slow.
  if (hasProgress || request.readableLength > 0) {
    progress.sentAt = now
    progress.read = bytesRead
  }
  return now - progress.sentAt >= SENDING_MS || (!response.headersSent && now - progress.begun >= BODY_MS)
}

function takesNothing({ request, response }: Exchange, progress: Progress, now: number): boolean {
  const { bytesWritten } = request.socket
  // For complete requests there is the server's own time limit, which also sees the parts of a single large write.
  if (request.complete || response.writableLength === 0 || bytesWritten !== progress.written) {
    progress.takenAt = now
    progress.written = bytesWritten
  }
  return now - progress.takenAt >= TAKING_MS
}

function cut({ request, response }: Exchange, progress: Progress, now: number): void {
  progress.cutAt = now
  // Without a reader there would be no answer, and after the answer nothing more can be said.
  if (response.writableEnded || request.listenerCount('error') === 0) {
    request.socket.destroy()
    return
  }
  response.once('finish', () => request.socket.destroySoon())
  const message = 'The rest of the body did not come in time: send it again'
  // Fastify answers a body that failed with the `statusCode` of the error.
  request.emit('error', Object.assign(new ServiceError(408, 'body_timeout', message), { statusCode: 408 }))
}
