/** `GET /api/stats/artist/{artistId}/kpis`: the figures of an artist. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { ArtistKpis } from '../statistics/artist-kpis.ts'
import type { KpiValues, Money } from '../statistics/kpi-totals.ts'
import { SERIES_UNITS } from '../statistics/series.ts'
import { named, typed } from './api.ts'
import type { AppServices } from './app-services.ts'
import { askerOf } from './auth.ts'
import { ArtistId, Formatted, OneOf } from './parameters.ts'
import { problemResponses } from './problem.ts'

const MOMENT = String.raw`^\d{4}-?\d{2}-?\d{2}([T ]\d[\d:.,]*([Zz]|[+\-]\d[\d:.,]*)?)?$`
const ZONE = String.raw`^[A-Za-z][\w+\/\-]*$`

const EXACT =
  'Exact to the last digit, as a decimal: beyond 15 digits, read it as one (Python: `parse_float=Decimal`), for a double rounds it.'

const figures = {
  plays: Type.Integer(),
  uniqueListeners: Type.Integer({ description: 'Different known listeners of the counted plays.' }),
  likes: Type.Integer({ description: 'Net of those taken back.' }),
  follows: Type.Integer({ description: 'Net of those taken back.' }),
  purchases: Type.Integer({ description: 'Order lines, net of refunds.' }),
  revenue: Type.Number({ description: `In the default currency, net of refunds. ${EXACT}` }),
  revenueByCurrency: Type.Record(Type.String(), Type.Number(), { description: `Net of refunds. ${EXACT}` }),
}

const Text = Type.Union([Type.String(), Type.Null()])
const Percent = Type.Union([Type.Number(), Type.Null()], { description: 'Per cent; null where it was nothing before.' })

const SeriesPoint = Type.Object(
  { start: Type.String(), end: Type.String({ description: 'Excluded.' }), ...figures },
  { $id: 'SeriesPoint', description: 'The figures of an interval of a series.' },
)

const Previous = Type.Object(
  {
    period: Text,
    ...figures,
    change: Type.Object({
      plays: Percent,
      uniqueListeners: Percent,
      likes: Percent,
      follows: Percent,
      purchases: Percent,
      revenue: Percent,
    }),
  },
  { $id: 'PreviousFigures', description: 'The figures of the range before, and the change since.' },
)

const Kpis = Type.Object(
  {
    artistId: Type.String(),
    period: Type.Union([Type.String(), Type.Null()], {
      description: 'ISO 8601 interval, its end excluded; null without a range.',
    }),
    ...figures,
    lastEventAt: Type.Union([Type.String(), Type.Null()], { description: 'The last counted event of the period.' }),
    series: Type.Optional(
      Type.Array(named(SeriesPoint), {
        description: 'With `interval`: the figures of each interval, zeros included.',
      }),
    ),
    clipped: Type.Optional(
      Type.Literal(true, {
        description:
          'Only where `series` leaves out events that the figures contain: before its last 10,000 points (without ' +
          '`startDate`), or more than a day after now (without `endDate`).',
      }),
    ),
    previous: Type.Optional(
      Type.Union([named(Previous), Type.Null()], {
        description:
          'With `compare`: the range before, as long; of a range that is not over, as much of it as has passed. Null ' +
          'without a start, and for a range that has not begun.',
      }),
    ),
  },
  { $id: 'ArtistKpis', description: 'The figures of an artist.' },
)

const schema = {
  operationId: 'getArtistKpis',
  summary: 'The figures of an artist',
  description: 'Zeros for an artist that nobody ever heard of.',
  tags: ['Statistics'],
  params: Type.Object({ artistId: ArtistId('By its id, by its `_id` in the catalogue, or by its name.') }),
  querystring: Type.Object({
    startDate: Formatted('iso-8601', MOMENT, 'ISO 8601. A date alone means the whole day in `tz`.', '2026-11-01'),
    endDate: Formatted('iso-8601', MOMENT, 'ISO 8601, included: the whole day, or the millisecond.', '2026-11-30'),
    tz: Formatted(
      'time-zone',
      ZONE,
      'IANA time zone of the dates and of the series; UTC where absent.',
      'Europe/Madrid',
    ),
    interval: OneOf(SERIES_UNITS, 'Adds `series`, of at most 10,000 points: the last ones without a start.'),
    compare: OneOf(['previous'], '`previous`: adds the figures of the range before, and the change.'),
  }),
  response: { 200: named(Kpis), ...problemResponses(400, 429, 503) },
}

export function kpiRoutes(app: FastifyInstance, services: AppServices): void {
  for (const each of [SeriesPoint, Previous, Kpis]) app.addSchema(each)
  typed(app).get('/api/stats/artist/:artistId/kpis', { schema }, async (request, reply) => {
    // Last, because the query may have a parameter of this name.
    const question = { ...request.query, artistId: request.params.artistId }
    return withExactMoney(await services.questions.artistKpis(question, askerOf(request, reply)))
  })
}

/** The answer with its amounts as JSON numbers of all their digits. */
function withExactMoney({ series, previous, ...kpis }: ArtistKpis) {
  return {
    ...exactFigures(kpis),
    ...(series && { series: series.map(exactFigures) }),
    ...(previous !== undefined && { previous: previous && exactFigures(previous) }),
  }
}

function exactFigures<T extends KpiValues>({ revenue, revenueByCurrency, ...figures }: T) {
  const amounts = Object.entries(revenueByCurrency).map(
    ([currency, amount]) => [currency, exactNumber(amount)] as const,
  )
  return { ...figures, revenue: exactNumber(revenue), revenueByCurrency: Object.fromEntries(amounts) }
}

/** A decimal string becomes a JSON number of all its digits; the schema's type, a number, is only claimed. */
const exactNumber = (amount: Money): number =>
  typeof amount === 'number' ? amount : (JSON.rawJSON(amount) as unknown as number)
