/**
 * The audience of an artist as a plain scan of the artist's events gives it: the measure of `src/statistics/audience.ts`, of
 * which nothing but types is used here.
 */
import type { Audience, AudienceQuestion } from '../../src/statistics/audience.ts'
import { iso, type Naive, period, seriesRange, within } from './naive.ts'
import {
  labelOf,
  type NaiveRange,
  type NaiveUnit,
  naiveLastPoints,
  naivePoints,
  naivePrevious,
  naiveRange,
} from './naive-calendar.ts'
import type { NaiveEvent } from './naive-rules.ts'

const DAY_MS = 86_400_000
const BUCKETS = [
  [1, 1],
  [2, 2],
  [3, 5],
  [6, 10],
  [11, 20],
  [21, 50],
  [51, 100],
  [101, null],
] as const

type Figures = Omit<Audience, 'artistId' | 'period' | 'series' | 'clipped' | 'previous'>

export function naiveAudience(naive: Naive, question: AudienceQuestion, now: number): Audience | 'too_many_points' {
  const { artistId, startDate, endDate, interval, compare } = question
  const tz = question.tz ?? 'UTC'
  const events = naive.eventsOf(artistId)
  const range = naiveRange(startDate, endDate, tz)
  const figures = figuresOf(events, range, labelOf(Math.min(range.to - 1, now), 'day', tz), tz)
  const answer: Audience = { artistId, period: startDate || endDate ? period(range, tz) : null, ...figures }
  const seriesOf = (points: readonly NaiveRange[]) =>
    points.map(point => ({ start: iso(point.from, tz), end: iso(point.to, tz), ...listenersOf(events, point) }))
  if (interval) {
    const unit = interval as NaiveUnit
    const inRange = within(events, range)
    const shownRange = seriesRange(range, inRange, unit, tz, now)
    const points = startDate ? naivePoints(shownRange, unit, tz) : naiveLastPoints(shownRange, unit, tz).points
    if (!points) return 'too_many_points'
    answer.series = seriesOf(points)
    if (!inRange.every(({ at }) => points.some(({ from, to }) => at >= from && at < to))) answer.clipped = true
  }
  if (compare) {
    const before = naivePrevious(range, startDate, endDate, tz, now, compare)
    answer.previous = null
    if (before) {
      const then = figuresOf(events, before, labelOf(before.to - 1, 'day', tz), tz)
      answer.previous = { period: period(before, tz), ...then, change: changeOf(then, figures) }
      if (interval) answer.previous.series = seriesOf(naivePoints(before, interval as NaiveUnit, tz) ?? [])
    }
  }
  return answer
}

/** One of each credited play, by known listeners. */
function knownPlays(events: readonly NaiveEvent[]): { at: number; listener: string }[] {
  return events
    .flatMap(({ at, measure, listener, credits }) => credits.map(() => ({ at, measure, listener })))
    .filter(({ measure, listener }) => measure === 'plays' && listener !== undefined)
    .map(({ at, listener }) => ({ at, listener: listener as string }))
}

const different = (plays: readonly { listener: string }[]): string[] => [
  ...new Set(plays.map(({ listener }) => listener)),
]

function listenersOf(events: readonly NaiveEvent[], range: NaiveRange) {
  const plays = knownPlays(events)
  const listeners = different(knownPlays(within(events, range)))
  const isNew = (listener: string) =>
    Math.min(...plays.filter(play => play.listener === listener).map(({ at }) => at)) >= range.from
  const newListeners = listeners.filter(isNew).length
  return { listeners: listeners.length, newListeners, returningListeners: listeners.length - newListeners }
}

function figuresOf(events: readonly NaiveEvent[], range: NaiveRange, lastDate: string, tz: string): Figures {
  const inRange = within(events, range)
  const all = inRange.filter(({ measure }) => measure === 'plays').flatMap(({ credits }) => credits)
  const plays = knownPlays(inRange)
  const counts = different(plays).map(listener => plays.filter(play => play.listener === listener).length)
  return {
    ...listenersOf(events, range),
    anonymousPlays: all.length - plays.length,
    playsPerListener: {
      mean: counts.length === 0 ? 0 : Math.round((plays.length / counts.length) * 100) / 100,
      median: medianOf(counts),
      histogram: BUCKETS.map(([from, to]) => ({
        from,
        to,
        listeners: counts.filter(count => count >= from && (to === null || count <= to)).length,
      })),
    },
    segments: segmentsOf(events, lastDate, tz),
    funnel: funnelOf(inRange, different(plays)),
  }
}

function medianOf(counts: readonly number[]): number {
  let rest = counts.toSorted((a, b) => a - b)
  while (rest.length > 2) rest = rest.slice(1, -1)
  return rest.length === 0 ? 0 : rest.reduce((sum, count) => sum + count, 0) / rest.length
}

const dayNumber = (date: string): number => Date.parse(date) / DAY_MS

function segmentsOf(events: readonly NaiveEvent[], lastDate: string, tz: string): Figures['segments'] {
  const plays = knownPlays(events).map(({ at, listener }) => {
    return { listener, ago: dayNumber(lastDate) - dayNumber(labelOf(at, 'day', tz)) }
  })
  const daysOf = (listener: string, from: number, to: number) =>
    new Set(plays.filter(play => play.listener === listener && play.ago >= from && play.ago <= to).map(p => p.ago)).size
  const listeners = different(plays)
  const inThese = listeners.map(listener => daysOf(listener, 0, 27))
  const first = new Date(Date.parse(lastDate) - 27 * DAY_MS).toISOString().slice(0, 10)
  return {
    period: period(naiveRange(first, lastDate, tz), tz),
    super: inThese.filter(days => days >= 8).length,
    regular: inThese.filter(days => days >= 3 && days <= 7).length,
    light: inThese.filter(days => days === 1 || days === 2).length,
    lapsed: listeners.filter((listener, i) => inThese[i] === 0 && daysOf(listener, 28, 55) > 0).length,
  }
}

function funnelOf(events: readonly NaiveEvent[], listened: readonly string[]): Figures['funnel'] {
  const net = (measure: NaiveEvent['measure'], listener: string) =>
    events
      .filter(event => event.measure === measure && event.listener === listener)
      .flatMap(({ credits }) => credits)
      .reduce((sum, { by }) => sum + by, 0)
  const liked = listened.filter(listener => net('likes', listener) > 0)
  const followed = liked.filter(listener => net('follows', listener) > 0)
  const bought = followed.filter(listener => net('purchases', listener) > 0)
  const percent = (part: readonly string[], of: readonly string[]) =>
    of.length === 0 ? null : Math.round((part.length / of.length) * 10_000) / 100
  return [
    { step: 'listened', people: listened.length, percentOfStepBefore: null },
    { step: 'liked', people: liked.length, percentOfStepBefore: percent(liked, listened) },
    { step: 'followed', people: followed.length, percentOfStepBefore: percent(followed, liked) },
    { step: 'bought', people: bought.length, percentOfStepBefore: percent(bought, followed) },
  ]
}

function changeOf(then: Figures, now: Figures) {
  const change = (number: (of: Figures) => number) => {
    const [earlier, later] = [number(then), number(now)]
    return earlier === 0 ? null : Math.round(((later - earlier) / earlier) * 10_000) / 100
  }
  return {
    listeners: change(of => of.listeners),
    newListeners: change(of => of.newListeners),
    returningListeners: change(of => of.returningListeners),
    anonymousPlays: change(of => of.anonymousPlays),
    mean: change(of => of.playsPerListener.mean),
    median: change(of => of.playsPerListener.median),
    super: change(of => of.segments.super),
    regular: change(of => of.segments.regular),
    light: change(of => of.segments.light),
    lapsed: change(of => of.segments.lapsed),
    liked: change(of => of.funnel[1]?.people ?? 0),
    followed: change(of => of.funnel[2]?.people ?? 0),
    bought: change(of => of.funnel[3]?.people ?? 0),
  }
}
