/** Decoding request bodies that are compressed. */
import { Transform, type TransformCallback } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { FastifyReply, FastifyRequest, preParsingHookHandler, RequestPayload } from 'fastify'
import { ServiceError } from '../errors.ts'

const DECODERS: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** The ratio is looked at beyond so many decoded bytes. */
const RATIO_FROM_BYTES = 2 ** 20
/** Events of a platform compress 5 to 10 times, plays of one listener and album 60 times with gzip, 150 with brotli. */
const MAX_RATIO = 200

/**
 * A hook that decodes bodies with a content encoding. What is decoded is bounded by the route's body limit, where the
 * body is read as a whole (`413`), by back pressure where it is read as a stream, and in proportion to what was sent:
 * a megabyte that decodes to a gigabyte would keep the main thread busy for minutes.
 *
 * `@fastify/compress` could decode too, but it destroys the request, and takes its socket away, where a body is not valid
 * in its encoding: the connection of such a client would answer nothing more, and what looks after slow clients would
 * find no socket. It knows no limit of the ratio either.
 */
export const decodeBody: preParsingHookHandler = (request, reply, payload, done) => {
  const encoding = request.headers['content-encoding']
  if (encoding === undefined) return done(null, payload)
  const name = encoding.trim().toLowerCase()
  if (name === '' || name === 'identity') return done(null, payload)
  const createDecoder = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined
  if (createDecoder) return done(null, decode(request, reply, payload, createDecoder()))
  done(new ServiceError(415, 'unsupported_encoding', 'The content encoding is not one of gzip, br and deflate'))
}

/** The decoded body; nothing else may read `payload`. Errors pass on, but the request stays whole, so that it can be answered. */
function decode(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: RequestPayload,
  decoder: Transform,
): RequestPayload {
  const decoded: Transform & RequestPayload = new DecodedBody()
  // Without a listener, an error that comes when nothing reads the body any more would end the process.
  decoded.on('error', () => {})
  payload.on('error', error => {
    decoded.destroy(error)
    decoder.destroy()
  })
  payload.on('close', () => request.raw.readableEnded || decoder.destroy())
  // An answer that came early, such as a 413, makes the rest needless.
  reply.raw.once('close', () => decoder.destroy())
  decoder.on('error', error => decoded.destroy(invalidEncoding(error)))
  decoder.on('close', () => decoder.readableEnded || decoded.destroy())
  payload.pipe(decoder).pipe(decoded)
  payload.on('data', (chunk: Buffer) => {
    decoded.receivedEncodedLength! += chunk.length
  })
  return decoded
}

class DecodedBody extends Transform {
  /** Bytes before decoding; Fastify compares them with Content-Length once the body has been read. */
  receivedEncodedLength = 0
  #length = 0

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#length += chunk.length
    const isBomb = this.#length > Math.max(RATIO_FROM_BYTES, MAX_RATIO * this.receivedEncodedLength)
    done(isBomb ? compressionRatio() : null, chunk)
  }
}

function compressionRatio(): ServiceError {
  const message = `The body decodes to more than ${MAX_RATIO} times of what was sent: send it in smaller parts`
  return new ServiceError(413, 'compression_ratio', message)
}

function invalidEncoding({ message }: Error): ServiceError {
  return new ServiceError(400, 'invalid_encoding', `The body is not valid in its content encoding: ${message}`)
}
