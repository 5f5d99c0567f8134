/** Answers that are the same for everybody, such as documents and pages: made once, in each encoding, and not per request. */
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

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

/** Smaller answers fit into one packet anyway. */
const THRESHOLD_BYTES = 1024

/**
 * A route for `GET` and `HEAD` whose answer is made by its first request. It has an `ETag`, by which who has it already
 * gets `304`.
 */
export function staticRoute(app: FastifyInstance, url: string, make: () => StaticAnswer | Promise<StaticAnswer>): void {
  const made = once(async () => {
    const { type, body } = await make()
    return { type, forms: formsOf(Buffer.from(body)) }
  })
  app.get(url, { schema: { hide: true } }, async (request, reply) => {
    const { type, forms } = await made()
    const form = await forms(encodingFor(request))
    vary(reply)
    reply.header('cache-control', 'no-cache').header('etag', form.etag)
    if (hasAlready(request, form.etag)) return reply.code(304).send()
    if (form.encoding) reply.header('content-encoding', form.encoding)
    return reply.type(type).send(form.body)
  })
}

/** The forms of a body, each made when it is asked for first. A small one is the same in every encoding. */
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

function hasAlready(request: FastifyRequest, etag: string): boolean {
  const known = request.headers['if-none-match']?.split(',').map(each => each.trim().replace(/^W\//, '')) ?? []
  return known.includes(etag) || known.includes('*')
}

/** Beside what others have said that the answer depends on. */
function vary(reply: FastifyReply): void {
  const said = reply.getHeader('vary')
  reply.header('vary', said === undefined ? 'accept-encoding' : `${said}, accept-encoding`)
}

/** The same function, which does its work once; where that failed, again. */
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
