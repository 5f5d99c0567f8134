/** The KPIs of one artist in a range of time: as totals, as a series, and compared with the range before. */
import { ownerAskedFor } from '../attribution/attribution.ts'
import { invalidInput } from '../errors.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { DAY_MS } from '../units.ts'
import { formatInstant, formatPeriod, parseRange, parseTimeZone, previousRange, type Range } from './calendar.ts'
import {
  type KpiTotals,
  type KpiValues,
  rangeTotals,
  seriesTotals,
  shownKpis,
  totalsOfTwoRanges,
} from './kpi-totals.ts'
import { lastPoints, parseSeriesUnit, pointAround, type SeriesUnit, seriesPoints } from './series.ts'

/** How far in the future an event's timestamp may be when it arrives; earlier versions took in later ones. */
const MAX_AHEAD_MS = DAY_MS

/** The question as a client puts it; an empty text counts as absent. */
export interface KpiQuestion {
  artistId: string
  startDate?: string | undefined
  endDate?: string | undefined
  tz?: string | undefined
  interval?: string | undefined
  compare?: string | undefined
}

/** Instants are ISO 8601 in the zone of the question; `end` is excluded. */
export interface SeriesPoint extends KpiValues {
  start: string
  end: string
}

type Change = { [kpi in Exclude<keyof KpiValues, 'revenueByCurrency'>]: number | null }

export interface PreviousKpis extends KpiValues {
  period: string | null
  /** Per cent, rounded to two decimals; null where the KPI was zero before. */
  change: Change
}

export interface ArtistKpis extends KpiValues {
  artistId: string
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

/**
 * The KPIs of an artist; zeros for an id that no event or record names.
 * @throws ServiceError 400 for a wrong date, range, time zone, interval or `compare`, or for too many points.
 */
export async function artistKpis(reads: Snapshot, question: KpiQuestion, settings: KpiSettings): Promise<ArtistKpis> {
  const { defaultCurrency, now } = settings
  const tz = parseTimeZone(question.tz)
  const range = parseRange(question, tz)
  const unit = question.interval ? parseSeriesUnit(question.interval) : undefined
  const isCompared = parseCompare(question.compare)
  const before = isCompared ? previousRange(range, tz, now) : null

  const owner = await ownerAskedFor(reads, question.artistId)
  const compared = before && (await totalsOfTwoRanges(reads, owner, before, range))
  const signed = compared?.range ?? (await rangeTotals(reads, owner, range))
  const kpis = shownKpis(signed, defaultCurrency)
  const { first, last } = signed
  const answer: ArtistKpis = {
    artistId: question.artistId,
    period: formatPeriod(range, tz),
    ...kpis,
    lastEventAt: last === null ? null : formatInstant(last, tz),
  }
  if (unit) {
    const { points, isClipped } = pointsOf({ ...range, unit, tz, now, first, last })
    answer.series = shownSeries(points, await seriesTotals(reads, owner, points), tz, defaultCurrency)
    if (isClipped) answer.clipped = true
  }
  if (isCompared) {
    answer.previous = compared && comparison(before, shownKpis(compared.before, defaultCurrency), kpis, tz)
  }
  return answer
}

function parseCompare(compare: string | undefined): boolean {
  if (!compare) return false
  if (compare === 'previous') return true
  throw invalidInput([{ path: 'compare', code: 'compare_unknown', message: 'is not previous' }])
}

interface OpenRange extends Range {
  unit: SeriesUnit
  tz: string
  now: Instant
  first: Instant | null
  last: Instant | null
}

/** The points of a series, and whether events of the range are before or after them. */
function pointsOf(range: OpenRange): { points: Interval[]; isClipped: boolean } {
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
  const change = (kpi: keyof Change) => {
    const [before, after] = [Number(then[kpi]), Number(now[kpi])]
    return before === 0 ? null : Math.round(((after - before) / before) * 10_000) / 100
  }
  return {
    period: formatPeriod(before, tz),
    ...then,
    change: {
      plays: change('plays'),
      uniqueListeners: change('uniqueListeners'),
      likes: change('likes'),
      follows: change('follows'),
      purchases: change('purchases'),
      revenue: change('revenue'),
    },
  }
}
