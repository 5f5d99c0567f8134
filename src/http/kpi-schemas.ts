/** The schemas of KPIs, and how their amounts are written. */
import { Type } from 'typebox'
import type { KpiValues, Money } from '../statistics/kpi-totals.ts'
import type { Kpis } from '../statistics/kpis.ts'
import { named } from './api.ts'
import { Nullable } from './parameters.ts'
import { definitionsProperty, type Table } from './statistic-answer.ts'

export const EXACT =
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

/** Of the whole platform only. */
const active = {
  activeArtists: Type.Integer({ description: 'Different artists with a counted play; names of no known artist too.' }),
  activeTracks: Type.Integer({ description: 'Different tracks with a counted play.' }),
}

const Percent = Type.Union([Type.Number(), Type.Null()], { description: 'Per cent; null where it was nothing before.' })

const percents = <Name extends string>(of: Record<Name, unknown>) =>
  Object.fromEntries(Object.keys(of).map(name => [name, Percent])) as Record<Name, typeof Percent>

const { revenueByCurrency: _, ...comparable } = figures

function seriesSchemas<F extends Type.TProperties>(prefix: string, values: F, compared: Type.TProperties) {
  const Point = Type.Object(
    { start: Type.String(), end: Type.String({ description: 'Excluded.' }), ...values },
    { $id: `${prefix}SeriesPoint`, description: 'The figures of an interval of a series.' },
  )
  const Series = Type.Optional(
    Type.Array(named(Point), { description: 'With `interval`: the figures of each interval, zeros included.' }),
  )
  const Previous = Type.Object(
    { period: Nullable, ...values, change: Type.Object(percents(compared)), series: Series },
    { $id: `${prefix}PreviousFigures`, description: 'The figures of the earlier range, and the change since.' },
  )
  const properties = {
    period: Type.Union([Type.String(), Type.Null()], {
      description: 'ISO 8601 interval, its end excluded; null without a range.',
    }),
    ...values,
    lastEventAt: Type.Union([Type.String(), Type.Null()], { description: 'The last counted event of the period.' }),
    series: Series,
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
          'With `compare`: the earlier range, as long; of a range that is not over, as much of it as has passed. Null ' +
          'without a start, and for a range that has not begun.',
      }),
    ),
    ...definitionsProperty,
  }
  return { Point, Previous, properties }
}

export const kpis = seriesSchemas('', figures, comparable)
export const platformKpis = seriesSchemas('Platform', { ...figures, ...active }, { ...comparable, ...active })

/** The answer with its amounts as JSON numbers of all their digits. */
export function withExactMoney({ previous, ...kpis }: Kpis) {
  return {
    ...withExactSeries(kpis),
    ...(previous !== undefined && { previous: previous && withExactSeries(previous) }),
  }
}

function withExactSeries<K extends KpiValues & Pick<Kpis, 'series'>>({ series, ...kpis }: K) {
  return {
    ...exactFigures(kpis as unknown as Omit<K, 'series'> & KpiValues),
    ...(series && { series: series.map(exactFigures) }),
  }
}

function exactFigures<T extends KpiValues>({ revenue, revenueByCurrency, ...figures }: T) {
  const amounts = Object.entries(revenueByCurrency).map(
    ([currency, amount]) => [currency, exactNumber(amount)] as const,
  )
  return { ...figures, revenue: exactNumber(revenue), revenueByCurrency: Object.fromEntries(amounts) }
}

/** A decimal string becomes a JSON number of all its digits; the schema's type, a number, is only claimed. */
export const exactNumber = (amount: Money): number =>
  typeof amount === 'number' ? amount : (JSON.rawJSON(amount) as unknown as number)

/** The series as a table; without one, the whole range as its only row. */
export function kpiTable(fileName: string, kpis: Kpis): Table {
  const [start = '..', end = '..'] = kpis.period?.split('/') ?? []
  const columns = [
    'start',
    'end',
    ...Object.keys(figures),
    ...(kpis.activeArtists === undefined ? [] : Object.keys(active)),
  ]
  return { fileName, columns, rows: kpis.series ?? [{ start, end, ...kpis }] }
}
