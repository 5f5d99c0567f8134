/** Reading a request's body as it comes. */
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { ServiceError, unavailable } from '../errors.ts'

/**
 * The chunks of a body as they come, read only when they are asked for. Unlike the stream's own iterator it never destroys
 * the body, for that would close the connection before the client has its answer. An aborted `stop` ends the reading.
 * @throws what the body failed with; ServiceError 400 `body_incomplete` where the client has gone, 503 where `stop` is aborted
 */
export async function* chunksOf(body: Readable, stop?: AbortSignal): AsyncGenerator<Buffer> {
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
  // This listener stays: without one, an error that comes after the reading would end the process.
  body.on('error', onError)
  body.on('readable', onReadable).on('end', onReadable).on('close', onClose)
  if (stop?.aborted) onStop()
  stop?.addEventListener('abort', onStop)
  try {
    while (true) {
      if (failure) throw failure.error
      const chunk = body.read() as Buffer | null
      if (chunk) yield chunk
      else if (body.readableEnded) return
      else if (!failure) await new Promise<void>(resolve => (wake = resolve))
    }
  } finally {
    body.off('readable', onReadable).off('end', onReadable).off('close', onClose)
    stop?.removeEventListener('abort', onStop)
  }
}

const incomplete = () => new ServiceError(400, 'body_incomplete', 'The client has gone before all of the body had come')

/**
 * All bytes of a body, which nothing else may read. `onChunk` gets the length of each chunk, and may throw.
 * @throws ServiceError 413 `too_large` where there are more than `limit`
 */
export async function readWhole(body: Readable, limit: number, onChunk: (bytes: number) => void): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of chunksOf(body)) {
    length += chunk.length
    if (length > limit) throw tooLarge()
    onChunk(chunk.length)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, length)
}

export function tooLarge(): ServiceError {
  return new ServiceError(413, 'too_large', 'The body is larger than this route takes')
}

/** Of a body that goes on after its answer, so many bytes are read, so that the client can take the answer. */
export const DRAINABLE_BYTES = 32 * 1024 * 1024

/** Reads and drops the rest of a request that is answered; closes the connection where the rest is too long. */
export function drain(request: IncomingMessage): void {
  if (request.complete) return
  let dropped = 0
  request.unpipe()
  request.on('data', (chunk: Buffer) => {
    dropped += chunk.length
    if (dropped > DRAINABLE_BYTES) request.destroy()
  })
  request.resume()
}
