/** `GET /api/stats/artist/{artistId}/tracks` and `/albums`: what of an artist was played most. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { POSITION_CURSOR } from '../statistics/list-position.ts'
import type { MostPlayed as MostPlayedAnswer } from '../statistics/most-played.ts'
import { type ReleaseKind, SORTS } from '../statistics/played-releases.ts'
import { SERIES_UNITS } from '../statistics/series.ts'
import { named, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { askerOf } from './auth.ts'
import { artistParams, Limit, Nullable, OneOf, pageParameters } from './parameters.ts'
import { problemResponses } from './problem.ts'
import { comparisonParameter, rangeParameters } from './range-parameters.ts'
import { PlaysPoint, RELEASE_COLUMNS, releaseFields } from './release-fields.ts'
import { definitionsProperty, formatParameter, sendStatistic, type Table, tableResponse } from './statistic-answer.ts'

const Count = Type.Integer()

const figures = {
  plays: Count,
  uniqueListeners: Type.Integer({ description: 'Different known listeners of these plays.' }),
  likes: Type.Integer({ description: 'Net of those taken back.' }),
  share: Type.Number({ description: 'The plays in per cent of `total`.' }),
  previousPlays: Type.Optional(
    Type.Union([Type.Integer(), Type.Null()], { description: 'With `compare`; null without an earlier range.' }),
  ),
  change: Type.Optional(
    Type.Union([Type.Number(), Type.Null()], {
      description: 'With `compare`: of the plays, in per cent; null where there were none before.',
    }),
  ),
  score: Type.Optional(Type.Number({ description: 'With `sort=growth`: what the order is by.' })),
}

const Row = Type.Object(
  {
    ...releaseFields,
    ...figures,
    growth: Type.Optional(
      Type.Object(
        { count: Count, previousCount: Count, shrinkage: Type.Number() },
        { description: 'The parts of the score: (count − previousCount) / √(count + previousCount + shrinkage).' },
      ),
    ),
    series: Type.Optional(Type.Array(named(PlaysPoint), { description: 'With `interval`: zeros included.' })),
  },
  { $id: 'MostPlayedRow', description: 'A track or an album of an artist.' },
)

const Answer = Type.Object(
  {
    artistId: Type.String(),
    period: Nullable,
    total: Type.Integer({ description: "The artist's plays in the period, as among its KPIs." }),
    unnamed: Type.Integer({ description: 'Those of them that name no track, or no album, and so are in no row.' }),
    previousPeriod: Type.Optional(
      Type.Union([Type.String(), Type.Null()], { description: 'With `compare`; null without an earlier range.' }),
    ),
    previousTotal: Type.Optional(Type.Union([Count, Type.Null()])),
    items: Type.Array(named(Row)),
    nextCursor: Nullable,
    clipped: Type.Optional(
      Type.Literal(true, { description: 'Only where the series leave out plays: see the figures of an artist.' }),
    ),
    ...definitionsProperty,
  },
  { $id: 'MostPlayed', description: 'What of an artist was played most, most first.' },
)

export type MostPlayed = Static<typeof Answer>
export type MostPlayedRow = Static<typeof Row>

const querystring = Type.Object({
  ...rangeParameters,
  sort: OneOf(
    SORTS,
    'What rows are in descending order of; `plays` where absent. `growth`: the score of a rising ranking, against the earlier ' +
      'range of `compare`, which is then `previous` where absent.',
  ),
  ...pageParameters(POSITION_CURSOR, '`nextCursor` of the page before.'),
  limit: Limit(20),
  interval: OneOf(SERIES_UNITS, 'Adds a `series` to each row; `limit` times its points may be 10,000.'),
  ...comparisonParameter,
  ...formatParameter,
})

const route = <Id extends string>(operationId: Id, summary: string) => ({
  operationId,
  summary,
  tags: ['Statistics'],
  description:
    'Rows have a play or a like in the period. Of equal rows, that with the latest play or like comes first, then that with the ' +
    'smaller id. Empty for an artist that nobody ever heard of.',
  params: artistParams,
  querystring,
  response: {
    200: tableResponse(named(Answer), 'As CSV, the rows; with `interval`, the points of their series.'),
    ...problemResponses(400, 429, 503),
  },
})

const ROUTES = [
  [
    'tracks',
    '/api/stats/artist/:artistId/tracks',
    route('getArtistTracks', 'The tracks of an artist that were played most'),
  ],
  [
    'albums',
    '/api/stats/artist/:artistId/albums',
    route('getArtistAlbums', 'The albums of an artist that were played most'),
  ],
] as const

export function mostPlayedRoutes(app: FastifyInstance, services: AppServices): void {
  for (const each of [PlaysPoint, Row, Answer]) app.addSchema(each)
  for (const [kind, path, schema] of ROUTES) {
    typed(app).get(path, { schema }, async (request, reply) => {
      const { artistId } = request.params
      const { sort = 'plays', ...query } = request.query
      const question = { ...query, sort, kind, artistId }
      const found = await services.questions.mostPlayed(question, askerOf(request, reply))
      const definitions = services.definitions.version
      const table = () => tableOf(kind, found, query.interval)
      return sendStatistic(request, reply, found, { table, definitions })
    })
  }
}

/** The rows; where they have series, the points of all of them. */
function tableOf(kind: ReleaseKind, { artistId, items }: MostPlayedAnswer, interval: string | undefined): Table {
  const fileName = `${kind}-${artistId}`
  if (interval === undefined) return { fileName, columns: [...RELEASE_COLUMNS, ...Object.keys(figures)], rows: items }
  const rows = items.flatMap(({ id, title, series = [] }) => series.map(point => ({ id, title, ...point })))
  return { fileName, columns: ['id', 'title', 'start', 'end', 'plays'], rows }
}
