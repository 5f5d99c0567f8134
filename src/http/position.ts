/** `GET /api/stats/artist/{artistId}/position`: an artist's position in the weekly rankings. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { MAX_WEEKS } from '../statistics/artist-position.ts'
import { named, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { askerOf } from './auth.ts'
import { artistParams } from './parameters.ts'
import { problemResponses } from './problem.ts'
import { rangeParameters } from './range-parameters.ts'
import { definitionsProperty, formatParameter, sendStatistic, tableResponse } from './statistic-answer.ts'

const IntegerOrNull = (description: string) => Type.Union([Type.Integer(), Type.Null()], { description })

const week = {
  start: Type.String({ description: 'A Monday, 00:00 UTC, written in `tz`.' }),
  end: Type.String({ description: 'Excluded.' }),
  position: IntegerOrNull('From 1; null where the artist has no play in the week.'),
  plays: Type.Integer({ description: 'Counted plays.' }),
  eligiblePlays: Type.Integer({ description: 'Those that the ranking is by, as in `/api/stats/trending`.' }),
  change: IntegerOrNull('Places gained since the week before, below zero where lost; null without both positions.'),
  isOver: Type.Boolean({ description: 'false for the running week, whose ranking still changes.' }),
}

const Week = Type.Object(week, { $id: 'PositionWeek', description: 'An artist in the ranking of a week.' })

const Position = Type.Object(
  {
    artistId: Type.String(),
    peak: Type.Union([
      Type.Object({
        position: Type.Integer({ minimum: 1 }),
        weeks: Type.Integer({ description: 'How many weeks.' }),
        firstWeek: Type.String({ description: 'The `start` of the first of them.' }),
      }),
      Type.Null(),
    ]),
    weeksOnChart: Type.Integer({ description: 'Weeks with a position.' }),
    lastFullWeek: Type.Union([named(Week), Type.Null()]),
    items: Type.Array(named(Week)),
    ...definitionsProperty,
  },
  {
    $id: 'ArtistPosition',
    description: 'The positions of an artist. `peak`, `weeksOnChart` and `lastFullWeek` are of weeks that are over.',
  },
)

export type ArtistPosition = Static<typeof Position>
export type PositionWeek = Static<typeof Week>

const schema = {
  operationId: 'getArtistPosition',
  summary: "An artist's position in the weekly rankings",
  description:
    'All artists with a play, ranked by the eligible plays of each ISO week in UTC, so that everybody has one chart. Ties: ' +
    `the latest play first, then the smaller id. Every week that the range touches, at most ${MAX_WEEKS}; the last 52 ` +
    'without a start.',
  tags: ['Statistics'],
  params: artistParams,
  querystring: Type.Object({ ...rangeParameters, ...formatParameter }),
  response: { 200: tableResponse(named(Position), 'As CSV, the weeks.'), ...problemResponses(400, 429, 503) },
}

export function positionRoutes(app: FastifyInstance, services: AppServices): void {
  for (const each of [Week, Position]) app.addSchema(each)
  typed(app).get('/api/stats/artist/:artistId/position', { schema }, async (request, reply) => {
    const { artistId } = request.params
    const { startDate, endDate, tz } = request.query
    const found = await services.questions.artistPosition({ artistId, startDate, endDate, tz }, askerOf(request, reply))
    const { version } = services.definitions
    const table = () => ({ fileName: `position-${artistId}`, columns: Object.keys(week), rows: found.items })
    return sendStatistic(request, reply, found, { table, definitions: version })
  })
}
