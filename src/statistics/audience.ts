/** The audience of an artist: new and returning listeners, how much and how often they play, and what they do after it. */
import { ownerAskedFor } from '../attribution/attribution.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { askedRange, changeInPercent } from './asked-range.ts'
import { formatInstant, formatPeriod, type Range, zoned } from './calendar.ts'
import { NO_NUMBER } from './describe.ts'
import { extentOf } from './extent.ts'
import { pointsOf, type SeriesQuestion } from './kpis.ts'
import { type FunnelStep, funnelOf, type PlaysPerListener, playsPerListener } from './listener-figures.ts'
import {
  listenersInPoints,
  type OwnerReads,
  type Reached,
  rangeListeners,
  reached,
  type SegmentCounts,
  segmentsUpTo,
} from './listeners.ts'
import { parseSeriesUnit, type SeriesUnit, seriesPoints } from './series.ts'

export interface AudienceQuestion extends SeriesQuestion {
  artistId: string
}

interface ListenerCounts {
  /** Different known listeners of the counted plays. */
  listeners: number
  /** Those whose first counted play of this artist, ever, is in the range. */
  newListeners: number
  returningListeners: number
}

/** Instants are ISO 8601 in the zone of the question; `end` is excluded. */
export interface AudiencePoint extends ListenerCounts {
  start: string
  end: string
}

interface AudienceFigures extends ListenerCounts {
  /** Counted plays of no known listener. */
  anonymousPlays: number
  playsPerListener: PlaysPerListener
  /** `period`: the 28 days, the last of the range among them. */
  segments: SegmentCounts & { period: string | null }
  funnel: FunnelStep[]
  /** As that of the KPIs. */
  series?: AudiencePoint[]
}

type ComparedName =
  | keyof ListenerCounts
  | 'anonymousPlays'
  | keyof Omit<PlaysPerListener, 'histogram'>
  | keyof SegmentCounts
  | keyof Reached

export interface PreviousAudience extends AudienceFigures {
  period: string | null
  /** Of each number, by its name: per cent, rounded to two decimals; null where it was zero before. */
  change: Record<ComparedName, number | null>
}

export interface Audience extends AudienceFigures {
  artistId: string
  /** As that of the KPIs. */
  period: string | null
  /** Only where the series leaves out events of the range. */
  clipped?: true
  /** Null where the range has no start. */
  previous?: PreviousAudience | null
}

/**
 * Zeros for an id that no event or record names.
 * @throws ServiceError 400 for a wrong date, range, time zone, interval or `compare`, or for too many points
 */
export async function audience(
  reads: Snapshot,
  { artistId, ...question }: AudienceQuestion,
  now: Instant,
): Promise<Audience> {
  const { tz, range, isCompared, before } = askedRange(question, now)
  const unit = question.interval ? parseSeriesUnit(question.interval) : undefined
  const owner = (await ownerAskedFor(reads, artistId)) ?? NO_NUMBER
  const of = { reads, owner, tz }
  const series = unit && (await seriesOf(of, range, unit, now))
  const figures = await figuresOf(of, range, lastDayOf(range, tz, now), series?.points)
  const answer: Audience = { artistId, period: formatPeriod(range, tz), ...figures }
  if (series?.isClipped) answer.clipped = true
  if (isCompared) answer.previous = before && (await previousOf(of, before, unit, figures))
  return answer
}

interface Asked extends OwnerReads {
  tz: string
}

async function seriesOf({ reads, owner, tz }: Asked, range: Range, unit: SeriesUnit, now: Instant) {
  const isOpen = !Number.isFinite(range.from) || !Number.isFinite(range.to)
  const extent = isOpen ? await extentOf(reads, owner, range) : { first: null, last: null }
  return pointsOf({ ...range, unit, tz, now, ...extent })
}

/** The last day of a range; today where it is open or ends later. */
function lastDayOf({ to, endDay }: Range, tz: string, now: Instant): Temporal.PlainDate {
  if (to > now) return zoned(now, tz).toPlainDate()
  return endDay ?? zoned(to - 1, tz).toPlainDate()
}

async function figuresOf(
  of: Asked,
  range: Interval,
  lastDay: Temporal.PlainDate,
  points: readonly Interval[] | undefined,
): Promise<AudienceFigures> {
  const { byPlays, newListeners, anonymousPlays, newInPoints } = await rangeListeners(of, range, points ?? [])
  const { counts, period } = await segmentsUpTo(of, lastDay, of.tz)
  const listeners = byPlays.reduce((sum, row) => sum + row.listeners, 0)
  const figures: AudienceFigures = {
    ...listenerCounts(listeners, newListeners),
    anonymousPlays,
    playsPerListener: playsPerListener(byPlays),
    segments: { period: formatPeriod(period, of.tz), ...counts },
    funnel: funnelOf(listeners, await reached(of, range)),
  }
  if (points) figures.series = shownSeries(points, await listenersInPoints(of, points), newInPoints, of.tz)
  return figures
}

const listenerCounts = (listeners: number, newListeners: number): ListenerCounts => ({
  listeners,
  newListeners,
  returningListeners: listeners - newListeners,
})

function shownSeries(
  points: readonly Interval[],
  listeners: readonly number[],
  newListeners: readonly number[],
  tz: string,
): AudiencePoint[] {
  return points.map(({ from, to }, i) => ({
    start: formatInstant(from, tz),
    end: formatInstant(to, tz),
    ...listenerCounts(listeners[i]!, newListeners[i]!),
  }))
}

async function previousOf(
  of: Asked,
  before: Interval,
  unit: SeriesUnit | undefined,
  now: AudienceFigures,
): Promise<PreviousAudience> {
  const points = unit && seriesPoints(before, unit, of.tz)
  const then = await figuresOf(of, before, zoned(before.to - 1, of.tz).toPlainDate(), points)
  const [compared, current] = [comparable(then), comparable(now)]
  const names = Object.keys(compared) as ComparedName[]
  const changes = names.map(name => [name, changeInPercent(compared[name], current[name])])
  const change = Object.fromEntries(changes) as PreviousAudience['change']
  return { period: formatPeriod(before, of.tz), ...then, change }
}

function comparable(figures: AudienceFigures): Record<ComparedName, number> {
  const { listeners, newListeners, returningListeners, anonymousPlays, playsPerListener, segments, funnel } = figures
  const { mean, median } = playsPerListener
  const { period: _, ...counts } = segments
  const [, liked, followed, bought] = funnel.map(({ people }) => people) as [number, number, number, number]
  const ofListeners = { listeners, newListeners, returningListeners, anonymousPlays, mean, median }
  return { ...ofListeners, ...counts, liked, followed, bought }
}
