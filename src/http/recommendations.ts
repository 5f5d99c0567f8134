/** `/api/recommendations`: recommendations for a listener, and what is similar to a genre or an item. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Fault, invalidInput } from '../errors.ts'
import { STRATEGIES } from '../identity/recommendation-id.ts'
import { ITEM_KINDS, type ItemKind } from '../recommendations/item-kind.ts'
import { named, oneOf, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { ArtistId, Limit, ListenerId, Nullable, OneOf, VisibleText } from './parameters.ts'
import { problemResponses } from './problem.ts'

const tags = ['Recommendations']

const ownFields = {
  type: oneOf(ITEM_KINDS),
  id: Type.String({ description: 'Unique among all of its type: of a track `<albumId>_<n>`.' }),
  albumId: Type.Optional(Type.String({ description: 'Of a track whose album is known.' })),
  trackId: Type.Optional(Type.String({ description: 'Of a track whose album is known: its id inside it.' })),
}

const suggestion = {
  ...ownFields,
  title: Nullable,
  coverImage: Nullable,
  artist: Nullable,
  reason: Type.String({ description: '`genre:<genre>`, `similar:<id>` or `popular`.' }),
  score: Type.Number({
    description: 'From 0 to 1; what the order is by, but for exploration, diversity and the cap of artists.',
  }),
  strategy: oneOf(STRATEGIES, 'How it came into the list.'),
  exploration: Type.Boolean({
    description: 'Whether it came before better ones, so that artists outside the most played tenth are in the list.',
  }),
  recommendationId: Type.String({
    description: 'Names this answer and the strategy; to be sent with events that tell that it was shown or clicked.',
  }),
}

const OwnItem = Type.Object(
  {
    ...ownFields,
    title: Type.Optional(Nullable),
    share: Type.Number({
      description: 'The part of the score that it brings; below 0 where it speaks against the item.',
    }),
  },
  { $id: 'OwnItem', description: "Something of the listener's own." },
)

const Recommendation = Type.Object(
  {
    ...suggestion,
    because: Type.Array(named(OwnItem), {
      description:
        "The listener's own items that led to it, at most 100, those of the greatest share first; the shares add up to the score. " +
        'Empty of what is only popular.',
    }),
  },
  { $id: 'Recommendation', description: 'What a listener may like.' },
)

const SimilarAlbum = Type.Object(suggestion, {
  $id: 'SimilarAlbum',
  description: 'An album of the genre, or a similar item.',
})

export type OwnItem = Static<typeof OwnItem>
export type Recommendation = Static<typeof Recommendation>
export type SimilarAlbum = Static<typeof SimilarAlbum>

const userQuery = Type.Object({
  limit: Limit(20),
  type: OneOf(ITEM_KINDS, 'What to recommend; absent: albums, then artists.'),
  diversity: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 0,
    description: 'How different the rows are to be from each other: 0 orders by score alone.',
  }),
  exploration: OneOf(
    ['on', 'off'],
    '`on`, the default: of every 20 rows by the model, three are of artists outside the most played tenth, where any such artist ' +
      'suits the listener.',
  ),
})

const similarQuery = Type.Object({
  genre: Type.Optional(VisibleText('Compared without case, as a whole.', 'Rock')),
  excludeId: Type.Optional(Type.String({ description: 'With `genre`: an album to leave out. Empty: none.' })),
  artistId: Type.Optional(ArtistId('By its id, by its `_id` in the catalogue, or by its name.')),
  albumId: Type.Optional(ArtistId('The album.')),
  trackId: Type.Optional(ArtistId('The track, as `<albumId>_<n>`.')),
  limit: Limit(10),
})

export function recommendationRoutes(app: FastifyInstance, services: AppServices): void {
  const { recommendations } = services
  for (const each of [OwnItem, Recommendation, SimilarAlbum]) app.addSchema(each)
  const forUser = {
    operationId: 'getUserRecommendations',
    summary: 'What a listener may like, best first',
    description:
      'Nothing that the listener has already. By a model of what listeners have in common, as soon as one is trained; until then, ' +
      "albums of the listener's genres. What is popular comes at the end, and where nothing is known of the listener.",
    tags,
    params: Type.Object({
      userId: ListenerId('The listener, as `userId` of events.'),
    }),
    querystring: userQuery,
    response: {
      200: Type.Array(named(Recommendation), { description: 'Best first.' }),
      ...problemResponses(400, 429, 503),
    },
  }
  typed(app).get('/api/recommendations/user/:userId', { schema: forUser }, async ({ params, query, client }) => {
    const { exploration, ...asked } = query
    return recommendations.forUser({ ...asked, userId: params.userId, isExploring: exploration !== 'off' }, client)
  })

  const similar = {
    operationId: 'getSimilarAlbums',
    summary: 'Albums of a genre, the most played first, or what is similar to an artist, an album or a track',
    description:
      'Exactly one of `genre`, `artistId`, `albumId` and `trackId` is given. Items of the same kind are similar by the listeners that ' +
      'they have in common; there are none before a model is trained, nor for what it does not know.',
    tags,
    querystring: similarQuery,
    response: {
      200: Type.Array(named(SimilarAlbum), { description: 'Best first.' }),
      ...problemResponses(400, 429, 502, 503, 504),
    },
  }
  typed(app).get('/api/recommendations/similar', { schema: similar }, async ({ query, client }) => {
    const { limit, excludeId } = query
    const asked = similarityAskedFor(query)
    if ('genre' in asked) return recommendations.ofGenre({ ...asked, limit, excludeId: excludeId || undefined }, client)
    return recommendations.similarTo({ ...asked, limit }, client)
  })
}

/** @throws ServiceError 400 unless exactly one is given, and `excludeId` with a genre alone */
function similarityAskedFor(query: Static<typeof similarQuery>): { genre: string } | { kind: ItemKind; id: string } {
  const { genre, artistId, albumId, trackId, excludeId } = query
  const ids = { artist: artistId, album: albumId, track: trackId }
  const items = ITEM_KINDS.flatMap(kind => (ids[kind] === undefined ? [] : [{ kind, id: ids[kind] }]))
  const [item] = items
  if (items.length + (genre === undefined ? 0 : 1) > 1) {
    throw refused('genre', 'ambiguous', 'exactly one of genre, artistId, albumId and trackId must be given')
  }
  if (item && excludeId) throw refused('excludeId', 'ambiguous', 'must be given with genre alone')
  if (item) return item
  if (genre === undefined) throw refused('genre', 'required', 'or one of artistId, albumId and trackId must be given')
  return { genre: genre.trim() }
}

const refused = (path: string, code: string, message: string) => invalidInput([{ path, code, message } satisfies Fault])
