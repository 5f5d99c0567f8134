/** `GET /api/stats/artist/{artistId}/rhythm`: the plays of an artist by weekday and hour. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { named, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { askerOf } from './auth.ts'
import { artistParams, Nullable } from './parameters.ts'
import { problemResponses } from './problem.ts'
import { comparisonParameter, rangeParameters } from './range-parameters.ts'
import { definitionsProperty, formatParameter, sendStatistic, tableResponse } from './statistic-answer.ts'

const cell = {
  weekday: Type.Integer({ minimum: 1, maximum: 7, description: '1 is Monday, 7 Sunday.' }),
  hour: Type.Integer({ minimum: 0, maximum: 23, description: 'As the clocks of `tz` show it.' }),
  plays: Type.Integer({ description: 'Counted plays.' }),
}

const Cell = Type.Object(cell, { $id: 'RhythmCell', description: 'An hour of the week.' })

const Change = Type.Union([Type.Number(), Type.Null()], {
  description: 'Since then, in per cent; null where it was nothing before.',
})

const PreviousCell = Type.Object(
  { ...cell, change: Change },
  { $id: 'PreviousRhythmCell', description: 'An hour of the week in the earlier range, and the change since.' },
)

const totals = {
  total: Type.Integer({ description: 'All counted plays of the range.' }),
  peak: Type.Union([named(Cell), Type.Null()], {
    description: 'The hour with most plays, the first of several; null without plays.',
  }),
}

const Previous = Type.Object(
  {
    period: Nullable,
    ...totals,
    cells: Type.Array(named(PreviousCell)),
    change: Type.Object({ total: Change }),
  },
  { $id: 'PreviousRhythm', description: 'The earlier range, and the change since.' },
)

const Rhythm = Type.Object(
  {
    artistId: Type.String(),
    period: Type.Union([Type.String(), Type.Null()], {
      description: 'ISO 8601 interval, its end excluded; null without a range.',
    }),
    ...totals,
    cells: Type.Array(named(Cell), { description: 'All 168, by weekday and hour, zeros included.' }),
    previous: Type.Optional(
      Type.Union([named(Previous), Type.Null()], {
        description: 'With `compare`; null without a start, and for a range that has not begun.',
      }),
    ),
    ...definitionsProperty,
  },
  { $id: 'Rhythm', description: 'The plays of an artist by weekday and hour.' },
)

export type Rhythm = Static<typeof Rhythm>

const schema = {
  operationId: 'getArtistRhythm',
  summary: 'The plays of an artist by weekday and hour',
  description:
    'Zeros for an artist that nobody ever heard of. An hour that a change of clocks doubles has the plays of both, one ' +
    'that it skips has none of that day.',
  tags: ['Statistics'],
  params: artistParams,
  querystring: Type.Object({ ...rangeParameters, ...comparisonParameter, ...formatParameter }),
  response: {
    200: tableResponse(named(Rhythm), 'As CSV, a row for each of the 168 hours.'),
    ...problemResponses(400, 429, 503),
  },
}

export function rhythmRoutes(app: FastifyInstance, services: AppServices): void {
  for (const each of [Cell, PreviousCell, Previous, Rhythm]) app.addSchema(each)
  typed(app).get('/api/stats/artist/:artistId/rhythm', { schema }, async (request, reply) => {
    const { artistId } = request.params
    const found = await services.questions.rhythm({ ...request.query, artistId }, askerOf(request, reply))
    const definitions = services.definitions.version
    const table = () => ({ fileName: `rhythm-${artistId}`, columns: Object.keys(cell), rows: found.cells })
    return sendStatistic(request, reply, found, { table, definitions })
  })
}
