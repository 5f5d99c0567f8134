/** `GET /api/recommendations/model`: what recommendations are made with, and how training goes. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { ITEM_KINDS } from '../recommendations/item-kind.ts'
import { named, oneOf, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { problemResponses } from './problem.ts'

const NullableTime = Type.Union([Type.String({ format: 'date-time' }), Type.Null()])
const NullableInteger = Type.Union([Type.Integer(), Type.Null()])

const ModelKind = Type.Object(
  {
    kind: oneOf(ITEM_KINDS),
    listeners: Type.Integer({ description: 'Whom it was trained from.' }),
    items: Type.Integer(),
    pairs: Type.Integer({
      description: 'Of a listener and an item that the listener played, liked, followed or bought.',
    }),
    dimensions: Type.Integer({ description: 'How many numbers describe an item.' }),
  },
  { $id: 'ModelKind', description: 'The model of one kind of items. Without enough listeners, a kind has none.' },
)

const Training = Type.Object(
  {
    state: oneOf(['idle', 'training', 'failed']),
    since: Type.String({ format: 'date-time', description: 'When it came to be so.' }),
    error: Type.Union([Type.String(), Type.Null()], {
      description: 'Why the last training failed; the last models stay.',
    }),
    lastFailedAt: NullableTime,
  },
  { $id: 'Training', description: 'How training goes in the instance that answers.' },
)

const ListFigures = Type.Object(
  {
    ndcgAt10: Type.Number(),
    recallAt20: Type.Number(),
    coverageAt10: Type.Number({ description: 'Share of all items that is in some list of ten.' }),
    listenersAt10: Type.Number({ description: 'How many listeners a recommended item has, on average.' }),
  },
  { $id: 'ListFigures', description: 'How well lists foretold what listeners heard first afterwards.' },
)

const KindEvaluation = Type.Object(
  {
    kind: oneOf(ITEM_KINDS),
    listeners: Type.Integer({ description: 'On how many it was tested.' }),
    model: named(ListFigures),
    popularity: named(ListFigures),
  },
  { $id: 'KindEvaluation', description: 'A model of what was before, beside a list of the most popular items.' },
)

const Evaluation = Type.Object(
  {
    version: Type.String({ description: 'The model after whose training it was made.' }),
    from: Type.String({ format: 'date-time', description: 'Where the days begin that were held out.' }),
    kinds: Type.Array(named(KindEvaluation)),
  },
  { $id: 'ModelEvaluation', description: 'The last evaluation on held-out days.' },
)

const RecommendationModel = Type.Object(
  {
    version: Type.Union([Type.String(), Type.Null()], { description: 'Null where nothing is trained yet.' }),
    trainedAt: NullableTime,
    seq: Type.Union([Type.Integer(), Type.Null()], {
      description: 'The last entry of the log that it is trained from.',
    }),
    tookMs: NullableInteger,
    kinds: Type.Array(named(ModelKind)),
    training: named(Training),
    evaluation: Type.Union([named(Evaluation), Type.Null()]),
  },
  { $id: 'RecommendationModel', description: 'What recommendations are made with.' },
)

export type RecommendationModel = Static<typeof RecommendationModel>

export function recommendationModelRoutes(app: FastifyInstance, { trainings }: AppServices): void {
  for (const each of [ModelKind, Training, ListFigures, KindEvaluation, Evaluation, RecommendationModel]) {
    app.addSchema(each)
  }
  const schema = {
    operationId: 'getRecommendationModel',
    summary: 'What recommendations are made with, and how training goes',
    tags: ['Recommendations'],
    response: { 200: named(RecommendationModel), ...problemResponses(429, 503) },
  }
  typed(app).get('/api/recommendations/model', { schema }, async () => trainings.about())
}
