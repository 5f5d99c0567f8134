/** Every error answer: a problem document of RFC 9457. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { CatalogueUnavailable } from '../catalogue/catalogue-faults.ts'
import { cutText } from '../cut-text.ts'
import { type Fault, invalidInput, ServiceError, unavailable } from '../errors.ts'
import { cutFaults } from '../events/faults.ts'
import { QuestionRefused } from '../storage/figures.ts'
import { StoreUnavailable } from '../storage/storage.ts'
import { named } from './api.ts'
import { DRAINABLE_BYTES, drain } from './body-stream.ts'
import type { RateCheck } from './limits.ts'
import type { ThrottledLog } from './throttled-log.ts'

/** One broken rule, as in answers. */
export const FaultSchema = Type.Object(
  {
    path: Type.String({ description: 'Where, such as `metadata.items.0.price`; empty for the whole.' }),
    code: Type.String({ description: 'Which rule, in `snake_case`.' }),
    message: Type.String({ description: 'A sentence for a person.' }),
  },
  { $id: 'Fault', description: 'One broken rule.' },
)

const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'Names the kind of problem; stable.' }),
    title: Type.String({ description: 'The HTTP status in words.' }),
    status: Type.Integer(),
    code: Type.String({ description: 'The kind of problem, short: the last part of `type`.' }),
    detail: Type.String({ description: 'What is wrong, for a person.' }),
    requestId: Type.String({ description: 'As in the header `x-request-id`.' }),
    errors: Type.Optional(
      Type.Array(named(FaultSchema), {
        description: 'Each broken rule; at most 64 KB of them, the last one being `faults_cut` where more are broken.',
      }),
    ),
  },
  { $id: 'Problem', description: 'An error (RFC 9457).' },
)

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  417: 'Expectation Failed',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/** Characters; a detail may repeat what the client sent. */
const MAX_DETAIL = 2000
const MAX_FAULT_BYTES = 64 * 1024

/** They keep browsers from taking a problem document for another type, from running and from framing it. */
export const PROBLEM_HEADERS = {
  'content-type': 'application/problem+json',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const

/** Answers with a problem document; `error.retryAfter` becomes the header `Retry-After`. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: ServiceError): FastifyReply {
  if (error.retryAfter !== undefined) reply.header('retry-after', error.retryAfter)
  return reply
    .code(error.status)
    .headers({ ...PROBLEM_HEADERS, 'x-request-id': request.id })
    .serializer((body: string) => body)
    .send(problemText(error, request.id))
}

/** The problem document, as it is sent. */
export function problemText(error: ServiceError, requestId: string): string {
  return JSON.stringify({
    type: `urn:undersounds-stats:problem:${error.code}`,
    title: TITLES[error.status] ?? 'Error',
    status: error.status,
    code: error.code,
    detail: cutText(error.message, MAX_DETAIL),
    requestId,
    ...(error.faults.length > 0 ? { errors: cutFaults(error.faults, MAX_FAULT_BYTES) } : {}),
  })
}

/**
 * The error answers of a route, for the API document. Every route has `400`, for a request without the header Host, and
 * `500`, for a fault of the service itself.
 */
export function problemResponses(...statuses: number[]) {
  return Object.fromEntries([400, ...statuses, 500].map(status => [status, problemResponse(status)]))
}

function problemResponse(status: number) {
  const content = { 'application/problem+json': { schema: Type.Ref('Problem') } }
  const retryAfter = { type: 'integer', description: 'Seconds after which trying again makes sense.' }
  const headers = status === 429 || status > 500 ? { headers: { 'retry-after': retryAfter } } : {}
  return { description: TITLES[status] ?? 'Error', ...headers, content }
}

/** Answers all errors of the app with problem documents; those that are the service's own are logged. */
export function handleErrors(app: FastifyInstance, log: ThrottledLog): void {
  app.addSchema(FaultSchema)
  app.addSchema(ProblemSchema)
  app.setErrorHandler((error, request, reply) => {
    const problem = toServiceError(error as FastifyError)
    logCause(log, request, error as FastifyError, problem)
    if (!request.raw.complete) drainRest(request, reply, problem.status)
    return sendProblem(request, reply, problem)
  })
}

/** Logs what the answer does not say: why the store or the catalogue is not available, or where the service itself fails. */
function logCause(log: ThrottledLog, request: FastifyRequest, error: FastifyError, { status }: ServiceError): void {
  // An AbortError means that the client has left, and its question was ended: no fault.
  if (status < 500 || error instanceof ServiceError || error.name === 'AbortError') return
  const kind = { route: request.routeOptions.url ?? 'unmatched', status }
  if (status === 500) log.write('error', 'request failed', kind, { err: error, reqId: request.id })
  else log.write('warn', 'request refused', kind, { reqId: request.id, why: error.message })
}

/** Answers requests for unknown paths, which count for the rate limit too. */
export function handleUnknown(app: FastifyInstance, checkRate?: RateCheck): void {
  app.setNotFoundHandler(checkRate ? { preHandler: checkRate } : {}, (request, reply) => {
    if (!app.supportedMethods.includes(request.method)) {
      const message = `No path answers to ${request.method}`
      return sendProblem(request, reply, new ServiceError(501, 'method_unknown', message))
    }
    const path = request.url.replace(/\?.*$/s, '')
    return sendProblem(request, reply, new ServiceError(404, 'not_found', `Nothing is at ${path}`))
  })
}

const CODES: Record<string, [status: number, code: string, message: string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'too_large', 'The body is larger than this route takes'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'unsupported_media_type', 'The content type is none; send application/json'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'invalid_content_length', 'The body is not as long as Content-Length says'],
}

/** The answer where the catalogue fails and nothing is known without it. */
function withoutCatalogue({ reason }: CatalogueUnavailable): ServiceError {
  const message = 'The catalogue gives no answer now, and nothing is remembered'
  if (reason === 'timeout') return new ServiceError(504, 'catalogue_timeout', message, { retryAfter: 5 })
  if (reason === 'error') return new ServiceError(502, 'catalogue_failed', message, { retryAfter: 5 })
  return new ServiceError(503, 'catalogue_unavailable', message, { retryAfter: 30 })
}

function toServiceError(error: FastifyError): ServiceError {
  if (error instanceof ServiceError) return error
  if (error instanceof QuestionRefused)
    return unavailable(`${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}`, 2)
  if (error instanceof StoreUnavailable) return unavailable('The store is not available now; try again')
  if (error instanceof CatalogueUnavailable) return withoutCatalogue(error)
  if (error.validation) return invalidParameters(error)
  const known = CODES[error.code]
  if (known) return new ServiceError(...known)
  const status = error.statusCode ?? 500
  if (status < 500 && status >= 400) {
    return new ServiceError(status, error.code?.toLowerCase() ?? 'invalid_request', error.message)
  }
  return new ServiceError(500, 'internal', 'Something failed inside the service; the request id finds it in the log')
}

const RULES: Record<string, string> = {
  required: 'required',
  type: 'wrong_type',
  enum: 'unknown_value',
  minimum: 'out_of_range',
  maximum: 'out_of_range',
  maxLength: 'too_long',
}

function invalidParameters(error: FastifyError): ServiceError {
  const [first, ...others] = (error.validation ?? []).map(
    ({ instancePath, keyword, params, message }): Fault => ({
      path: instancePath.slice(1).replaceAll('/', '.') || missingProperty(params),
      code: RULES[keyword] ?? 'invalid',
      message: keyword === 'enum' ? `must be one of ${String(params.allowedValues)}` : (message ?? 'is not valid'),
    }),
  )
  return invalidInput([first ?? { path: '', code: 'invalid', message: error.message }, ...others])
}

/** The two validators (Ajv and TypeBox) name it in different ways. */
function missingProperty(params: Record<string, unknown>): string {
  const [first] = Array.isArray(params.requiredProperties) ? params.requiredProperties : [params.missingProperty]
  return String(first ?? '')
}

/**
 * Handles the rest of a body that is answered before it has come. It is read and dropped where it is short: if the connection
 * were closed, a client that is still sending would see a reset instead of the answer. The connection is closed where the
 * rest is long or of unknown length, or where it does not come (408).
 */
function drainRest({ raw }: FastifyRequest, reply: FastifyReply, status: number): void {
  if (status !== 408 && Number(raw.headers['content-length']) <= DRAINABLE_BYTES) reply.removeHeader('connection')
  else reply.header('connection', 'close')
  reply.raw.once('finish', () => drain(raw))
}
