/** `GET /api/stats/recommendations/performance`: how often recommended items were shown and chosen. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { TOLD_STRATEGIES } from '../identity/recommendation-id.ts'
import { named, oneOf, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { askerOf } from './auth.ts'
import { problemResponses } from './problem.ts'
import { rangeParameters } from './range-parameters.ts'
import { definitionsProperty, formatParameter, sendStatistic, tableResponse } from './statistic-answer.ts'

const figures = {
  shown: Type.Integer({
    description: 'Items of answers that `recommendation.shown` says were first shown in the range, each once.',
  }),
  clicked: Type.Integer({ description: 'Those of them that were clicked, whenever that was, each once.' }),
  clickThroughRate: Type.Union([Type.Number(), Type.Null()], {
    description: '`clicked` of `shown` in per cent, to two decimals; null where nothing was shown.',
  }),
  clickedUnshown: Type.Integer({
    description: 'Items first clicked in the range that no `recommendation.shown` names. They are in no rate.',
  }),
}

const FeedbackFigures = Type.Object(figures, {
  $id: 'FeedbackFigures',
  description: 'What became of recommended items.',
})

const ofStrategy = {
  strategy: oneOf(
    TOLD_STRATEGIES,
    'What follows the last dot of the `recommendationId`; `unknown` where that is none of the others.',
  ),
  ...figures,
}

const StrategyPerformance = Type.Object(ofStrategy, {
  $id: 'StrategyPerformance',
  description: 'What became of the items that one strategy brought into their lists.',
})

const RecommendationPerformance = Type.Object(
  {
    period: Type.Union([Type.String(), Type.Null()], {
      description: 'ISO 8601 interval, its end excluded; null without a range.',
    }),
    total: named(FeedbackFigures),
    strategies: Type.Array(named(StrategyPerformance), { description: 'Every strategy, also those without feedback.' }),
    ...definitionsProperty,
  },
  { $id: 'RecommendationPerformance', description: 'What became of recommended items, by strategy.' },
)

export type RecommendationPerformance = Static<typeof RecommendationPerformance>

const schema = {
  operationId: 'getRecommendationPerformance',
  summary: 'How often recommended items were shown and clicked, by strategy',
  description:
    'From the events `recommendation.shown` and `recommendation.clicked`. An item counts in the range in which it was ' +
    'shown, so that neighbouring ranges add up; a click counts for it whenever it comes.',
  tags: ['Recommendations'],
  querystring: Type.Object({ ...rangeParameters, ...formatParameter }),
  response: {
    200: tableResponse(named(RecommendationPerformance), 'As CSV, a row for each strategy.'),
    ...problemResponses(400, 429, 503),
  },
}

export function recommendationPerformanceRoutes(app: FastifyInstance, services: AppServices): void {
  for (const each of [FeedbackFigures, StrategyPerformance, RecommendationPerformance]) app.addSchema(each)
  typed(app).get('/api/stats/recommendations/performance', { schema }, async (request, reply) => {
    const found = await services.questions.recommendationPerformance(request.query, askerOf(request, reply))
    const columns = Object.keys(ofStrategy)
    const table = () => ({ fileName: 'recommendations', columns, rows: found.strategies })
    return sendStatistic(request, reply, found, { table, definitions: services.definitions.version })
  })
}
