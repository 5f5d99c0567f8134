/** `/api/stats/figures/copies`: copies the figures for commands on this machine, because the service has them open. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { named, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { decodeBody } from './content-encoding.ts'
import { strictLimit } from './limits.ts'
import { problemResponses } from './problem.ts'

const Copy = Type.Object(
  {
    folder: Type.String({ description: 'Where it is, on the machine of the service. It stays for an hour.' }),
    checkpoint: Type.Integer({ description: 'The position in the event log of the last event that it contains.' }),
  },
  { $id: 'FiguresCopy', description: 'A copy of the figures.' },
)

const schema = {
  operationId: 'copyFigures',
  summary: 'Copies the figures, for a command that reads them beside the service',
  tags: ['Service'],
  response: { 201: named(Copy), ...problemResponses(400, 408, 413, 415, 429, 503) },
}

export function figuresRoutes(app: FastifyInstance, services: AppServices): void {
  app.addSchema(Copy)
  const config = strictLimit(services.config.rateLimitStrict)
  typed(app).post('/api/stats/figures/copies', { schema, config, preParsing: decodeBody }, async (_request, reply) =>
    reply.code(201).send(await services.figures.copy()),
  )
}
