/** How is this artist doing: the figures of a range of time, as a series, and against the range before. */
import { ownerAskedFor } from '../attribution/attribution.ts'
import { invalidInput } from '../errors.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { DAY_MS } from '../units.ts'
import { formatInstant, formatPeriod, parseRange, parseTimeZone, previousRange, type Range } from './calendar.ts'
import {
  type Figures,
  rangeFigures,
  type SignedFigures,
  seriesFigures,
  shownFigures,
  twoRangesFigures,
} from './figures.ts'
import { lastPoints, parseSeriesUnit, pointAround, type SeriesUnit, seriesPoints } from './series.ts'

/** How far ahead of its arrival an event may be; what is later in a store was taken in by an earlier version. */
const AHEAD_MS = DAY_MS

/** The question as a client puts it; what is empty counts as absent. */
export interface KpiQuestion {
  artistId: string
  startDate?: string | undefined
  endDate?: string | undefined
  tz?: string | undefined
  interval?: string | undefined
  compare?: string | undefined
}

/** Instants are ISO 8601 in the zone of the question; `end` is excluded. */
export interface SeriesPoint extends Figures {
  start: string
  end: string
}

type Change = { [figure in Exclude<keyof Figures, 'revenueByCurrency'>]: number | null }

export interface PreviousFigures extends Figures {
  period: string | null
  /** Per cent, to two decimals; null where it was nothing before. */
  change: Change
}

export interface ArtistKpis extends Figures {
  artistId: string
  /** Null for all of time, else `start/end`, the end excluded, `..` for an open one. */
  period: string | null
  /** The last counted event of the period. */
  lastEventAt: string | null
  /**
   * With an open start, the first point is the whole one of the first event, or the first of the last 10,000; with an
   * open end, the last one is the whole one of now, or of the last event where that is later, up to a day from now.
   */
  series?: SeriesPoint[]
  /** Only where the series leaves out events that the figures contain. */
  clipped?: true
  /** Null without a start. */
  previous?: PreviousFigures | null
}

export interface KpiSettings {
  /** ISO 4217. */
  defaultCurrency: string
  now: Instant
}

/**
 * The figures of an artist; zeros for one that nobody ever heard of.
 * @throws ServiceError 400 for a date, range, zone or interval that is wrong, or for too many points.
 */
export async function artistKpis(reads: Snapshot, question: KpiQuestion, settings: KpiSettings): Promise<ArtistKpis> {
  const { defaultCurrency, now } = settings
  const tz = parseTimeZone(question.tz)
  const range = parseRange(question, tz)
  const unit = question.interval ? parseSeriesUnit(question.interval) : undefined
  const isCompared = parseCompare(question.compare)
  const before = isCompared ? previousRange(range, tz, now) : null

  const owner = await ownerAskedFor(reads, question.artistId)
  const compared = before && (await twoRangesFigures(reads, owner, before, range))
  const signed = compared?.range ?? (await rangeFigures(reads, owner, range))
  const figures = shownFigures(signed, defaultCurrency)
  const { first, last } = signed
  const answer: ArtistKpis = {
    artistId: question.artistId,
    period: formatPeriod(range, tz),
    ...figures,
    lastEventAt: last === null ? null : formatInstant(last, tz),
  }
  if (unit) {
    const { points, isClipped } = pointsOf({ ...range, unit, tz, now, first, last })
    answer.series = shownSeries(points, await seriesFigures(reads, owner, points), tz, defaultCurrency)
    if (isClipped) answer.clipped = true
  }
  if (isCompared) {
    answer.previous = compared && comparison(before, shownFigures(compared.before, defaultCurrency), figures, tz)
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

/** An open end is that of the point of now, or of the last event: one event of 2099 gives no points up to there. */
function endOf({ to, unit, tz, now, last }: OpenRange): Instant {
  if (to !== Number.POSITIVE_INFINITY) return to
  return pointAround(Math.min(Math.max(now, last ?? now), now + AHEAD_MS), unit, tz).to
}

function shownSeries(
  points: readonly Interval[],
  figures: readonly SignedFigures[],
  tz: string,
  defaultCurrency: string,
): SeriesPoint[] {
  let end = points.length > 0 ? formatInstant(points[0]!.from, tz) : ''
  return points.map((point, i) => {
    const start = end
    end = formatInstant(point.to, tz)
    return { start, end, ...shownFigures(figures[i]!, defaultCurrency) }
  })
}

function comparison(before: Interval, then: Figures, now: Figures, tz: string): PreviousFigures {
  const change = (figure: keyof Change) => {
    const [before, after] = [Number(then[figure]), Number(now[figure])]
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
