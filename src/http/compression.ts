/** Compressing answers: a ranking becomes a tenth of its size. */
import { constants } from 'node:zlib'
import compress, { type FastifyCompressOptions } from '@fastify/compress'
import type { FastifyInstance, onSendHookHandler } from 'fastify'

/** Smaller answers fit into one packet anyway. */
export const THRESHOLD_BYTES = 1024

/** Compressed in addition to the library's own list, which has JavaScript and SVG. */
const COMPRESSIBLE = /^text\/|(?:\+|\/)(?:json|yaml)(?:;|$)/

const OPTIONS: FastifyCompressOptions = {
  threshold: THRESHOLD_BYTES,
  encodings: ['br', 'gzip'],
  customTypes: COMPRESSIBLE,
  // Much faster than the usual level, and hardly larger; a smaller window takes less memory for each answer under way.
  brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_LGWIN]: 18 } },
  // Bodies are decoded by `decodeBody`.
  globalDecompression: false,
}

/**
 * Lets the routes of this context compress an answer with `reply.compress`, for clients that accept it; others go as they
 * are. For routes with streamed answers, which must not wait until there is enough to compress.
 */
export async function compressOnDemand(app: FastifyInstance): Promise<void> {
  await app.register(compress, { ...OPTIONS, globalCompression: false })
}

/**
 * Compresses the larger answers of the routes that are registered from now on in this context, for clients that accept
 * it. The route that takes single events has none of it: its answers are small, and even a hook costs it.
 */
export async function compressAnswers(app: FastifyInstance): Promise<void> {
  await app.register(compress, OPTIONS)
  app.addHook('onRoute', route => {
    if (route.method === 'HEAD') route.onSend = [...[route.onSend ?? []].flat(), omitLength]
  })
}

/** `HEAD` must not state a length that the answer to `GET` would not have; that of a compressed answer is not known. */
const omitLength: onSendHookHandler = (request, reply, payload, done) => {
  const isCompressed =
    request.headers['accept-encoding'] && Number(reply.getHeader('content-length')) >= THRESHOLD_BYTES
  if (isCompressed) reply.removeHeader('content-length')
  done(null, payload)
}
