/** Which points of a series have a date at the axis, and what it says. Pure. */
import type { Formats } from '../../language/formats.ts'
import { localTimes } from './local-times.ts'
import type { Interval, Point } from './points.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

export interface Tick {
  index: number
  /** One line, or two: the second says the day or the year, where it is another one than before. */
  label: string
}

interface Step {
  /** The steps of an interval are those from its own on. */
  of: Interval
  /** A number that changes where a step begins, of a local time in milliseconds. */
  at: (local: number) => number
  label: Intl.DateTimeFormatOptions
  context?: Intl.DateTimeFormatOptions
}

const TIME = { label: { hour: 'numeric', minute: '2-digit' }, context: { day: 'numeric', month: 'short' } } as const
const DAY = { label: { day: 'numeric', month: 'short' }, context: { year: 'numeric' } } as const
const MONTH = { label: { month: 'short' }, context: { year: 'numeric' } } as const
const YEAR = { label: { year: 'numeric' } } as const

const minutes = (count: number) => (local: number) => Math.floor(local / (count * MINUTE_MS))
/** Weeks begin on Monday, as 1970-01-05 is one. */
const weeks = (count: number) => (local: number) => Math.floor((Math.floor(local / DAY_MS) - 4) / (7 * count))
const months = (count: number) => (local: number) => {
  const date = new Date(local)
  return Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / count)
}

/** From the shortest to the longest. */
const STEPS: readonly Step[] = [
  ...[1, 5, 15, 30].map((count): Step => ({ of: 'minute', at: minutes(count), ...TIME })),
  ...[60, 180, 360, 720].map((count): Step => ({ of: 'hour', at: minutes(count), ...TIME })),
  ...[1, 2].map((count): Step => ({ of: 'day', at: minutes(count * 24 * 60), ...DAY })),
  ...[1, 2].map((count): Step => ({ of: 'week', at: weeks(count), ...DAY })),
  ...[1, 2, 3, 6].map((count): Step => ({ of: 'month', at: months(count), ...MONTH })),
  ...[1, 2, 5, 10, 50].map((count): Step => ({ of: 'year', at: months(12 * count), ...YEAR })),
]

/** As many as fit into `most`, at the beginnings of hours, days, weeks, months or years of the zone. */
export function dateTicks(
  points: readonly Point[],
  {
    interval,
    tz,
    most,
    formats,
  }: { interval: Interval; tz: string; most: number; formats: Pick<Formats, 'dateParts'> },
): Tick[] {
  const locals = localTimes(
    points.map(({ start }) => Date.parse(start)),
    tz,
  )
  const steps = STEPS.slice(STEPS.findIndex(({ of }) => of === interval))
  // Each point has its tick where they fit, also a first one that the range has cut.
  if (points.length <= most) return labelled([...points.keys()], steps[0]!)
  for (const step of steps) {
    const indexes = beginnings(locals, step, most)
    if (indexes) return labelled(indexes, step)
  }
  return labelled([0], steps.at(-1)!)

  function labelled(indexes: readonly number[], { label, context }: Step): Tick[] {
    let before = ''
    return indexes.map(index => {
      const text = (fields: Intl.DateTimeFormatOptions) => formats.dateParts(points[index]!.start, tz, fields)
      const now = context ? text(context) : ''
      const lines = now === before ? text(label) : `${text(label)}\n${now}`
      before = now
      return { index, label: lines }
    })
  }
}

/** Undefined where there are more than `most`, or none. */
function beginnings(locals: readonly number[], { at }: Step, most: number): number[] | undefined {
  const found: number[] = []
  let before = at((locals[0] ?? 0) - 1)
  for (const [index, local] of locals.entries()) {
    const now = at(local)
    if (now !== before) found.push(index)
    if (found.length > most) return undefined
    before = now
  }
  return found.length > 0 ? found : undefined
}

/** Days since something, counted from 1: the first, and each seventh, or more of them. */
export function dayTicks(count: number, most: number, label: (day: number) => string): Tick[] {
  const step = [1, 7, 14, 28, 91, 182, 364].find(each => count / each <= most) ?? count
  const days = Array.from({ length: Math.floor(count / step) }, (_, i) => (i + 1) * step)
  return [...new Set([1, ...days])].map(day => ({ index: day - 1, label: label(day) }))
}
