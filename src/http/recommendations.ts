/** `/api/recommendations`: recommendations for a listener, and albums of a genre. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { named, oneOf, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { Limit, ListenerId, VisibleText } from './parameters.ts'
import { problemResponses } from './problem.ts'

const tags = ['Recommendations']
const Nullable = Type.Union([Type.String(), Type.Null()])

const suggestion = {
  id: Type.String(),
  type: oneOf(['album', 'track', 'artist']),
  title: Nullable,
  coverImage: Nullable,
  artist: Nullable,
  reason: Type.String({ description: '`genre:<genre>`, `similar:<id>` or `popular`.' }),
  score: Type.Number({ description: 'From 0 to 1; what the order is by.' }),
}

const OwnItem = Type.Object(
  {
    type: oneOf(['album', 'track', 'artist']),
    id: Type.String({ description: 'Unique among all of its type: of a track `<albumId>_<n>`.' }),
    albumId: Type.Optional(Type.String({ description: 'Of a track whose album is known.' })),
    trackId: Type.Optional(Type.String({ description: 'Of a track whose album is known: its id inside it.' })),
    title: Type.Optional(Nullable),
  },
  { $id: 'OwnItem', description: "Something of the listener's own." },
)

const Recommendation = Type.Object(
  {
    ...suggestion,
    because: Type.Array(named(OwnItem), { description: "The listener's own items that led to it, strongest first." }),
  },
  { $id: 'Recommendation', description: 'What a listener may like.' },
)

const SimilarAlbum = Type.Object(suggestion, { $id: 'SimilarAlbum', description: 'An album of the genre.' })

export type OwnItem = Static<typeof OwnItem>
export type Recommendation = Static<typeof Recommendation>
export type SimilarAlbum = Static<typeof SimilarAlbum>

export function recommendationRoutes(app: FastifyInstance, services: AppServices): void {
  const { recommendations } = services
  for (const each of [OwnItem, Recommendation, SimilarAlbum]) app.addSchema(each)
  const forUser = {
    operationId: 'getUserRecommendations',
    summary: 'What a listener may like, best first',
    description: 'Nothing that the listener has already. Popular artists where nothing is known of the listener.',
    tags,
    params: Type.Object({
      userId: ListenerId('The listener, as `userId` of events.'),
    }),
    querystring: Type.Object({ limit: Limit(20) }),
    response: {
      200: Type.Array(named(Recommendation), { description: 'Best first.' }),
      ...problemResponses(400, 429, 503),
    },
  }
  typed(app).get('/api/recommendations/user/:userId', { schema: forUser }, async ({ params, query, client }) =>
    recommendations.forUser(params.userId, query.limit, client),
  )

  const similar = {
    operationId: 'getSimilarAlbums',
    summary: 'Albums of a genre, the most played first',
    tags,
    querystring: Type.Object({
      genre: VisibleText('Compared without case, as a whole.', 'Rock'),
      excludeId: Type.Optional(Type.String({ description: 'An album to leave out. Empty: none.' })),
      limit: Limit(10),
    }),
    response: {
      200: Type.Array(named(SimilarAlbum), { description: 'The most played first.' }),
      ...problemResponses(400, 429, 502, 503, 504),
    },
  }
  typed(app).get(
    '/api/recommendations/similar',
    { schema: similar },
    async ({ query: { genre, excludeId, limit }, client }) =>
      recommendations.similar({ genre: genre.trim(), limit, ...(excludeId ? { excludeId } : {}) }, client),
  )
}
