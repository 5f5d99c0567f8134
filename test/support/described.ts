/** Holds every answer of an app against the OpenAPI document that it gives of itself. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { FastifyInstance } from 'fastify'

interface Operation {
  responses: Record<string, { content?: Record<string, object> }>
}

interface Answer {
  method: string
  path: string
  status: number
  type: string
  body: Buffer
}

type Judge = (answer: Answer) => string | undefined

/** The document is the same whatever the settings are. */
let judge: Judge | undefined

/**
 * Notes what answers contradict the document: a status or a content type that it does not name, a body that is not of
 * its schema, a field that it does not know. Answers at paths that are not in it are passed over. The app must be ready.
 */
export function contradictionsOf(app: FastifyInstance): readonly string[] {
  const contradictions: string[] = []
  judge ??= judgeOf(app.swagger() as AnySchemaObject)
  const contradictionIn = judge
  app.server.prependListener('request', (request, response) =>
    record(request, response, answer => {
      const contradiction = contradictionIn(answer)
      if (contradiction) contradictions.push(`${answer.method} ${answer.path} ${answer.status}: ${contradiction}`)
    }),
  )
  return contradictions
}

function record(request: IncomingMessage, response: ServerResponse, onAnswer: (answer: Answer) => void): void {
  const chunks: Buffer[] = []
  const headers: Record<string, unknown> = {}
  onCall(response, 'writeHead', args => {
    // Fastify gives them here, and Node remembers none of them.
    Object.assign(headers, response.getHeaders(), args.at(-1))
  })
  for (const name of ['write', 'end'] as const) {
    onCall(response, name, ([chunk]) => {
      if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk))
    })
  }
  response.once('finish', () =>
    onAnswer({
      method: request.method ?? '',
      path: (request.url ?? '').replace(/\?.*$/s, ''),
      status: response.statusCode,
      type: String(headers['content-type'] ?? '').replace(/;.*$/, ''),
      body: decoded(Buffer.concat(chunks), headers['content-encoding']),
    }),
  )
}

function onCall(response: ServerResponse, name: 'writeHead' | 'write' | 'end', listen: (args: unknown[]) => void) {
  const original = response[name].bind(response) as (...args: unknown[]) => never
  response[name] = (...args: unknown[]) => {
    listen(args)
    return original(...args)
  }
}

function decoded(body: Buffer, encoding: unknown): Buffer {
  // Of HEAD, the headers are all.
  if (body.length === 0) return body
  if (encoding === 'gzip') return gunzipSync(body)
  return encoding === 'br' ? brotliDecompressSync(body) : body
}

function judgeOf(document: AnySchemaObject): Judge {
  const ajv = new Ajv2020({ strict: false, validateSchema: false })
  formats.default(ajv)
  ajv.addSchema(closed(document) as AnySchemaObject, 'api')
  const paths = Object.entries(document.paths as Record<string, Record<string, Operation>>).map(
    ([path, operations]) => ({
      path,
      operations,
      pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`),
    }),
  )

  return ({ method, path, status, type, body }) => {
    const found = paths.find(({ pattern }) => pattern.test(path))
    const operation = found?.operations[method.toLowerCase()]
    if (!found || !operation) return undefined
    const described = operation.responses[status]
    if (!described) return 'the status is not described'
    if (!described.content?.[type]) return `the content type ${type} is not described`
    if (!type.endsWith('json')) return undefined
    const steps = ['paths', found.path, method.toLowerCase(), 'responses', String(status), 'content', type, 'schema']
    const pointer = steps.map(step => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
    const isRight = ajv.getSchema(`api#/${pointer}`)!
    if (isRight(JSON.parse(body.toString()))) return undefined
    return (isRight.errors ?? [])
      .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
      .join('; ')
  }
}

/** The same schemas, with objects that have no other fields than they name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  return inner.type === 'object' && inner.properties ? { additionalProperties: false, ...inner } : inner
}
