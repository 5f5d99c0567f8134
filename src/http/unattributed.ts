/** `GET /api/stats/unattributed`: albums and names that are attributed to no artist. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { UNATTRIBUTED_CURSOR } from '../statistics/unattributed.ts'
import { named, oneOf, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { askerOf } from './auth.ts'
import { Nullable, pageParameters } from './parameters.ts'
import { problemResponses } from './problem.ts'
import { definitionsProperty, formatParameter, sendStatistic, tableResponse } from './statistic-answer.ts'

const Subject = Type.Object(
  {
    subject: Type.String({ description: '`none` for what names nobody.' }),
    kind: oneOf(['album', 'name', 'none']),
    id: Nullable,
    name: Nullable,
    plays: Type.Integer(),
    likes: Type.Integer(),
    follows: Type.Integer(),
    purchases: Type.Integer(),
    total: Type.Integer({ description: 'What is sorted by: the sum of the counts.' }),
    lastEventAt: Nullable,
  },
  { $id: 'UnattributedSubject', description: 'An album or a name that is bound to no artist.' },
)

const Page = Type.Object(
  { items: Type.Array(named(Subject)), nextCursor: Nullable, ...definitionsProperty },
  { $id: 'UnattributedPage', description: 'Most first.' },
)

export type UnattributedPage = Static<typeof Page>

const schema = {
  operationId: 'getUnattributed',
  summary: 'What is bound to no artist, most first',
  tags: ['Statistics'],
  querystring: Type.Object({
    ...pageParameters(UNATTRIBUTED_CURSOR, '`nextCursor` of the page before.'),
    ...formatParameter,
  }),
  response: { 200: tableResponse(named(Page), 'Most first.'), ...problemResponses(400, 429, 503) },
}

export function unattributedRoutes(app: FastifyInstance, services: AppServices): void {
  for (const each of [Subject, Page]) app.addSchema(each)
  typed(app).get('/api/stats/unattributed', { schema }, async (request, reply) => {
    const page = await services.questions.unattributed(request.query, askerOf(request, reply))
    const definitions = services.definitions.version
    const table = () => ({ fileName: 'unattributed', columns: Object.keys(Subject.properties), rows: page.items })
    return sendStatistic(request, reply, page, { table, definitions })
  })
}
