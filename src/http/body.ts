/** Reading request bodies: content encodings, character encodings, limits, JSON. */
import { isUtf8 } from 'node:buffer'
import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { FastifyError, FastifyReply, FastifyRequest, preParsingHookHandler, RequestPayload } from 'fastify'
import { invalidInput, ServiceError } from '../errors.ts'
import { type Arrival, MALFORMED_JSON, parseLine } from '../events/arrival.ts'

/** An event may be this long, alone or in a batch. */
export const MAX_EVENT_BYTES = 64 * 1024

const DECODERS: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/**
 * A hook that decodes bodies with a content encoding. What is decoded is bounded by the route's body limit, where the
 * body is read as a whole (`413`), and by back pressure where it is read as a stream.
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

function decode(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: RequestPayload,
  decoder: Transform & RequestPayload,
): RequestPayload {
  // Fastify compares this with Content-Length once the body has been read.
  decoder.receivedEncodedLength = 0
  payload.on('data', (chunk: Buffer) => {
    decoder.receivedEncodedLength = (decoder.receivedEncodedLength ?? 0) + chunk.length
  })
  payload.on('error', error => decoder.destroy(error))
  payload.on('close', () => request.raw.readableEnded || decoder.destroy())
  // Once there is an answer, such as a 413, nobody needs what is left to decode.
  reply.raw.once('close', () => decoder.destroy())
  decoder.on('error', (error: FastifyError) => {
    error.statusCode = 400
    error.code = 'invalid_encoding'
    error.message = `The body is not valid in its content encoding: ${error.message}`
  })
  return payload.pipe(decoder)
}

/**
 * What arrived in a body, or in a line of it. What is not UTF-8 is not JSON; a byte order mark is no part of it, which
 * editors and exports on Windows write.
 */
export function parseBytes(bytes: Buffer | undefined): Arrival {
  if (bytes === undefined) return { text: '' }
  const text = withoutMark(bytes).toString('utf8')
  return isUtf8(bytes) ? parseLine(text) : { text }
}

/** The JSON of a body. @throws ServiceError 400 `malformed_json` */
export function parseBody(bytes: Buffer | undefined): unknown {
  const arrival = parseBytes(bytes)
  if ('value' in arrival) return arrival.value
  throw invalidInput([{ path: '', code: MALFORMED_JSON, message: 'The body must be JSON in UTF-8' }])
}

/** The bytes behind a byte order mark, where they begin with one. */
export function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
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
