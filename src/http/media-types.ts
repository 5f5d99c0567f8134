/** Which bodies a route takes, by their media type, and what it says of others. */
import type { FastifyInstance, FastifyRequest, RequestPayload } from 'fastify'
import { ServiceError } from '../errors.ts'
import { parseBody, refuseWideText } from './body.ts'

type Done = (error: Error | null, body?: unknown) => void

/**
 * Lets the routes of this context take bodies of these media types as bytes; undefined for an empty one, whatever its
 * type. `streamed`: media types whose bodies are given as the stream that they are. Others are refused with `415`.
 */
export function takeBytes(app: FastifyInstance, types: readonly string[], streamed: readonly string[] = []): void {
  takeBodies(app, types, bytes => bytes, streamed)
}

/** Lets the routes of this context take JSON; undefined for an empty body. */
export function takeJson(app: FastifyInstance): void {
  takeBodies(app, ['application/json'], parseBody)
}

function takeBodies(
  app: FastifyInstance,
  types: readonly string[],
  read: (bytes: Buffer) => unknown,
  streamed: readonly string[] = [],
): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser([...types], { parseAs: 'buffer' }, (request, bytes: Buffer, done) => {
    refuseOtherCharset(request)
    refuseWideText(bytes)
    done(null, bytes.length === 0 ? undefined : read(bytes))
  })
  for (const type of streamed) {
    app.addContentTypeParser(type, (request, payload, done) => {
      refuseOtherCharset(request)
      done(null, payload)
    })
  }
  const taken = [...types, ...streamed].join(' or ')
  app.addContentTypeParser('*', (request, payload, done) => takeNothing(request, payload, taken, done))
}

/** Many clients name a type where they send nothing. */
function takeNothing(request: FastifyRequest, payload: RequestPayload, taken: string, done: Done): void {
  const refuse = () => {
    payload.off('end', accept)
    const named = request.mediaType ?? 'a body without a content type'
    done(new ServiceError(415, 'unsupported_media_type', `This route takes ${taken}, not ${named}`))
  }
  const accept = () => done(null)
  payload.once('data', refuse)
  payload.once('end', accept)
  payload.once('error', done)
}

/** JSON is UTF-8 (RFC 8259), of which ASCII is a part. */
function refuseOtherCharset({ headers }: FastifyRequest): void {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(headers['content-type'] ?? '')?.[1]
  if (charset === undefined || /^(utf-?8|us-ascii|ascii)$/i.test(charset)) return
  throw new ServiceError(415, 'unsupported_charset', `The body must be UTF-8, not ${charset}`)
}
