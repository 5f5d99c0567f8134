/** The albums of an artist with the days on which they were released, and their plays since. */
import { ownerAskedFor } from '../attribution/attribution.ts'
import { albumRef, compareIds } from '../identity/entity-ref.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant } from '../storage/storage.ts'
import { askedRange, type RangeQuestion } from './asked-range.ts'
import { formatPeriod } from './calendar.ts'
import { type Album, albumRows, type Keyed } from './describe.ts'
import { formatCursor, type Position, parseCursor } from './list-position.ts'
import { type FoundReleases, type Release, type ReleaseDate, releasesOf } from './release-dates.ts'
import {
  type FirstDays,
  firstDaysOf,
  type ReleasePoint,
  type ReleaseSeries,
  releaseSeries,
  seriesOf,
} from './release-series.ts'

export interface ReleasesQuestion extends RangeQuestion {
  artistId: string
  limit: number
  /** `nextCursor` of the page before; absent or empty: the first page. */
  cursor?: string | undefined
  /** Series of the calendar. */
  interval?: string | undefined
  /** Series by day since the release, so that releases can be laid over each other. */
  align?: 'release' | undefined
  /** The most days of an aligned series. */
  days: number
}

export interface ReleaseFigures extends ReleaseDate {
  /** In the range. */
  plays: number
  /** Empty where there is no release date. */
  firstDays: FirstDays[]
  series?: ReleasePoint[]
}

export type ReleaseRow = Keyed & ReleaseFigures & Album

export interface Releases {
  artistId: string
  /** As of KPIs. */
  period: string | null
  items: ReleaseRow[]
  /** null on the last page. */
  nextCursor: string | null
  /** With an interval, only where the series leave out plays of the range: as of KPIs. */
  clipped?: true
}

/**
 * The albums that belong to an artist, also those that nobody played: the newest first, those without a date last, and of
 * equal ones the smaller id first. Plays are the artist's own, as in `mostPlayed`: an event that names an album and credits
 * others alone is not among them. The range bounds `plays` and the series of the calendar; `firstDays` and aligned series are
 * counted from the release, whatever the range is, up to the day of now.
 * @throws ServiceError 400 for a wrong range, zone or interval, an aligned series by anything but days, and for more than
 * 10,000 points
 */
export async function releases(reads: Snapshot, question: ReleasesQuestion, now: Instant): Promise<Releases> {
  const { artistId, limit } = question
  const { tz, range } = askedRange(question, now)
  const owner = await ownerAskedFor(reads, artistId)
  const found = owner === undefined ? NO_RELEASES : await releasesOf(reads, owner, range, tz)
  const series = releaseSeries(question, { ...range, first: found.first, last: found.last, tz, now })
  const rest = pageAfter(found.releases, parseCursor(question.cursor))
  const page = rest.slice(0, limit)
  const last = page.at(-1)
  return {
    artistId,
    period: formatPeriod(range, tz),
    items: owner === undefined ? [] : await rowsOf(reads, owner, page, { series, tz, now }),
    nextCursor: last && rest.length > limit ? formatCursor(positionOf(last)) : null,
    ...(series?.isClipped && { clipped: true }),
  }
}

const NO_RELEASES: FoundReleases = { releases: [], first: null, last: null }

/** Dated releases are before the others, which have no instant. */
const positionOf = ({ start, text }: Release): Position => ({
  value: start === null ? 0 : 1,
  latest: start ?? 0,
  id: text,
})

function pageAfter(found: readonly Release[], after: Position): Release[] {
  return found
    .filter(release => compare(positionOf(release), after) > 0)
    .sort((a, b) => compare(positionOf(a), positionOf(b)))
}

/** Negative where `a` comes first. */
const compare = (a: Position, b: Position): number => b.value - a.value || b.latest - a.latest || compareIds(a.id, b.id)

interface Shown {
  series: ReleaseSeries | undefined
  tz: string
  now: Instant
}

async function rowsOf(
  reads: Snapshot,
  owner: number,
  page: readonly Release[],
  { series, tz, now }: Shown,
): Promise<ReleaseRow[]> {
  const firstDays = await firstDaysOf(reads, owner, page, tz, now)
  const points = series && (await seriesOf(reads, owner, page, series, tz))
  const entities = page.map(({ id, text, releaseDate, releaseDateFrom, releaseYear, plays }) => {
    const figures = { releaseDate, releaseDateFrom, releaseYear, plays, firstDays: firstDays.get(id)! }
    const row = { key: text, ...figures, ...(points && { series: points.get(id)! }), enriched: false }
    return { id, entity: albumRef(text), row }
  })
  return albumRows(reads, entities)
}
