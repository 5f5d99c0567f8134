/** Reading request bodies: content encodings, character encodings, limits, JSON. */
import { type Readable, Transform, type TransformCallback } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { FastifyReply, FastifyRequest, preParsingHookHandler, RequestPayload } from 'fastify'
import { invalidInput, ServiceError } from '../errors.ts'
import { MALFORMED_JSON, parseBytes } from '../ingestion/raw-event.ts'
import { piecesOf } from './pieces.ts'

const DECODERS: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** Until so much has been decoded, nobody asks how well it was compressed. */
const RATIO_FROM_BYTES = 2 ** 20
/** Events of a platform compress 5 to 10 times, plays of one listener and album 60 times with gzip, 150 with brotli. */
const MAX_RATIO = 200

/**
 * A hook that decodes bodies with a content encoding. What is decoded is bounded by the route's body limit, where the
 * body is read as a whole (`413`), by back pressure where it is read as a stream, and in proportion to what was sent:
 * a megabyte that decodes to a gigabyte would keep the main thread busy for minutes.
 */
export const decodeBody: preParsingHookHandler = (request, reply, payload, done) => {
  const encoding = request.headers['content-encoding']
  if (encoding === undefined) return done(null, payload)
  const name = encoding.trim().toLowerCase()
  if (name === '' || name === 'identity') return done(null, payload)
  const create = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined
  if (!create) {
    const message = 'The content encoding is not one of gzip, br and deflate'
    return done(new ServiceError(415, 'unsupported_encoding', message))
  }
  done(null, decode(request, reply, payload, create()))
}

/** The only reader of `payload`. */
function decode(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: RequestPayload,
  decoder: Transform,
): RequestPayload {
  const decoded: Transform & RequestPayload = new DecodedBody()
  // Who reads it hears of its errors too; who does not is not to be ended by them.
  decoded.on('error', () => {})
  payload.on('error', error => {
    decoded.destroy(error)
    decoder.destroy()
  })
  payload.on('close', () => request.raw.readableEnded || decoder.destroy())
  // Once there is an answer, such as a 413, nobody needs what is left to decode.
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
  /** Fastify compares it with Content-Length once the body has been read. */
  receivedEncodedLength = 0
  #length = 0

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#length += chunk.length
    const isBomb = this.#length > Math.max(RATIO_FROM_BYTES, MAX_RATIO * this.receivedEncodedLength)
    done(isBomb ? bomb() : null, chunk)
  }
}

function bomb(): ServiceError {
  const message = `The body decodes to more than ${MAX_RATIO} times of what was sent: send it in smaller parts`
  return new ServiceError(413, 'compression_ratio', message)
}

function invalidEncoding({ message }: Error): ServiceError {
  return new ServiceError(400, 'invalid_encoding', `The body is not valid in its content encoding: ${message}`)
}

/**
 * All bytes of a body, of which it is the only reader. `take` is told of each piece, and may throw.
 * @throws ServiceError 413 `too_large` where there are more than `limit`
 */
export async function readWhole(body: Readable, limit: number, take: (bytes: number) => void): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of piecesOf(body)) {
    length += piece.length
    if (length > limit) throw tooLarge()
    take(piece.length)
    pieces.push(piece)
  }
  return Buffer.concat(pieces, length)
}

export function tooLarge(): ServiceError {
  return new ServiceError(413, 'too_large', 'The body is larger than this route takes')
}

/** The JSON of a body. @throws ServiceError 400 `malformed_json` */
export function parseBody(bytes: Buffer | undefined): unknown {
  const json = parseBytes(bytes ?? Buffer.alloc(0))
  if ('value' in json) return json.value
  throw malformed()
}

export function malformed(): ServiceError {
  return invalidInput([{ path: '', code: MALFORMED_JSON, message: 'The body must be JSON in UTF-8' }])
}

/**
 * Refuses UTF-16 and UTF-32: they begin with a mark of their own, or have a zero among the bytes of their first character,
 * which in JSON is an ASCII one. @throws ServiceError 415 `unsupported_charset`
 */
export function refuseWideText([first, second]: Buffer): void {
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  if (!isMarked && first !== 0 && second !== 0) return
  throw new ServiceError(415, 'unsupported_charset', 'The body must be UTF-8, and this is UTF-16 or UTF-32')
}
