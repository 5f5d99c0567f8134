/** What of an artist was played most, by a plain scan: the measure of `statistics/most-played.ts`. */
import type { MostPlayed, MostPlayedQuestion, MostPlayedRow } from '../../src/statistics/most-played.ts'
import { iso, type Naive, period, seriesRange, within } from './naive.ts'
import {
  type NaiveRange,
  type NaiveUnit,
  naiveLastPoints,
  naivePoints,
  naivePrevious,
  naiveRange,
} from './naive-calendar.ts'
import { naiveOrder } from './naive-order.ts'
import type { NaiveEvent } from './naive-rules.ts'

type Refusal = 'growth_needs_start' | 'too_many_points'

/** All rows, on one page. `limit` bounds the points of the series alone. */
export function naiveMostPlayed(
  naive: Naive,
  question: MostPlayedQuestion,
  now: number,
): Omit<MostPlayed, 'nextCursor'> | Refusal {
  const { artistId, kind, sort, startDate, endDate, interval, tz = 'UTC' } = question
  const compare = question.compare || (sort === 'growth' ? 'previous' : undefined)
  const range = naiveRange(startDate, endDate, tz)
  const before = compare ? naivePrevious(range, startDate, endDate, tz, now, compare) : null
  if (sort === 'growth' && !before) return 'growth_needs_start'
  const events = naive.eventsOf(artistId)
  const inRange = within(events, range)
  const plays = inRange.filter(({ measure }) => measure === 'plays')
  const points = interval ? pointsOf(question, range, plays, tz, now) : undefined
  if (points === null) return 'too_many_points'
  const total = credits(plays)
  const nameOf = (event: NaiveEvent) => (kind === 'tracks' ? event.track : event.album)
  const names = new Set(inRange.map(nameOf).filter(name => name !== undefined))
  const rows = [...names].map(name => {
    const own = events.filter(event => nameOf(event) === name)
    const { latest, ...figures } = figuresOf(own, range, total)
    const then = before && credits(within(own, before).filter(({ measure }) => measure === 'plays'))
    const row = {
      ...figures,
      ...(compare && compared(figures.plays, then)),
      ...(sort === 'growth' && scored(figures.plays, then!)),
    }
    const series = points && { series: points.map(point => shownPoint(point, own, tz)) }
    const key = name.slice(name.indexOf(':') + 1)
    return {
      latest,
      row: naive.row(kind, key, { key, ...row, ...series, enriched: false } as never) as unknown as MostPlayedRow,
    }
  })
  const value = ({ plays, uniqueListeners, likes, score }: MostPlayedRow) =>
    ({ plays, listeners: uniqueListeners, likes, growth: score! })[sort]
  const items = rows
    .filter(({ row }) => row.plays > 0 || row.likes > 0)
    .sort((a, b) => value(b.row) - value(a.row) || b.latest - a.latest || naiveOrder(a.row.key, b.row.key))
    .map(({ row }) => row)
  return {
    artistId,
    period: startDate || endDate ? period(range, tz) : null,
    total,
    unnamed: credits(plays.filter(event => nameOf(event) === undefined)),
    ...(compare && {
      previousPeriod: before && period(before, tz),
      previousTotal: before && credits(within(events, before).filter(({ measure }) => measure === 'plays')),
    }),
    items,
    ...(points && !plays.every(({ at }) => points.some(({ from, to }) => at >= from && at < to)) && { clipped: true }),
  }
}

/** An event counts for each of its credits that are the artist's. */
export const credits = (events: readonly NaiveEvent[]): number => events.flatMap(event => event.credits).length

function figuresOf(own: readonly NaiveEvent[], range: NaiveRange, total: number) {
  const heard = within(own, range).filter(({ measure }) => measure === 'plays')
  const liked = within(own, range).filter(({ measure }) => measure === 'likes')
  const plays = credits(heard)
  return {
    plays,
    uniqueListeners: new Set(heard.map(({ listener }) => listener).filter(listener => listener !== undefined)).size,
    likes: Math.max(
      0,
      liked.reduce((sum, { by, credits }) => sum + by * credits.length, 0),
    ),
    share: total === 0 ? 0 : Math.round((plays * 10_000) / total) / 100,
    latest: Math.max(...[...heard, ...liked].map(({ at }) => at)),
  }
}

function compared(plays: number, then: number | null) {
  if (then === null) return { previousPlays: null, change: null }
  return { previousPlays: then, change: then === 0 ? null : Math.round((plays / then - 1) * 10_000) / 100 }
}

function scored(count: number, previousCount: number) {
  const score = (count - previousCount) / Math.sqrt(count + previousCount + 10)
  return { score, growth: { count, previousCount, shrinkage: 10 } }
}

/** The points of the calendar; null where all series together may have more than 10,000. */
export function pointsOf(
  { interval, startDate, limit }: Pick<MostPlayedQuestion, 'interval' | 'startDate' | 'limit'>,
  range: NaiveRange,
  plays: readonly NaiveEvent[],
  tz: string,
  now: number,
): NaiveRange[] | null {
  const unit = interval as NaiveUnit
  const shown = seriesRange(range, plays, unit, tz, now)
  const points = startDate ? naivePoints(shown, unit, tz) : naiveLastPoints(shown, unit, tz).points
  return points && points.length * limit <= 10_000 ? points : null
}

function shownPoint(point: NaiveRange, own: readonly NaiveEvent[], tz: string) {
  const plays = credits(within(own, point).filter(({ measure }) => measure === 'plays'))
  return { start: iso(point.from, tz), end: iso(point.to, tz), plays }
}
