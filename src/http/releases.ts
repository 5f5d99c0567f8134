/** `GET /api/stats/artist/{artistId}/releases`: the albums of an artist, and their plays since the release. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { POSITION_CURSOR } from '../statistics/list-position.ts'
import { FIRST_DAYS } from '../statistics/release-series.ts'
import type { Releases as ReleasesAnswer, ReleasesQuestion } from '../statistics/releases.ts'
import { SERIES_UNITS } from '../statistics/series.ts'
import { named, oneOf, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { askerOf } from './auth.ts'
import { artistParams, Limit, Nullable, OneOf, pageParameters } from './parameters.ts'
import { problemResponses } from './problem.ts'
import { rangeParameters } from './range-parameters.ts'
import { RELEASE_COLUMNS, releaseFields } from './release-fields.ts'
import { definitionsProperty, formatParameter, sendStatistic, type Table, tableResponse } from './statistic-answer.ts'

/** The longest aligned series: three years. */
const MOST_DAYS = 1096

const Point = Type.Object(
  {
    day: Type.Optional(Type.Integer({ description: 'With `align`: 1 on the day of the release.' })),
    start: Type.String(),
    end: Type.String({ description: 'Excluded.' }),
    plays: Type.Integer(),
    cumulativePlays: Type.Optional(Type.Integer({ description: 'With `align`: since the release day began.' })),
  },
  { $id: 'ReleasePoint', description: 'The plays of a release in an interval.' },
)

const FirstDays = Type.Object(
  {
    days: Type.Integer({ description: 'The day of the release included.' }),
    plays: Type.Integer(),
    isOver: Type.Boolean({ description: 'Whether all of these days have passed: until then, plays may be added.' }),
  },
  { $id: 'FirstDays', description: 'The plays in the first days of a release.' },
)

const figures = {
  releaseDate: Type.Union([Type.String(), Type.Null()], {
    description: 'Such as `2026-03-01`; null where nothing says when.',
  }),
  releaseDateFrom: Type.Union([oneOf(['catalogue', 'firstPlay']), Type.Null()], {
    description:
      "What the date is of: the catalogue's word or, where it names no day, the first counted play, not before the year that " +
      'the catalogue names.',
  }),
  releaseYear: Type.Union([Type.Integer(), Type.Null()], { description: 'As the catalogue has it.' }),
  plays: Type.Integer({ description: 'In the period.' }),
}

const Release = Type.Object(
  {
    ...releaseFields,
    ...figures,
    firstDays: Type.Array(named(FirstDays), {
      description: `The plays in the first ${FIRST_DAYS.join(', ')} days, whatever the period is; empty without a date.`,
    }),
    series: Type.Optional(Type.Array(named(Point), { description: 'With `interval` or `align`: zeros included.' })),
  },
  { $id: 'ArtistRelease', description: 'An album of an artist.' },
)

const Answer = Type.Object(
  {
    artistId: Type.String(),
    period: Nullable,
    items: Type.Array(named(Release)),
    nextCursor: Nullable,
    clipped: Type.Optional(
      Type.Literal(true, { description: 'Only where the series leave out plays: see the figures of an artist.' }),
    ),
    ...definitionsProperty,
  },
  { $id: 'ArtistReleases', description: 'The newest first, and those without a date last.' },
)

export type ArtistReleases = Static<typeof Answer>
export type ArtistRelease = Static<typeof Release>

const schema = {
  operationId: 'getArtistReleases',
  summary: 'The releases of an artist, the newest first',
  description:
    'All albums that belong to the artist, also those that nobody played, with the plays that are credited to the artist. Empty ' +
    'for an artist that nobody ever heard of.',
  tags: ['Statistics'],
  params: artistParams,
  querystring: Type.Object({
    ...rangeParameters,
    ...pageParameters(POSITION_CURSOR, '`nextCursor` of the page before.'),
    limit: Limit(20),
    align: OneOf(
      ['release'],
      '`release`: adds a `series` by day since the release to each row, whatever the period is, so that releases can be laid ' +
        'over each other.',
    ),
    days: Type.Integer({
      minimum: 1,
      maximum: MOST_DAYS,
      default: 90,
      description: 'With `align`: the most days of a series; `limit` times these may be 10,000.',
    }),
    interval: OneOf(
      SERIES_UNITS,
      'Adds a `series` of the period to each row; `limit` times its points may be 10,000. With `align`, `day` alone.',
    ),
    ...formatParameter,
  }),
  response: {
    200: tableResponse(named(Answer), 'As CSV, the rows; with `interval` or `align`, the points of their series.'),
    ...problemResponses(400, 429, 503),
  },
}

export function releaseRoutes(app: FastifyInstance, services: AppServices): void {
  for (const each of [Point, FirstDays, Release, Answer]) app.addSchema(each)
  typed(app).get('/api/stats/artist/:artistId/releases', { schema }, async (request, reply) => {
    const question = { ...request.query, artistId: request.params.artistId }
    const found = await services.questions.releases(question, askerOf(request, reply))
    const definitions = services.definitions.version
    return sendStatistic(request, reply, found, { table: () => tableOf(found, question), definitions })
  })
}

/** The rows; where they have series, the points of all of them. */
function tableOf({ artistId, items }: ReleasesAnswer, { align, interval }: ReleasesQuestion): Table {
  const fileName = `releases-${artistId}`
  if (align || interval) {
    const rows = items.flatMap(({ id, title, releaseDate, series = [] }) =>
      series.map(point => ({ id, title, releaseDate, ...point })),
    )
    return { fileName, columns: ['id', 'title', 'releaseDate', ...Object.keys(Point.properties)], rows }
  }
  const nameOf = (days: number) => `playsIn${days}${days === 1 ? 'Day' : 'Days'}`
  const rows = items.map(item => ({
    ...item,
    ...Object.fromEntries(item.firstDays.map(({ days, plays }) => [nameOf(days), plays])),
  }))
  return { fileName, columns: [...RELEASE_COLUMNS, ...Object.keys(figures), ...FIRST_DAYS.map(nameOf)], rows }
}
