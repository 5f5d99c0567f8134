/** The HTTP side of the service. */
import helmet, { type FastifyHelmetOptions } from '@fastify/helmet'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { type DestinationStream, pino } from 'pino'
import { ServiceError } from './errors.ts'
import { guardRoutes, keysOf } from './http/access.ts'
import { alertRoutes } from './http/alerts.ts'
import { collectRoutes, refuseEmptyParameters, refuseOtherMethods } from './http/allowed-methods.ts'
import type { AppServices } from './http/app-services.ts'
import { artistEventRoutes } from './http/artist-events.ts'
import { audienceRoutes } from './http/audience.ts'
import type { Keys } from './http/auth.ts'
import { batchRoutes } from './http/batch.ts'
import { answerBrokenRequests } from './http/broken-requests.ts'
import { cacheRoutes } from './http/cache.ts'
import { circuitBreakerRoutes } from './http/circuit-breaker.ts'
import { compressAnswers, compressOnDemand } from './http/compression.ts'
import { decodeBody } from './http/content-encoding.ts'
import { allowOrigins } from './http/cross-origin.ts'
import { BUILT_DASHBOARD, dashboardRoutes } from './http/dashboard.ts'
import { deadLetterRoutes } from './http/dead-letters.ts'
import { definitionRoutes } from './http/definitions.ts'
import { docsRoutes } from './http/docs.ts'
import { eventRoutes } from './http/events.ts'
import { figuresRoutes } from './http/figures.ts'
import { healthRoutes } from './http/health.ts'
import { kpiRoutes } from './http/kpis.ts'
import { limitRates } from './http/limits.ts'
import { liveRoutes } from './http/live.ts'
import { requestId, watchRequests } from './http/logging.ts'
import { takeJson } from './http/media-types.ts'
import { Metrics, metricsRoutes } from './http/metrics.ts'
import { milestoneRoutes } from './http/milestones.ts'
import { mostPlayedRoutes } from './http/most-played.ts'
import { collectSchemas } from './http/openapi.ts'
import { readParameters, UNCHECKED_FORMATS } from './http/parameters.ts'
import { positionRoutes } from './http/position.ts'
import { handleErrors, handleUnknown, sendProblem } from './http/problem.ts'
import { recommendationModelRoutes } from './http/recommendation-model.ts'
import { recommendationPerformanceRoutes } from './http/recommendation-performance.ts'
import { recommendationRoutes } from './http/recommendations.ts'
import { releaseRoutes } from './http/releases.ts'
import { rhythmRoutes } from './http/rhythm.ts'
import { searchRoutes } from './http/search.ts'
import { serializersOnDemand } from './http/serializers.ts'
import { ThrottledLog } from './http/throttled-log.ts'
import { trendingRoutes } from './http/trending.ts'
import { unattributedRoutes } from './http/unattributed.ts'
import type { Config } from './settings/config.ts'

/** A connection on which nothing is sent or received for so long is closed. */
const IDLE_MS = 120_000

/** The headers of a request must come within this time, which is checked every two seconds. Bodies: `slow-clients.ts`. */
const HEADERS_MS = 10_000
const CHECK_EVERY_MS = 2_000

/** Characters of a parameter in the path: as many as a request line may have, for the schemas limit each parameter. */
const MAX_PARAMETER = 16_384

/**
 * Builds the app; it neither listens nor reads the environment. The log is written to `log`, by default to standard output.
 * The dashboard is the one in the folder `dashboard`, by default the one that was built here.
 */
export async function buildApp(
  services: AppServices,
  log?: DestinationStream,
  dashboard = BUILT_DASHBOARD,
): Promise<FastifyInstance> {
  const { config } = services
  const options = { level: config.logLevel }
  const app = newServer(config, log ? pino(options, log) : pino(options))
  const metrics = new Metrics(services)
  const keys = keysOf(config)
  allowOrigins(app, config.corsOrigins)
  const routes = collectRoutes(app)
  await collectSchemas(app)
  const all = options.level === 'debug' || options.level === 'trace'
  const throttledLog = new ThrottledLog(app.log, all)
  answerBrokenRequests(app, throttledLog)
  app.addHook('onClose', async () => throttledLog.close())
  handleErrors(app, throttledLog)
  guardRoutes(app, config, keys)
  readParameters(app)
  watchRequests(app, metrics, throttledLog, all)
  // The dashboard, probes, metrics and documents come before the limits, and so have none.
  await app.register(async scope => dashboardRoutes(scope, dashboard, config.coverOrigins))
  await app.register(async scope => openRoutes(scope, services, metrics))
  const checkRate = await limitRates(app, config.rateLimitDefault, keys.all)
  handleUnknown(app, checkRate)
  await app.register(async scope => busyRoutes(scope, services, metrics, keys.all))
  await app.register(async scope => otherRoutes(scope, services, metrics))
  refuseEmptyParameters(app, routes)
  refuseOtherMethods(app, routes)
  return app
}

function newServer(config: Config, loggerInstance: FastifyBaseLogger): FastifyInstance {
  const hops = config.trustProxy
  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: typeof hops === 'number' ? (_address, hop) => hop < hops : hops,
    genReqId: requestId,
    return503OnClosing: false,
    connectionTimeout: IDLE_MS,
    // A missing host and unreadable requests are answered by `refuseWithoutHost` and `answerBrokenRequests`.
    http: { requireHostHeader: false, headersTimeout: HEADERS_MS, connectionsCheckingInterval: CHECK_EVERY_MS },
    clientErrorHandler: () => {},
    schemaController: { compilersFactory: { buildSerializer: serializersOnDemand } },
    // `readParameters` reads parameters, and is stricter about numbers than the validator.
    ajv: { customOptions: { coerceTypes: false, formats: UNCHECKED_FORMATS } },
    routerOptions: { maxParamLength: MAX_PARAMETER, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    frameworkErrors: (error, request, reply) => {
      sendProblem(request, reply, new ServiceError(400, 'bad_url', error.message))
    },
  })
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
    if (request.headers.host === undefined) refuseWithoutHost(request, reply)
    done()
  })
  return app
}

/** HTTP/1.1 requires the header, HTTP/1.0 does not; HTTP/0.9, which has no headers, is refused. */
function refuseWithoutHost({ raw }: FastifyRequest, reply: FastifyReply): void {
  if (raw.httpVersion === '1.0') return
  reply.header('connection', 'close')
  throw raw.httpVersion === '1.1'
    ? new ServiceError(400, 'host_required', 'A request must have the header Host')
    : new ServiceError(400, 'bad_request', `HTTP/${raw.httpVersion} is not understood; HTTP/1.1 is`)
}

/** The routes that take events, in a context of their own, so that they have as few hooks as possible. */
async function busyRoutes(scope: FastifyInstance, services: AppServices, metrics: Metrics, keys: Keys) {
  scope.addHook('preParsing', decodeBody)
  await scope.register(async inner => eventRoutes(inner, services, metrics))
  await scope.register(async inner => {
    await compressOnDemand(inner)
    batchRoutes(inner, services, metrics, keys)
  })
}

async function openRoutes(scope: FastifyInstance, services: AppServices, metrics: Metrics): Promise<void> {
  await secure(scope)
  // These compress their answers themselves.
  docsRoutes(scope)
  await compressAnswers(scope)
  healthRoutes(scope, services)
  metricsRoutes(scope, metrics)
}

async function otherRoutes(scope: FastifyInstance, services: AppServices, metrics: Metrics) {
  await secure(scope)
  await compressAnswers(scope)
  takeJson(scope)
  definitionRoutes(scope, services)
  kpiRoutes(scope, services)
  milestoneRoutes(scope, services)
  artistEventRoutes(scope, services)
  positionRoutes(scope, services)
  mostPlayedRoutes(scope, services)
  releaseRoutes(scope, services)
  audienceRoutes(scope, services)
  rhythmRoutes(scope, services)
  liveRoutes(scope, services)
  trendingRoutes(scope, services)
  unattributedRoutes(scope, services)
  searchRoutes(scope, services)
  recommendationRoutes(scope, services)
  recommendationModelRoutes(scope, services)
  recommendationPerformanceRoutes(scope, services)
  cacheRoutes(scope, services)
  figuresRoutes(scope, services)
  circuitBreakerRoutes(scope, services)
  await scope.register(async inner => alertRoutes(inner, services))
  await scope.register(async inner => deadLetterRoutes(inner, services, metrics))
}

async function secure(scope: FastifyInstance): Promise<void> {
  await scope.register(helmet, HELMET)
  // The types hold answers to their schemas already; a serializer made of the schemas would drop fields that they lack.
  scope.setSerializerCompiler(() => JSON.stringify)
}

/** Of all but the dashboard, which has its own. Pages of other origins may fetch from here, and the service itself may be reached over plain HTTP. */
const HELMET: FastifyHelmetOptions = {
  crossOriginResourcePolicy: { policy: 'cross-origin' },
  strictTransportSecurity: false,
  contentSecurityPolicy: {
    directives: {
      'style-src': ["'self'", "'unsafe-inline'"],
      'font-src': ["'self'"],
      'upgrade-insecure-requests': null,
    },
  },
}
