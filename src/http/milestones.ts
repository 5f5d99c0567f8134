/** `GET /api/stats/artist/{artistId}/milestones`: when an artist's numbers first reached 10, 25, 50, 100, … */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { MILESTONE_MEASURES } from '../statistics/milestones.ts'
import { named, oneOf, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { askerOf } from './auth.ts'
import { artistParams, Nullable } from './parameters.ts'
import { problemResponses } from './problem.ts'
import { rangeParameters } from './range-parameters.ts'
import { definitionsProperty, formatParameter, sendStatistic, tableResponse } from './statistic-answer.ts'

const Measure = oneOf(
  MILESTONE_MEASURES,
  '`listeners`: different known listeners of counted plays. `followers`, `purchases`: net of those taken back.',
)

const Milestone = Type.Object(
  {
    measure: Measure,
    reached: Type.Integer({ description: '10, 25, 50, 100, 250, 500, 1000, …' }),
    at: Type.String({ description: 'When it was reached first, even if the number fell again.' }),
  },
  { $id: 'Milestone', description: 'A number that was reached.' },
)

const NextMilestone = Type.Object(
  {
    measure: Measure,
    count: Type.Integer({ description: 'The number now.' }),
    next: Type.Integer({ description: 'The smallest milestone that was never reached.' }),
  },
  { $id: 'NextMilestone', description: 'How far it is to the next milestone.' },
)

const BestPeriod = Type.Object(
  { start: Type.String(), end: Type.String({ description: 'Excluded.' }), plays: Type.Integer() },
  { $id: 'BestPeriod', description: 'The time with the most plays; of equal ones, the earliest.' },
)

const Best = Type.Union([named(BestPeriod), Type.Null()], { description: 'Null where nothing was ever played.' })

const Milestones = Type.Object(
  {
    artistId: Type.String(),
    period: Nullable,
    items: Type.Array(named(Milestone), { description: 'Those that were reached in the range, newest first.' }),
    next: Type.Array(named(NextMilestone)),
    best: Type.Object(
      { day: Best, week: Best, month: Best },
      { description: 'Of all time; days, ISO weeks and months of `tz`.' },
    ),
    ...definitionsProperty,
  },
  { $id: 'Milestones', description: 'What an artist has reached.' },
)

export type Milestones = Static<typeof Milestones>

const schema = {
  operationId: 'getArtistMilestones',
  summary: 'When an artist reached what',
  description:
    'When plays, listeners, followers and purchases first reached 10, 25, 50, 100, …, by the time of events, and the best day, ' +
    'week and month. The range chooses which milestones are listed; counting is always over all of time.',
  tags: ['Statistics'],
  params: artistParams,
  querystring: Type.Object({ ...rangeParameters, ...formatParameter }),
  response: { 200: tableResponse(named(Milestones), 'As CSV, `items`.'), ...problemResponses(400, 429, 503) },
}

export function milestoneRoutes(app: FastifyInstance, services: AppServices): void {
  for (const each of [Milestone, NextMilestone, BestPeriod, Milestones]) app.addSchema(each)
  typed(app).get('/api/stats/artist/:artistId/milestones', { schema }, async (request, reply) => {
    const { artistId } = request.params
    const found = await services.questions.milestones({ ...request.query, artistId }, askerOf(request, reply))
    const definitions = services.definitions.version
    const table = () => ({
      fileName: `milestones-${artistId}`,
      columns: Object.keys(Milestone.properties),
      rows: found.items,
    })
    return sendStatistic(request, reply, found, { table, definitions })
  })
}
