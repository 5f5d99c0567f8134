/** `GET /api/stats/cb/status`: the state of the circuit breaker of the catalogue. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { UNUSED_CIRCUIT } from '../catalogue/policies.ts'
import { named, oneOf, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { problemResponses } from './problem.ts'

const Status = Type.Object(
  {
    state: oneOf(['Closed', 'Open', 'Half-Open']),
    fail_count: Type.Integer({ description: 'Failed calls in a row.' }),
    fail_max: Type.Integer({ description: 'So many open the circuit.' }),
    reset_timeout: Type.Integer({ description: 'Seconds until a trial call.' }),
    opened_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
  },
  { $id: 'CircuitBreakerStatus', description: "State of the catalogue's circuit breaker." },
)

export type CircuitBreakerStatus = Static<typeof Status>

export function circuitBreakerRoutes(app: FastifyInstance, services: AppServices): void {
  app.addSchema(Status)
  const response = { 200: named(Status), ...problemResponses(429) }
  const schema = {
    operationId: 'getCircuitBreaker',
    summary: "State of the catalogue's circuit breaker",
    tags: ['Service'],
    response,
  }
  typed(app).get('/api/stats/cb/status', { schema }, async () => services.catalogue?.status() ?? UNUSED_CIRCUIT)
}
