/** Which bodies a route takes, by their media type, and the refusal of others. */
import type { FastifyInstance, FastifyRequest, RequestPayload } from 'fastify'
import { cutText } from '../cut-text.ts'
import { ServiceError } from '../errors.ts'
import { parseBody, refuseWideText } from './body.ts'

type Done = (error: Error | null, body?: unknown) => void

/** An answer repeats at most so many characters of a name that the client sent. */
const MAX_NAMED = 100

/**
 * Lets the routes of this context take bodies of these media types as bytes; undefined for an empty one, whatever its
 * type. Others are refused with `415`.
 */
export function takeBytes(app: FastifyInstance, types: readonly string[]): void {
  takeWhole(app, types, bytes => bytes)
}

/** Lets the routes of this context take JSON; undefined for an empty body. */
export function takeJson(app: FastifyInstance): void {
  takeWhole(app, ['application/json'], parseBody)
}

/**
 * Lets the routes of this context take bodies of these media types as the streams that they are, not yet read: the route
 * is their only reader. Others are refused with `415`, and undefined for an empty one.
 */
export function takeStreams(app: FastifyInstance, types: readonly string[]): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser([...types], (request, payload, done) => {
    refuseOtherCharset(request)
    done(null, payload)
  })
  refuseOthers(app, types)
}

function takeWhole(app: FastifyInstance, types: readonly string[], read: (bytes: Buffer) => unknown): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser([...types], { parseAs: 'buffer' }, (request, bytes: Buffer, done) => {
    refuseOtherCharset(request)
    refuseWideText(bytes)
    done(null, bytes.length === 0 ? undefined : read(bytes))
  })
  refuseOthers(app, types)
}

function refuseOthers(app: FastifyInstance, types: readonly string[]): void {
  const taken = types.join(' or ')
  app.addContentTypeParser('*', (request, payload, done) => takeNothing(request, payload, taken, done))
}

/** Accepts an empty body and refuses any other: many clients name a type although they send nothing. */
function takeNothing(request: FastifyRequest, payload: RequestPayload, taken: string, done: Done): void {
  const end = (error: Error | null) => {
    payload.off('data', refuse).off('end', accept).off('error', end)
    // Without a listener, an error in the rest of the body would end the process.
    payload.on('error', () => {})
    done(error)
  }
  const refuse = () => {
    const named = cutText(request.mediaType ?? 'a body without a content type', MAX_NAMED)
    end(new ServiceError(415, 'unsupported_media_type', `This route takes ${taken}, not ${named}`))
  }
  const accept = () => end(null)
  payload.on('data', refuse).on('end', accept).on('error', end)
}

/** JSON is in UTF-8 (RFC 8259); ASCII is a subset of it. */
function refuseOtherCharset({ headers }: FastifyRequest): void {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(headers['content-type'] ?? '')?.[1]
  if (charset === undefined || /^(utf-?8|us-ascii|ascii)$/i.test(charset)) return
  throw new ServiceError(415, 'unsupported_charset', `The body must be UTF-8, not ${cutText(charset, MAX_NAMED)}`)
}
