/** `GET /healthz`, `/livez`, `/readyz`: for people, for restarting, for load balancers. */

import { totalmem } from 'node:os'
import { constrainedMemory } from 'node:process'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { AppServices } from '../app-services.ts'
import { ServiceError } from '../errors.ts'
import { typed } from './api.ts'
import { sendProblem } from './problem.ts'

/** Beyond it the figures are noticeably old. */
const LAG_WARNING_MS = 5000

const Check = (more: Parameters<typeof Type.Object>[0] = {}) =>
  Type.Object({ status: Type.Enum(['ok', 'degraded', 'error']), ...more })

const HealthSchema = Type.Object({
  status: Type.Enum(['ok', 'degraded', 'error']),
  service: Type.Literal('stats-service'),
  timestamp: Type.String({ format: 'date-time' }),
  checks: Type.Object({
    memory: Check({ rss_mb: Type.Number() }),
    circuit_breaker: Check({ state: Type.Enum(['Closed', 'Open', 'Half-Open']) }),
    mailer: Check({ state: Type.Enum(['off', 'ok', 'failing']), pending: Type.Integer() }),
    storage: Check({ engine: Type.Enum(['sqlite', 'mongodb']), latency_ms: Type.Number() }),
    mongodb: Type.Optional(Check()),
    projector: Check({ lag_events: Type.Integer(), lag_ms: Type.Number() }),
  }),
})

type Level = 'ok' | 'degraded' | 'error'

export function healthRoutes(app: FastifyInstance, services: AppServices): void {
  let draining = false
  app.addHook('preClose', done => {
    draining = true
    done()
  })
  const options = (summary: string) => ({ schema: { summary, tags: ['Service'] } })

  const health = options('How the service is; 503 where it cannot work')
  const response = { 200: HealthSchema, 503: HealthSchema }
  typed(app).get('/healthz', { ...health, schema: { ...health.schema, response } }, async (_request, reply) => {
    const body = await healthOf(services)
    return reply
      .code(body.status === 'error' ? 503 : 200)
      .header('cache-control', 'no-store')
      .send(body)
  })
  typed(app).get('/livez', options('Whether the process runs'), async () => ({ status: 'ok' }))
  typed(app).get('/readyz', options('Whether requests should be sent here'), async (request, reply) => {
    const { ready, state, storage } = await services.health()
    if (ready && !draining) return { status: 'ready' }
    const reason = draining ? 'draining' : state !== 'ready' ? state : storage.ok ? 'not ready' : 'without its store'
    return sendProblem(
      request,
      reply,
      new ServiceError(503, 'not_ready', `The service is ${reason}`, { retryAfter: 1 }),
    )
  })
}

async function healthOf(services: AppServices) {
  const { storage, projector, queue, state } = await services.health()
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
      ...(storage.engine === 'mongodb' && { mongodb: { status: stored } }),
      projector: {
        status: (late ? 'degraded' : 'ok') as Level,
        lag_events: projector.lagEvents,
        lag_ms: projector.lagMs,
      },
    },
  }
}
