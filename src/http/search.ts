/** `GET /api/stats/search`: artists, albums and tracks by name or id. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { SEARCH_KINDS } from '../search/index-file.ts'
import { named, oneOf, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { Limit, Nullable, OneOf, SearchText } from './parameters.ts'
import { problemResponses } from './problem.ts'
import { definitionsProperty, formatParameter, sendStatistic, tableResponse } from './statistic-answer.ts'

const MAX_QUERY = 200

const Row = Type.Object(
  {
    id: Type.String({ description: 'Unique among all of its type: of a track `<albumId>_<n>`, of an artist the id.' }),
    key: Type.String({
      description: 'The same as `id`; of an artist `artist:<id>`, or `name:<name>` where no id is known.',
    }),
    type: oneOf(SEARCH_KINDS),
    plays: Type.Integer({ description: 'Counted plays of all time.' }),
    match: oneOf(
      ['id', 'name', 'similar'],
      '`id`: the id is `q`, or begins with it. `name`: the name has all words of `q`. `similar`: but for one letter.',
    ),
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
  },
  { $id: 'SearchRow', description: 'Tracks and albums have a title, artists a name.' },
)

const Result = Type.Object(
  {
    items: Type.Array(named(Row)),
    complete: Type.Boolean({
      description: 'False where others may fit better: too many were found to look at all, or the index is being made.',
    }),
    ...definitionsProperty,
  },
  {
    $id: 'SearchResult',
    description: 'Whole ids first, then names, then similar ones; of each the most played first.',
  },
)

const schema = {
  operationId: 'search',
  summary: 'Artists, albums and tracks by name or id',
  description:
    'Without accents and case. Each word of `q` is in a word of the name, or, of one or two letters, begins one. Where too few ' +
    'are found so, one word of four letters and more may have a letter that is wrong, missing or too many, or two that are ' +
    'swapped. Ids are found by the whole of it, or by a beginning of eight characters and more.',
  tags: ['Statistics'],
  querystring: Type.Object({
    q: SearchText('What is searched for.', MAX_QUERY, 'beyonce'),
    kind: OneOf(SEARCH_KINDS, 'What is searched; all kinds where absent.'),
    limit: Limit(20),
    ...formatParameter,
  }),
  response: { 200: tableResponse(named(Result), 'As CSV, one row an item.'), ...problemResponses(400, 429, 503) },
}

const COLUMNS = ['type', 'id', 'key', 'name', 'title', 'artistName', 'albumId', 'trackId', 'plays', 'match']

export type SearchResult = Static<typeof Result>

export function searchRoutes(app: FastifyInstance, services: AppServices): void {
  for (const each of [Row, Result]) app.addSchema(each)
  typed(app).get('/api/stats/search', { schema }, async (request, reply) => {
    const { kind, limit } = request.query
    const { items, isComplete } = await services.questions.search({ q: request.query.q.trim(), kind, limit })
    const definitions = services.definitions.version
    const table = () => ({ fileName: 'search', columns: COLUMNS, rows: items })
    return sendStatistic(request, reply, { items, complete: isComplete }, { table, definitions })
  })
}
