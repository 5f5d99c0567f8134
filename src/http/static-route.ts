/** Routes whose answer never changes, such as documents and pages: it is made once in each encoding, not per request. */
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { THRESHOLD_BYTES } from './compression.ts'

export interface StaticAnswer {
  /** The media type. */
  type: string
  body: string | Uint8Array
}

interface Form {
  body: Buffer
  etag: string
  encoding?: Encoding
}

/** The better one first. */
const ENCODINGS = ['br', 'gzip'] as const

type Encoding = (typeof ENCODINGS)[number]

/** The best level of Brotli takes twenty times as long as this one, for a tenth less. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }

const COMPRESS: Record<Encoding, (body: Buffer) => Promise<Buffer>> = {
  br: body => promisify(brotliCompress)(body, BROTLI),
  gzip: body => promisify(gzip)(body),
}

/** As `staticHandler` answers, a route for `GET` and `HEAD`. */
export function staticRoute(app: FastifyInstance, url: string, make: () => Made): void {
  app.get(url, { schema: { hide: true } }, staticHandler(make))
}

type Made = StaticAnswer | Promise<StaticAnswer>

export type StaticHandler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/**
 * Answers with what `make` gives, which is called by the first request. It has an `ETag`: a client that sends it back gets
 * `304`. By default that has to be asked each time; `cacheControl` may allow more.
 */
export function staticHandler(make: () => Made, cacheControl = 'no-cache'): StaticHandler {
  const made = once(async () => {
    const { type, body } = await make()
    return { type, forms: formsOf(Buffer.from(body)) }
  })
  return async (request, reply) => {
    const { type, forms } = await made()
    const form = await forms(encodingFor(request))
    vary(reply)
    reply.header('cache-control', cacheControl).header('etag', form.etag)
    if (isKnown(request, form.etag)) return reply.code(304).send()
    if (form.encoding) reply.header('content-encoding', form.encoding)
    return reply.type(type).send(form.body)
  }
}

/** The forms of a body, one an encoding, each made when it is first asked for. A small body has only its plain form. */
function formsOf(body: Buffer): (encoding: Encoding | undefined) => Promise<Form> {
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22)
  const plain = { body, etag: `"${hash}"` }
  const compressed = Object.fromEntries(
    ENCODINGS.map(encoding => [
      encoding,
      once(async () => ({ body: await COMPRESS[encoding](body), etag: `"${hash}-${encoding}"`, encoding })),
    ]),
  ) as Record<Encoding, () => Promise<Form>>
  return async encoding => (encoding && body.length >= THRESHOLD_BYTES ? compressed[encoding]() : plain)
}

function encodingFor(request: FastifyRequest): Encoding | undefined {
  const accepted = String(request.headers['accept-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map(part => part.replaceAll(' ', '').split(';q='))
    .filter(([, weight]) => weight === undefined || Number(weight) > 0)
    .map(([name]) => name)
  return ENCODINGS.find(encoding => accepted.includes(encoding))
}

function isKnown(request: FastifyRequest, etag: string): boolean {
  const known = request.headers['if-none-match']?.split(',').map(each => each.trim().replace(/^W\//, '')) ?? []
  return known.includes(etag) || known.includes('*')
}

/** Adds `accept-encoding` to the header `Vary`, which the CORS hook may have set. */
function vary(reply: FastifyReply): void {
  const others = reply.getHeader('vary')
  reply.header('vary', others === undefined ? 'accept-encoding' : `${others}, accept-encoding`)
}

/** A function that calls `work` once and keeps its result; after a failure the next call tries again. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined
  return () => {
    result ??= work().catch(error => {
      result = undefined
      throw error
    })
    return result
  }
}
