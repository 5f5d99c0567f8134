/** `GET /api/stats/unattributed`: what is bound to no artist. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { AppServices } from '../app-services.ts'
import { typed } from './api.ts'
import { Limit } from './parameters.ts'
import { problemResponses } from './problem.ts'

const Nullable = Type.Union([Type.String(), Type.Null()])

const Subject = Type.Object({
  subject: Type.String({ description: '`none` for what names nobody.' }),
  kind: Type.Enum(['album', 'name', 'none']),
  id: Nullable,
  name: Nullable,
  plays: Type.Integer(),
  likes: Type.Integer(),
  follows: Type.Integer(),
  purchases: Type.Integer(),
  total: Type.Integer({ description: 'What is sorted by: the sum of the counts.' }),
  lastEventAt: Nullable,
})

const schema = {
  summary: 'What is bound to no artist, most first',
  tags: ['Statistics'],
  querystring: Type.Object({
    limit: Limit(50),
    cursor: Type.Optional(Type.String({ description: '`nextCursor` of the page before.' })),
  }),
  response: {
    200: Type.Object({ items: Type.Array(Subject), nextCursor: Nullable }),
    ...problemResponses(400, 429, 503),
  },
}

export function unattributedRoutes(app: FastifyInstance, services: AppServices): void {
  typed(app).get('/api/stats/unattributed', { schema }, async ({ query: { limit, cursor } }) =>
    services.questions.unattributed({ limit, ...(cursor ? { cursor } : {}) }),
  )
}
