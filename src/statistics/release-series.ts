/** The plays of releases in their first days, and point by point: of the calendar, or by day since the release. */
import { invalidInput } from '../errors.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { startOfDay } from './calendar.ts'
import { type OpenRange, pointsOf } from './kpis.ts'
import { type PlaysPoint, playsIn, refuseTooMany, shownPoints } from './plays-series.ts'
import type { Release } from './release-dates.ts'
import { parseSeriesUnit } from './series.ts'

/** How many days releases are compared by, the day of the release included. */
export const FIRST_DAYS = [1, 7, 28] as const

export interface FirstDays {
  days: number
  /** Since the release day began. */
  plays: number
  /** Whether all of these days have passed: until then, plays may be added. */
  isOver: boolean
}

export interface ReleasePoint extends PlaysPoint {
  /** Of aligned series: 1 on the day of the release. */
  day?: number
  /** Of aligned series: since the release day began. */
  cumulativePlays?: number
}

export interface SeriesChoice {
  /** Series of the calendar. */
  interval?: string | undefined
  /** Series by day since the release, so that releases can be laid over each other. */
  align?: 'release' | undefined
  /** The most days of an aligned series. */
  days: number
  /** Series in the answer. */
  limit: number
}

export interface ReleaseSeries {
  /** Ascending; each ends where the next one begins. */
  pointsOf(release: Release): readonly Interval[]
  isAligned: boolean
  isClipped: boolean
}

/** The series that are asked for. @throws ServiceError 400 as `releases` */
export function releaseSeries(
  { interval, align, days, limit }: SeriesChoice,
  range: Omit<OpenRange, 'unit'>,
): ReleaseSeries | undefined {
  const unit = interval ? parseSeriesUnit(interval) : undefined
  if (align) {
    if (unit && unit !== 'day') throw invalidInput([NEEDS_DAYS])
    refuseTooMany(days, limit, 'days')
    return { pointsOf: release => daysSince(release, days, range), isAligned: true, isClipped: false }
  }
  if (!unit) return undefined
  const { points, isClipped } = pointsOf({ ...range, unit })
  refuseTooMany(points.length, limit, 'interval')
  return { pointsOf: () => points, isAligned: false, isClipped }
}

const NEEDS_DAYS = { path: 'interval', code: 'align_needs_days', message: 'must be day, or absent, with align' }

/** The days since the release that have begun. */
function daysSince({ releaseDate }: Release, days: number, { tz, now }: { tz: string; now: Instant }): Interval[] {
  return releaseDate === null ? [] : between(releaseDate, upTo(days + 1), tz).filter(({ from }) => from <= now)
}

const upTo = (length: number): number[] => Array.from({ length }, (_, i) => i)

/** The intervals between the beginnings of days, each given by how many days it is after a date. */
function between(date: string, daysAfter: readonly number[], tz: string): Interval[] {
  const first = Temporal.PlainDate.from(date)
  const starts = daysAfter.map(days => startOfDay(first.add({ days }), tz))
  return starts.slice(1).map((to, i) => ({ from: starts[i]!, to }))
}

/** By the number of the release; empty where it has no date. */
export async function firstDaysOf(
  reads: Snapshot,
  owner: number,
  releases: readonly Release[],
  tz: string,
  now: Instant,
): Promise<Map<number, FirstDays[]>> {
  const points = new Map(
    releases.map(({ id, releaseDate }) => [
      id,
      releaseDate === null ? [] : between(releaseDate, [0, ...FIRST_DAYS], tz),
    ]),
  )
  const plays = await playsIn(reads, { owner, kind: 'albums' }, points)
  const ofRelease = (id: number, intervals: readonly Interval[]) => {
    const sums = cumulated(plays.get(id)!)
    return intervals.map(({ to }, i) => ({ days: FIRST_DAYS[i]!, plays: sums[i]!, isOver: to <= now }))
  }
  return new Map([...points].map(([id, intervals]) => [id, ofRelease(id, intervals)]))
}

/** By the number of the release. */
export async function seriesOf(
  reads: Snapshot,
  owner: number,
  releases: readonly Release[],
  series: ReleaseSeries,
  tz: string,
): Promise<Map<number, ReleasePoint[]>> {
  const points = new Map(releases.map(release => [release.id, series.pointsOf(release)]))
  const plays = await playsIn(reads, { owner, kind: 'albums' }, points)
  const ofRelease = (id: number, intervals: readonly Interval[]) => {
    const own = plays.get(id)!
    const shown = shownPoints(intervals, tz).map((point, i) => ({ ...point, plays: own[i]! }))
    if (!series.isAligned) return shown
    const sums = cumulated(own)
    return shown.map((point, i) => ({ day: i + 1, ...point, cumulativePlays: sums[i]! }))
  }
  return new Map([...points].map(([id, intervals]) => [id, ofRelease(id, intervals)]))
}

function cumulated(numbers: readonly number[]): number[] {
  let sum = 0
  return numbers.map(number => {
    sum += number
    return sum
  })
}
