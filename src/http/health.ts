/** `GET /healthz` for people, `/livez` for what restarts the process, `/readyz` for load balancers. */
import { totalmem } from 'node:os'
import { constrainedMemory } from 'node:process'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { ServiceError } from '../errors.ts'
import { named, oneOf, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { problemResponses, sendProblem } from './problem.ts'

/** With a larger lag the figures are noticeably old, and the service is degraded. */
const LAG_WARNING_MS = 5000

const Level = oneOf(['ok', 'degraded', 'error'])
const Check = <T extends Type.TProperties>(more: T) => Type.Object({ status: Level, ...more })

const HealthSchema = Type.Object(
  {
    status: Level,
    service: Type.Literal('stats-service'),
    timestamp: Type.String({ format: 'date-time' }),
    checks: Type.Object({
      memory: Check({ rss_mb: Type.Number() }),
      circuit_breaker: Check({ state: oneOf(['Closed', 'Open', 'Half-Open']) }),
      mailer: Check({ state: oneOf(['off', 'ok', 'failing']), pending: Type.Integer() }),
      storage: Check({ engine: oneOf(['sqlite', 'mongodb']), latency_ms: Type.Number() }),
      integrity: Check({
        state: oneOf(['waiting', 'running', 'ok', 'error']),
        at: Type.Optional(
          Type.String({ format: 'date-time', description: 'When it was checked, or damage was noticed.' }),
        ),
        found: Type.Optional(Type.String({ description: 'What is damaged.' })),
      }),
      mongodb: Type.Optional(Check({})),
      projector: Check({ lag_events: Type.Integer(), lag_ms: Type.Number() }),
    }),
  },
  { $id: 'Health', description: 'How the service is, and each part of it.' },
)

const Alive = Type.Object({ status: Type.Literal('ok') }, { $id: 'Liveness', description: 'The process runs.' })
const Ready = Type.Object({ status: Type.Literal('ready') }, { $id: 'Readiness', description: 'Requests are welcome.' })

type Level = Static<typeof Level>
export type HealthAnswer = Static<typeof HealthSchema>

export function healthRoutes(app: FastifyInstance, services: AppServices): void {
  let draining = false
  app.addHook('preClose', done => {
    draining = true
    done()
  })
  for (const each of [HealthSchema, Alive, Ready]) app.addSchema(each)
  const tags = ['Service']

  const health = {
    operationId: 'getHealth',
    summary: 'How the service is; 503 where it cannot work',
    tags,
    response: { 200: named(HealthSchema), 503: named(HealthSchema), ...problemResponses() },
  }
  typed(app).get('/healthz', { schema: health }, async (_request, reply) => {
    const body = await healthOf(services)
    return reply
      .code(body.status === 'error' ? 503 : 200)
      .header('cache-control', 'no-store')
      .send(body)
  })

  const alive = {
    operationId: 'getLiveness',
    summary: 'Whether the process runs',
    tags,
    response: { 200: named(Alive), ...problemResponses() },
  }
  typed(app).get('/livez', { schema: alive }, async () => ({ status: 'ok' as const }))

  const readiness = {
    operationId: 'getReadiness',
    summary: 'Whether requests should be sent here',
    tags,
    response: { 200: named(Ready), ...problemResponses(503) },
  }
  typed(app).get('/readyz', { schema: readiness }, async (request, reply) => {
    const { ready, state, storage, countedPercent } = await services.health()
    if (ready && !draining) return { status: 'ready' as const }
    const starting = `starting: ${countedPercent} % of the events are counted`
    const reason = draining
      ? 'draining'
      : state === 'starting'
        ? starting
        : storage.ok
          ? 'not ready'
          : 'without its store'
    return sendProblem(
      request,
      reply,
      new ServiceError(503, 'not_ready', `The service is ${reason}`, { retryAfter: 1 }),
    )
  })
}

async function healthOf(services: AppServices) {
  const { storage, integrity, projector, queue, state } = await services.health()
  const rss = process.memoryUsage.rss()
  const late = projector.lagMs > LAG_WARNING_MS
  const full = queue.load >= 0.9
  const memory: Level =
    rss > 0.9 * Math.min(constrainedMemory() || Number.POSITIVE_INFINITY, totalmem()) ? 'degraded' : 'ok'
  const circuit = services.catalogue?.status().state ?? 'Closed'
  const { smtp, pending } = services.alerts.state()
  const neighbours = circuit !== 'Closed' || smtp === 'failing'
  const degraded = late || full || memory !== 'ok' || state !== 'ready' || neighbours
  const stored: Level = storage.ok ? (full ? 'degraded' : 'ok') : 'error'
  const status: Level = !storage.ok ? 'error' : degraded ? 'degraded' : 'ok'
  return {
    status,
    service: 'stats-service' as const,
    timestamp: new Date(services.clock()).toISOString(),
    checks: {
      memory: { status: memory, rss_mb: Math.round(rss / 104_857.6) / 10 },
      circuit_breaker: { status: (circuit === 'Closed' ? 'ok' : 'degraded') as Level, state: circuit },
      mailer: { status: (smtp === 'failing' ? 'degraded' : 'ok') as Level, state: smtp, pending },
      storage: { status: stored, engine: storage.engine, latency_ms: storage.latencyMs },
      integrity: {
        status: (integrity.state === 'error' ? 'error' : 'ok') as Level,
        state: integrity.state,
        ...(integrity.at !== null && { at: new Date(integrity.at).toISOString() }),
        ...(integrity.found !== null && { found: integrity.found }),
      },
      ...(storage.engine === 'mongodb' && { mongodb: { status: stored } }),
      projector: {
        status: (late ? 'degraded' : 'ok') as Level,
        lag_events: projector.lagEvents,
        lag_ms: projector.lagMs,
      },
    },
  }
}
