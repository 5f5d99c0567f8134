/** The view of a page of statistics, as its address says it: range, comparison, time zone, interval. */
import { useEffect, useMemo } from 'react'
import { memoize } from '../memoize.ts'
import { type Changes, useParameters } from './parameters.ts'
import {
  type Days,
  DEFAULT_RANGE,
  daysOf,
  type Interval,
  intervalsOf,
  isDay,
  RANGES,
  type RangeName,
  today,
} from './ranges.ts'

export const COMPARISONS = ['previous', 'weekday', 'year', 'none'] as const
export type Comparison = (typeof COMPARISONS)[number]

/** What the address says of time. */
export interface View {
  range: RangeName
  /** The days of the range; empty for all time. */
  days: Days
  tz: string
  compare: Comparison
  /** The interval of series, of those that suit the range. */
  interval: Interval
  intervals: readonly [Interval, ...Interval[]]
  /** The parameters of the API for the range: `startDate`, `endDate`, `tz`. */
  rangeQuery: { startDate?: string; endDate?: string; tz: string }
  /** The same, with `compare` where something is compared. */
  comparedQuery: { startDate?: string; endDate?: string; tz: string; compare?: Exclude<Comparison, 'none'> }
  change: (changes: Changes, options?: { replace?: boolean }) => void
}

/** The view, and a function that changes parts of it. */
export function useView(): View {
  const { parameters, change } = useParameters()
  const { range, tz, ...asked } = readView(parameters)
  const present = today(tz, Date.now())
  useEffect(() => {
    // Without a zone in the address, who opens a shared one elsewhere would see other days.
    if (parameters.get('tz') !== tz) change({ tz }, { replace: true })
  }, [parameters, tz, change])
  return useMemo(() => {
    const days = range === 'own' ? { startDate: asked.from, endDate: asked.to } : daysOf(range, present)
    const intervals = intervalsOf(days)
    const interval = intervals.find(each => each === asked.interval) ?? intervals[0]
    const compare = asked.compare
    const rangeQuery = { ...days, tz }
    const comparedQuery = compare === 'none' ? rangeQuery : { ...rangeQuery, compare }
    return { range, days, tz, compare, interval, intervals, rangeQuery, comparedQuery, change }
  }, [range, tz, asked.from, asked.to, asked.interval, asked.compare, present, change])
}

/** What an address asks for; what it says wrongly is as if it was absent. */
export function readView(parameters: URLSearchParams) {
  const asked = RANGES.find(each => each === parameters.get('range')) ?? DEFAULT_RANGE
  const [from, to] = [parameters.get('from'), parameters.get('to')]
  const isOwn = asked === 'own' && isDay(from) && isDay(to) && from <= to
  return {
    range: asked === 'own' && !isOwn ? DEFAULT_RANGE : asked,
    from: isOwn ? from : '',
    to: isOwn ? to : '',
    tz: zoneOf(parameters.get('tz')),
    compare: COMPARISONS.find(each => each === parameters.get('compare')) ?? COMPARISONS[0],
    interval: parameters.get('interval'),
  }
}

/** The asked zone where the browser knows it, else the browser's own. */
const zoneOf = memoize((asked: string | null): string => {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (asked === null) return own
  try {
    return new Intl.DateTimeFormat('en', { timeZone: asked }).resolvedOptions().timeZone
  } catch {
    return own
  }
})
