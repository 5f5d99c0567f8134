/** What of an artist was played most in a range of time: its tracks, or its albums. */
import { ownerAskedFor } from '../attribution/attribution.ts'
import { invalidInput } from '../errors.ts'
import { entityRef } from '../identity/entity-ref.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant } from '../storage/storage.ts'
import { type AskedRange, askedRange, changeInPercent, type RangeQuestion } from './asked-range.ts'
import { formatPeriod } from './calendar.ts'
import { type Album, describe, type Keyed, type Track } from './describe.ts'
import { pointsOf } from './kpis.ts'
import { formatCursor, parseCursor } from './list-position.ts'
import {
  COLUMN,
  NOTHING_PLAYED,
  type PlayedRow,
  type PlayedTotals,
  playedReleases,
  type ReleaseKind,
  type Sort,
} from './played-releases.ts'
import { type PlaysPoint, playsIn, refuseTooMany, shownPoints } from './plays-series.ts'
import { SHRINKAGE } from './ranking.ts'
import { parseSeriesUnit } from './series.ts'

export interface MostPlayedQuestion extends RangeQuestion {
  artistId: string
  kind: ReleaseKind
  sort: Sort
  limit: number
  /** `nextCursor` of the page before; absent or empty: the first page. */
  cursor?: string | undefined
  interval?: string | undefined
}

export interface ReleaseFigures {
  plays: number
  /** Different known listeners of these plays. */
  uniqueListeners: number
  /** Net of those taken back, never below zero. */
  likes: number
  /** The plays in per cent of `total`, rounded to two decimals. */
  share: number
  /** With `compare`: null where there is no earlier range. */
  previousPlays?: number | null
  /** With `compare`: of the plays, in per cent, rounded to two decimals; null where there were none before. */
  change?: number | null
  /** By growth: the score of `ranking.ts`, and its parts. */
  score?: number
  growth?: { count: number; previousCount: number; shrinkage: number }
  /** With an interval. */
  series?: PlaysPoint[]
}

export type MostPlayedRow = Keyed & ReleaseFigures & (Track | Album)

export interface MostPlayed {
  artistId: string
  /** As of KPIs. */
  period: string | null
  /** The artist's plays in the range, as among its KPIs. */
  total: number
  /** Those of them that name no track, or no album, and so are in no row. */
  unnamed: number
  /** With `compare`: the earlier range and the artist's plays in it; null where there is no such range. */
  previousPeriod?: string | null
  previousTotal?: number | null
  items: MostPlayedRow[]
  /** null on the last page. */
  nextCursor: string | null
  /** With an interval, only where the series leave out plays of the range: as of KPIs. */
  clipped?: true
}

/**
 * The artist's tracks or albums with a play, or a like that was not taken back, in the range. Facts are those of the artist's
 * KPIs, so an event counts for each of its credits that are the artist's. Rows are in descending order of `sort`; of equal
 * ones, that with the latest play or like in the range comes first, then that with the smaller id.
 * @throws ServiceError 400 for a wrong range, zone, interval or `compare`, for growth without an earlier range, and for more
 * than 10,000 points
 */
export async function mostPlayed(reads: Snapshot, question: MostPlayedQuestion, now: Instant): Promise<MostPlayed> {
  const { artistId, kind, sort, limit } = question
  const asked = comparedRangeOf(question, now)
  const { tz, range, before, isCompared } = asked
  const after = parseCursor(question.cursor)
  const owner = await ownerAskedFor(reads, artistId)
  const { totals, rows } =
    owner === undefined
      ? { totals: NOTHING_PLAYED, rows: [] }
      : await playedReleases(reads, { owner, kind, sort, range, before, after, limit: limit + 1 })
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const series = await seriesOf(reads, page, { owner, totals, question, asked, now })
  const entities = page.map(row => ({
    id: row.id,
    entity: entityRef(COLUMN[kind], row.text),
    row: { key: row.text, ...figuresOf(row, totals, asked, sort), ...series.of(row.id), enriched: false },
  }))
  return {
    artistId,
    period: formatPeriod(range, tz),
    total: totals.total,
    unnamed: totals.unnamed,
    ...(isCompared && {
      previousPeriod: before && formatPeriod(before, tz),
      previousTotal: before && totals.previousTotal,
    }),
    items: (await describe(reads, kind, entities)) as MostPlayedRow[],
    nextCursor: last && rows.length > limit ? formatCursor({ ...last, id: last.text }) : null,
    ...(series.isClipped && { clipped: true }),
  }
}

/** The range that was asked for; by growth, it is compared with the previous one where nothing else is asked for. */
function comparedRangeOf(question: MostPlayedQuestion, now: Instant): AskedRange {
  if (question.sort !== 'growth') return askedRange(question, now)
  const asked = askedRange({ ...question, compare: question.compare || 'previous' }, now)
  if (asked.before) return asked
  const message = 'growth needs a startDate that is not after now, for an earlier range'
  throw invalidInput([{ path: 'sort', code: 'growth_needs_start', message }])
}

function figuresOf(
  { count, listeners, likes, previousCount, value }: PlayedRow,
  { total }: PlayedTotals,
  { isCompared, before }: AskedRange,
  sort: Sort,
): ReleaseFigures {
  return {
    plays: count,
    uniqueListeners: listeners,
    likes,
    share: total === 0 ? 0 : Math.round((count / total) * 10_000) / 100,
    ...(isCompared && {
      previousPlays: before && previousCount,
      change: before && changeInPercent(previousCount, count),
    }),
    ...(sort === 'growth' && { score: value, growth: { count, previousCount, shrinkage: SHRINKAGE } }),
  }
}

interface SeriesParts {
  owner: number | undefined
  totals: PlayedTotals
  question: MostPlayedQuestion
  asked: AskedRange
  now: Instant
}

/** The series of each row of a page, where an interval is asked for; all rows have the same points. */
async function seriesOf(
  reads: Snapshot,
  page: readonly PlayedRow[],
  { owner, totals, question, asked, now }: SeriesParts,
): Promise<{ of: (id: number) => Pick<ReleaseFigures, 'series'>; isClipped: boolean }> {
  const { kind, interval, limit } = question
  if (!interval) return { of: () => ({}), isClipped: false }
  const { tz, range } = asked
  const { points, isClipped } = pointsOf({ ...range, ...totals, unit: parseSeriesUnit(interval), tz, now })
  refuseTooMany(points.length, limit, 'interval')
  const ids = page.map(({ id }) => id)
  const plays =
    owner === undefined ? undefined : await playsIn(reads, { owner, kind }, new Map(ids.map(id => [id, points])))
  const shown = shownPoints(points, tz)
  const of = (id: number) => ({ series: shown.map((point, i) => ({ ...point, plays: plays!.get(id)![i]! })) })
  return { of, isClipped }
}
