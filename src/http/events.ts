/** `POST /api/stats/events`: one event. This is the busiest route: measure before you add a hook. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ServiceError } from '../errors.ts'
import { MAX_EVENT_BYTES } from '../events/bounds.ts'
import { EVENT_SCHEMAS, EventSchema } from '../events/schema.ts'
import { type ItemResult, type RawEvent, rawEventOf } from '../ingestion/raw-event.ts'
import { named, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { takeBytes } from './media-types.ts'
import type { Metrics } from './metrics.ts'
import { problemResponses } from './problem.ts'

const Accepted = Type.Object(
  { accepted: Type.Literal(true), id: Type.String(), duplicate: Type.Optional(Type.Literal(true)) },
  { $id: 'AcceptedEvent', description: 'The event is on disk; `duplicate`: it was before.' },
)

const schema = {
  operationId: 'postEvent',
  summary: 'Takes in an event',
  description:
    'The answer comes when the event is durable. Sending it again with the same id is safe. A refused event is kept as a ' +
    'dead letter. At most 64 KiB; gzip, brotli and deflate are understood, and so is JSON as `text/plain`, which ' +
    '`navigator.sendBeacon` sends.',
  tags: ['Events'],
  headers: Type.Object({
    'idempotency-key': Type.Optional(Type.String({ description: "The event's id, where the body names none." })),
  }),
  body: named(EventSchema),
  response: { 202: named(Accepted), ...problemResponses(400, 401, 408, 409, 413, 415, 429, 503) },
}

export function eventRoutes(app: FastifyInstance, services: AppServices, metrics: Metrics): void {
  const { ingestion } = services
  takeBytes(app, ['application/json', 'text/plain'])
  for (const each of [...EVENT_SCHEMAS, Accepted]) app.addSchema(each)
  typed(app).post<{ Body: Buffer | undefined }>(
    '/api/stats/events',
    // The schema is for the API document: the ingestion checks events.
    { bodyLimit: MAX_EVENT_BYTES, schema, validatorCompiler: () => () => true },
    async (request, reply) => {
      const key = request.headers['idempotency-key']
      const rawEvents: [RawEvent] = [rawEventOf(request.body ?? Buffer.alloc(0))]
      const results = await (typeof key === 'string' && key !== ''
        ? ingestion.receive(rawEvents, { idempotencyKey: key })
        : ingestion.receive(rawEvents))
      const result = results[0]!
      metrics.countEvent(result.status)
      reply.code(202)
      if (result.status === 'accepted') return { accepted: true, id: result.id }
      if (result.status === 'duplicate') return { accepted: true, id: result.id, duplicate: true }
      throw refusal(result)
    },
  )
}

const STATUS = { conflict: 409, rejected: 400, unavailable: 503 }

function refusal(result: ItemResult): ServiceError {
  const status = STATUS[result.status as keyof typeof STATUS]
  const more = { faults: result.faults ?? [], ...(status === 503 ? { retryAfter: 1 } : {}) }
  return new ServiceError(status, result.code ?? result.status, result.message ?? 'The event was refused', more)
}
