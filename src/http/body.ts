/** Reading request bodies: content encodings, limits, JSON. */
import { isUtf8 } from 'node:buffer'
import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type {
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  preParsingHookHandler,
  RequestPayload,
} from 'fastify'
import { ServiceError } from '../errors.ts'
import { type Arrival, parseLine } from '../events/arrival.ts'

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

/** Lets the routes of this context take JSON bodies, and gives them to the handler as bytes. */
export function takeJsonBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
}

/** What arrived in a body, or in a line of it; what is not UTF-8 is not JSON. */
export function parseBytes(bytes: Buffer | undefined): Arrival {
  if (bytes === undefined) return { text: '' }
  const text = bytes.toString('utf8')
  return isUtf8(bytes) ? parseLine(text) : { text }
}
