/** `GET /api/stats/trending`: rankings of tracks, artists and albums. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { invalidInput } from '../errors.ts'
import { TRENDING_PERIODS, type TrendingQuestion } from '../statistics/trending.ts'
import { named, oneOf, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { Limit, Nullable, OneOf } from './parameters.ts'
import { problemResponses } from './problem.ts'
import { formatParameter, sendStatistic, tableResponse } from './statistic-answer.ts'

const Row = Type.Object(
  {
    id: Type.String({ description: 'Unique among all of its type: of a track `<albumId>_<n>`, of an artist the id.' }),
    key: Type.String({
      description: 'The same as `id`; of an artist `artist:<id>`, or `name:<name>` where no id is known.',
    }),
    type: oneOf(['track', 'album', 'artist']),
    rank: Type.Integer({ description: 'Position, from 1.' }),
    count: Type.Integer({
      description: 'What the order is by, in the period: eligible plays; of an artist net follows.',
    }),
    plays: Type.Optional(Type.Integer({ description: 'All counted plays of a track or an album in the period.' })),
    eligiblePlays: Type.Optional(Type.Integer({ description: '`plays` without what is excluded.' })),
    excluded: Type.Optional(
      Type.Array(
        Type.Object({
          reason: oneOf(['listener_limit', 'anonymous_limit']),
          plays: Type.Integer({ minimum: 1 }),
        }),
        {
          description:
            'Why plays are not eligible. `listener_limit`: of one listener, only `CHART_PLAYS_PER_LISTENER` of a track ' +
            'and UTC day are. `anonymous_limit`: plays of nobody known are eligible as often as those of known listeners ' +
            'of that track and day, or `CHART_PLAYS_PER_LISTENER` times where those are fewer.',
        },
      ),
    ),
    previousRank: Type.Union([Type.Integer(), Type.Null()], {
      description: 'In the period before; null: it was not there.',
    }),
    previousCount: Type.Integer(),
    enriched: Type.Boolean({ description: 'Whether the catalogue has told what it knows.' }),
    trackId: Type.Optional(
      Type.Union([Type.String(), Type.Null()], {
        description: "A track's id inside its album; null where no album is known.",
      }),
    ),
    albumId: Type.Optional(Nullable),
    title: Type.Optional(Nullable),
    coverImage: Type.Optional(Nullable),
    artistName: Type.Optional(Nullable),
    url: Type.Optional(Nullable),
    entityId: Type.Optional(Type.String({ description: 'What the figures of an artist are asked by.' })),
    name: Type.Optional(Nullable),
    profileImage: Type.Optional(Nullable),
    score: Type.Optional(Type.Number({ description: 'With `mode=rising`: what the order is by.' })),
    growth: Type.Optional(
      Type.Object(
        { count: Type.Integer(), previousCount: Type.Integer(), shrinkage: Type.Number() },
        { description: 'The parts of the score: (count − previousCount) / √(count + previousCount + shrinkage).' },
      ),
    ),
  },
  { $id: 'TrendingRow', description: 'Tracks and albums have a title, artists a name.' },
)

export type TrendingRow = Static<typeof Row>

const PERIODS = Object.keys(TRENDING_PERIODS) as TrendingQuestion['period'][]

const schema = {
  operationId: 'getTrending',
  summary: 'What is hot, most first',
  tags: ['Statistics'],
  querystring: Type.Object({
    genre: Type.Optional(
      Type.String({
        description:
          '`tracks`, `artists` or `albums`: what is ranked. Anything else is a musical genre, whose tracks are ranked.',
        examples: ['tracks', 'Rock'],
      }),
    ),
    type: Type.Optional(Type.String({ description: 'The same as `genre`; with both, this one names what is ranked.' })),
    period: OneOf(PERIODS, 'The last 1, 7, 30 or 365 days; `week` where absent.'),
    mode: OneOf(['rising'], '`rising`: by growth against the period before instead of volume.'),
    limit: Limit(10),
    ...formatParameter,
  }),
  response: { 200: tableResponse(Type.Array(named(Row)), 'Most first.'), ...problemResponses(400, 429, 503) },
}

/** The columns of a table of tracks or albums; one of artists has those without a value left empty. */
const COLUMNS = [
  'rank',
  'key',
  'type',
  'title',
  'name',
  'artistName',
  'count',
  'plays',
  'eligiblePlays',
  'excluded',
  'previousRank',
  'previousCount',
  'score',
  'url',
]

export function trendingRoutes(app: FastifyInstance, services: AppServices): void {
  app.addSchema(Row)
  typed(app).get('/api/stats/trending', { schema }, async (request, reply) => {
    const { version } = services.definitions
    const question = questionOf(request.query)
    const rows = await services.questions.trending(question, request.client)
    const table = () => ({ fileName: `trending-${question.kind}-${question.period}`, columns: COLUMNS, rows })
    return sendStatistic(request, reply, rows, { table, definitions: version })
  })
}

interface Parameters {
  genre?: string | undefined
  type?: string | undefined
  period?: TrendingQuestion['period'] | undefined
  mode?: 'rising' | undefined
  limit: number
}

function questionOf({ genre, type, period = 'week', mode, limit }: Parameters): TrendingQuestion {
  const { kind, musical } = kindOf(genre?.trim(), type?.trim())
  const question: TrendingQuestion = { kind, period, limit }
  if (musical) question.genre = musical
  return mode ? { ...question, mode } : question
}

const KINDS = ['tracks', 'artists', 'albums'] as const

/** `genre` and `type` are two names of one parameter: each may be what is ranked, in any case, or a musical genre. */
function kindOf(genre: string | undefined, type: string | undefined) {
  const kindNamed = (value: string | undefined) => KINDS.find(kind => kind === value?.toLowerCase())
  const named = kindNamed(type) ?? kindNamed(genre)
  const musical = [genre, type].find(value => value && !kindNamed(value))
  if (musical && named && named !== 'tracks') {
    throw invalidInput([
      { path: 'genre', code: 'genre_needs_tracks', message: `a musical genre ranks tracks, not ${named}` },
    ])
  }
  return { kind: named ?? 'tracks', musical }
}
