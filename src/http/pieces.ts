/** Reading a body piece by piece. */
import type { Readable } from 'node:stream'
import { ServiceError, unavailable } from '../errors.ts'

/**
 * The pieces of a body as they come, read only when they are wanted. Unlike the stream's own iterator it never destroys the
 * body, which would take the connection with it: a client that failed to send could not be told. `stop` ends the reading.
 * @throws what the body failed with; ServiceError 400 `body_incomplete` where the client has gone, 503 where `stop` is aborted
 */
export async function* piecesOf(body: Readable, stop?: AbortSignal): AsyncGenerator<Buffer> {
  let failure: { error: unknown } | undefined
  let wake = () => {}
  const fail = (error: unknown) => {
    failure ??= { error }
    wake()
  }
  const onReadable = () => wake()
  const onError = (error: NodeJS.ErrnoException) => fail(error.code === 'ECONNRESET' ? incomplete() : error)
  const onClose = () => body.readableEnded || fail(incomplete())
  const onStop = () => fail(unavailable('the service is shutting down: send the rest again'))
  // It stays: what fails later concerns nobody, and would end the process without a listener.
  body.on('error', onError)
  body.on('readable', onReadable).on('end', onReadable).on('close', onClose)
  if (stop?.aborted) onStop()
  stop?.addEventListener('abort', onStop)
  try {
    while (true) {
      if (failure) throw failure.error
      const piece = body.read() as Buffer | null
      if (piece) yield piece
      else if (body.readableEnded) return
      else if (!failure) await new Promise<void>(resolve => (wake = resolve))
    }
  } finally {
    body.off('readable', onReadable).off('end', onReadable).off('close', onClose)
    stop?.removeEventListener('abort', onStop)
  }
}

const incomplete = () => new ServiceError(400, 'body_incomplete', 'The client has gone before all of the body had come')
