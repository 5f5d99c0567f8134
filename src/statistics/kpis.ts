/** KPIs in a range of time: as totals, as a series, and compared with an earlier range. */
import type { Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { DAY_MS } from '../units.ts'
import { askedRange, changeInPercent, type RangeQuestion } from './asked-range.ts'
import { formatInstant, formatPeriod, type Range } from './calendar.ts'
import {
  type KpiTotals,
  type KpiValues,
  type RangeTotals,
  rangeTotals,
  type Subject,
  seriesTotals,
  shownKpis,
  totalsOfTwoRanges,
} from './kpi-totals.ts'
import { lastPoints, parseSeriesUnit, pointAround, type SeriesUnit, seriesPoints } from './series.ts'

/** How far in the future an event's timestamp may be when it arrives; earlier versions took in later ones. */
const MAX_AHEAD_MS = DAY_MS

export interface SeriesQuestion extends RangeQuestion {
  interval?: string | undefined
}

/** Instants are ISO 8601 in the zone of the question; `end` is excluded. */
export interface SeriesPoint extends KpiValues {
  start: string
  end: string
}

type ActiveName = 'activeArtists' | 'activeTracks'
type KpiName = Exclude<keyof KpiValues, 'revenueByCurrency' | ActiveName>

export interface PreviousKpis extends KpiValues {
  period: string | null
  /** Per cent, rounded to two decimals; null where the KPI was zero before. */
  change: Record<KpiName, number | null> & { [active in ActiveName]?: number | null }
  /** With an interval: the points of the earlier range. */
  series?: SeriesPoint[]
}

export interface Kpis extends KpiValues {
  /** `start/end` in ISO 8601, the end excluded, `..` for an open end; null for all of time. */
  period: string | null
  /** The last counted event of the period. */
  lastEventAt: string | null
  /**
   * At most 10,000 points. With an open start, the first is the point of the first event, or the first of the last 10,000;
   * with an open end, the last is the point of now, or of the last event where that is later, up to a day from now.
   */
  series?: SeriesPoint[]
  /** Only where the series leaves out events that the totals contain. */
  clipped?: true
  /** Null where the range has no start. */
  previous?: PreviousKpis | null
}

export interface KpiSettings {
  /** ISO 4217. */
  defaultCurrency: string
  now: Instant
}

/** Where totals come from. */
export interface KpiSource {
  range(range: Interval): Promise<RangeTotals>
  twoRanges(before: Interval, range: Interval): Promise<{ before: RangeTotals; range: RangeTotals }>
  /** Of each point of a series: points ascend, and each ends where the next one begins. */
  series(points: readonly Interval[]): Promise<KpiTotals[]>
}

/** The totals of a subject; zeros where it is undefined. */
export const totalsOf = (reads: Snapshot, subject: Subject | undefined): KpiSource => ({
  range: range => rangeTotals(reads, subject, range),
  twoRanges: (before, range) => totalsOfTwoRanges(reads, subject, before, range),
  series: points => seriesTotals(reads, subject, points),
})

/** @throws ServiceError 400 for a wrong date, range, time zone, interval or `compare`, or for too many points */
export async function kpisOf(source: KpiSource, question: SeriesQuestion, settings: KpiSettings): Promise<Kpis> {
  const { defaultCurrency, now } = settings
  const { tz, range, isCompared, before } = askedRange(question, now)
  const unit = question.interval ? parseSeriesUnit(question.interval) : undefined
  const compared = before && (await source.twoRanges(before, range))
  const signed = compared?.range ?? (await source.range(range))
  const kpis = shownKpis(signed, defaultCurrency)
  const { first, last } = signed
  const answer: Kpis = {
    period: formatPeriod(range, tz),
    ...kpis,
    lastEventAt: last === null ? null : formatInstant(last, tz),
  }
  const shown = async (points: readonly Interval[]) =>
    shownSeries(points, await source.series(points), tz, defaultCurrency)
  if (unit) {
    const { points, isClipped } = pointsOf({ ...range, unit, tz, now, first, last })
    answer.series = await shown(points)
    if (isClipped) answer.clipped = true
  }
  if (isCompared) {
    answer.previous = compared && comparison(before, shownKpis(compared.before, defaultCurrency), kpis, tz)
    if (answer.previous && before && unit) answer.previous.series = await shown(seriesPoints(before, unit, tz))
  }
  return answer
}

/** A range as a series has it; `first` and `last` are the instants of its first and last event, null where there is none. */
export interface OpenRange extends Range {
  unit: SeriesUnit
  tz: string
  now: Instant
  first: Instant | null
  last: Instant | null
}

/** The points of a series, and whether events of the range are before or after them. */
export function pointsOf(range: OpenRange): { points: Interval[]; isClipped: boolean } {
  const { unit, tz, first, last } = range
  const to = endOf(range)
  const isCutAtEnd = last !== null && last >= to
  if (range.from !== Number.NEGATIVE_INFINITY) {
    return { points: seriesPoints({ from: range.from, to }, unit, tz), isClipped: isCutAtEnd }
  }
  const from = first === null ? to : pointAround(first, unit, tz).from
  const { points, isClipped } = lastPoints({ from, to }, unit, tz)
  return { points, isClipped: isClipped || isCutAtEnd }
}

/** The end of the last point. An open range ends with now or the last event, but one event of 2099 makes no points until then. */
function endOf({ to, unit, tz, now, last }: OpenRange): Instant {
  if (to !== Number.POSITIVE_INFINITY) return to
  return pointAround(Math.min(Math.max(now, last ?? now), now + MAX_AHEAD_MS), unit, tz).to
}

function shownSeries(
  points: readonly Interval[],
  totals: readonly KpiTotals[],
  tz: string,
  defaultCurrency: string,
): SeriesPoint[] {
  let end = points.length > 0 ? formatInstant(points[0]!.from, tz) : ''
  return points.map((point, i) => {
    const start = end
    end = formatInstant(point.to, tz)
    return { start, end, ...shownKpis(totals[i]!, defaultCurrency) }
  })
}

function comparison(before: Interval, then: KpiValues, now: KpiValues, tz: string): PreviousKpis {
  const { revenueByCurrency: _, ...compared } = then
  const names = Object.keys(compared) as (keyof typeof compared)[]
  const changes = names.map(kpi => [kpi, changeInPercent(Number(then[kpi]), Number(now[kpi]))])
  return { period: formatPeriod(before, tz), ...then, change: Object.fromEntries(changes) as PreviousKpis['change'] }
}
