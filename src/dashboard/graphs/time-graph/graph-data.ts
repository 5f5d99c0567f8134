/** What a time graph shows: points of time with values, and what follows of `now`. Pure. */
import type { Interval, Point } from '../axes/points.ts'

/** What the values are: `name` is that of the unit ("plays", "EUR"). */
export interface Measure {
  name: string
  format: (value: number) => string
  /** Whether there are only whole ones: no axis has half a play. */
  isWhole: boolean
}

export interface Series {
  name: string
  /** One a point; null where there is no figure. */
  values: readonly (number | null)[]
  /** Its own dates, where they are not those of the graph. */
  points?: readonly Point[] | undefined
}

/** Something that happened, such as a release. */
export interface Mark {
  /** ISO instant. */
  at: string
  label: string
  href?: string | undefined
}

export interface GraphData {
  points: readonly Point[]
  interval: Interval
  /** IANA time zone of all dates. */
  tz: string
  /** ISO instant: points that end after it are not over, and those that start after it have no figure yet. */
  now: string
  measure: Measure
  /** One to five. */
  series: readonly Series[]
  /** The comparison with an earlier range, laid over a single series point by point. */
  earlier?: (Series & { points: readonly Point[] }) | undefined
  marks?: readonly Mark[] | undefined
  /** `days` counts the points from 1, for series that begin at different dates. */
  x?: 'dates' | 'days' | undefined
}

/** A series as it is drawn: as long as the graph, and null where it has not begun. */
export interface Line {
  name: string
  values: (number | null)[]
  points: readonly Point[]
  /** The point that has begun and is not over; -1 where there is none. */
  open: number
}

export interface Lines {
  lines: readonly Line[]
  earlier: Line | undefined
}

export function linesOf({ points, series, earlier, now }: GraphData): Lines {
  const line = (each: Series) => lineOf(each, each.points ?? points, points.length, Date.parse(now))
  return { lines: series.map(line), earlier: earlier && line(earlier) }
}

function lineOf({ name, values }: Series, points: readonly Point[], count: number, now: number): Line {
  // From the end, as most points are over: to read ten thousand dates takes a while.
  const over = points.findLastIndex(({ end }) => Date.parse(end) <= now) + 1
  const next = points[over]
  const open = next && Date.parse(next.start) <= now ? over : -1
  const begun = open === -1 ? over : open + 1
  return {
    name,
    values: Array.from({ length: count }, (_, i) => (i < begun ? (values[i] ?? null) : null)),
    points,
    open,
  }
}

/** The marks of each point that has any, in order. */
export function marksByPoint(points: readonly Point[], marks: readonly Mark[]): Map<number, Mark[]> {
  if (marks.length === 0) return new Map()
  const starts = points.map(({ start }) => Date.parse(start))
  const end = points.length > 0 ? Date.parse(points.at(-1)!.end) : 0
  const found = new Map<number, Mark[]>()
  for (const mark of [...marks].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    const at = Date.parse(mark.at)
    const index = at < end ? starts.findLastIndex(start => start <= at) : -1
    if (index !== -1) found.set(index, [...(found.get(index) ?? []), mark])
  }
  return found
}
