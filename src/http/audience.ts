/** `GET /api/stats/artist/{artistId}/audience`: who listens to an artist, how much, and what they do after it. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Audience as AudienceAnswer } from '../statistics/audience.ts'
import { REGULAR_DAYS, SEGMENT_DAYS, SUPER_DAYS } from '../statistics/listeners.ts'
import { named, oneOf, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { askerOf } from './auth.ts'
import { artistParams, Nullable } from './parameters.ts'
import { problemResponses } from './problem.ts'
import { rangeParameters, seriesParameters } from './range-parameters.ts'
import { definitionsProperty, formatParameter, sendStatistic, type Table, tableResponse } from './statistic-answer.ts'

const Percent = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })

const counts = {
  listeners: Type.Integer({ description: 'Different known listeners of the counted plays.' }),
  newListeners: Type.Integer({ description: 'Those whose first counted play of this artist, ever, is in it.' }),
  returningListeners: Type.Integer({ description: 'The other listeners.' }),
}

const Point = Type.Object(
  { start: Type.String(), end: Type.String({ description: 'Excluded.' }), ...counts },
  { $id: 'AudiencePoint', description: 'The listeners of an interval of a series.' },
)

const Bucket = Type.Object(
  {
    from: Type.Integer({ description: 'The least plays.' }),
    to: Type.Union([Type.Integer(), Type.Null()], { description: 'The most plays; null: any number.' }),
    listeners: Type.Integer(),
  },
  { $id: 'PlaysBucket', description: 'How many listeners have played so many times.' },
)

const PlaysPerListener = Type.Object(
  {
    mean: Type.Number({ description: 'Two decimals; 0 without listeners.' }),
    median: Type.Number({ description: 'Of an even number, the mean of the two in the middle; 0 without listeners.' }),
    histogram: Type.Array(named(Bucket), { description: 'All buckets, zeros included.' }),
  },
  { $id: 'PlaysPerListener', description: 'Plays of known listeners alone.' },
)

const segmentCounts = {
  super: Type.Integer({ description: `Played on ${SUPER_DAYS} of the days or more.` }),
  regular: Type.Integer({ description: `On ${REGULAR_DAYS} to ${SUPER_DAYS - 1}.` }),
  light: Type.Integer({ description: `On 1 to ${REGULAR_DAYS - 1}.` }),
  lapsed: Type.Integer({ description: `In the ${SEGMENT_DAYS} days before, and not in these.` }),
}

const Segments = Type.Object(
  { period: Nullable, ...segmentCounts },
  {
    $id: 'ListenerSegments',
    description:
      `Listeners by the days of \`tz\` on which they played, of the ${SEGMENT_DAYS} that end with the last day of the ` +
      'range: with today where the range is open or ends later. They do not depend on `startDate`.',
  },
)

const Step = Type.Object(
  {
    step: oneOf(['listened', 'liked', 'followed', 'bought']),
    people: Type.Integer({ description: 'Those of the step before who did this too, net of what they took back.' }),
    percentOfStepBefore: Percent('Null for the first step, and where nobody is in the step before.'),
  },
  { $id: 'FunnelStep', description: 'How many listeners of the range went so far in it.' },
)

const figures = {
  ...counts,
  anonymousPlays: Type.Integer({ description: 'Counted plays of no known listener.' }),
  playsPerListener: named(PlaysPerListener),
  segments: named(Segments),
  funnel: Type.Array(named(Step)),
  series: Type.Optional(Type.Array(named(Point), { description: 'With `interval`: each interval, zeros included.' })),
}

const COMPARED = [
  ...(Object.keys(counts) as (keyof typeof counts)[]),
  ...(['anonymousPlays', 'mean', 'median'] as const),
  ...(Object.keys(segmentCounts) as (keyof typeof segmentCounts)[]),
  ...(['liked', 'followed', 'bought'] as const),
]
type Changes = Record<(typeof COMPARED)[number], ReturnType<typeof Percent>>
const changes = Object.fromEntries(
  COMPARED.map(name => [name, Percent('Null where it was nothing before.')]),
) as Changes

const Previous = Type.Object(
  {
    period: Nullable,
    ...figures,
    change: Type.Object(changes, { description: 'Since then, in per cent: of each number, by its name.' }),
  },
  { $id: 'PreviousAudience', description: 'The audience of the earlier range, and the change since.' },
)

const Audience = Type.Object(
  {
    artistId: Type.String(),
    period: Type.Union([Type.String(), Type.Null()], {
      description: 'ISO 8601 interval, its end excluded; null without a range.',
    }),
    ...figures,
    clipped: Type.Optional(Type.Literal(true, { description: 'Only where `series` leaves out events of the range.' })),
    previous: Type.Optional(
      Type.Union([named(Previous), Type.Null()], {
        description: 'With `compare`; null without a start, and for a range that has not begun.',
      }),
    ),
    ...definitionsProperty,
  },
  { $id: 'Audience', description: 'The audience of an artist.' },
)

export type Audience = Static<typeof Audience>

const schema = {
  operationId: 'getArtistAudience',
  summary: 'Who listens to an artist, how much, and what they do after it',
  description: 'Zeros for an artist that nobody ever heard of. Anonymous events are in no number of people.',
  tags: ['Statistics'],
  params: artistParams,
  querystring: Type.Object({ ...rangeParameters, ...seriesParameters, ...formatParameter }),
  response: {
    200: tableResponse(named(Audience), 'As CSV, the series, or the whole range as its only row.'),
    ...problemResponses(400, 429, 503),
  },
}

export function audienceRoutes(app: FastifyInstance, services: AppServices): void {
  for (const each of [Point, Bucket, PlaysPerListener, Segments, Step, Previous, Audience]) app.addSchema(each)
  typed(app).get('/api/stats/artist/:artistId/audience', { schema }, async (request, reply) => {
    const question = { ...request.query, artistId: request.params.artistId }
    const found = await services.questions.audience(question, askerOf(request, reply))
    const definitions = services.definitions.version
    return sendStatistic(request, reply, found, { table: () => tableOf(found), definitions })
  })
}

function tableOf(audience: AudienceAnswer): Table {
  const [start = '..', end = '..'] = audience.period?.split('/') ?? []
  return {
    fileName: `audience-${audience.artistId}`,
    columns: Object.keys(Point.properties),
    rows: audience.series ?? [{ ...audience, start, end }],
  }
}
