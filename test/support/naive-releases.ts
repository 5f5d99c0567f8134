/** The albums of an artist since their release, by a plain scan: the measure of `statistics/releases.ts`. */
import type { AlbumRecord } from '../../src/catalogue/catalogue-record.ts'
import type { ReleaseRow, Releases, ReleasesQuestion } from '../../src/statistics/releases.ts'
import { iso, type Naive, period, within } from './naive.ts'
import { type NaiveRange, naiveRange } from './naive-calendar.ts'
import { credits, pointsOf } from './naive-most-played.ts'
import { naiveOrder } from './naive-order.ts'
import type { NaiveEvent } from './naive-rules.ts'

/** All rows, on one page. `limit` bounds the points of the series alone. */
export function naiveReleases(
  naive: Naive,
  question: ReleasesQuestion,
  now: number,
): Omit<Releases, 'nextCursor'> | 'too_many_points' {
  const { artistId, startDate, endDate, interval, align, days, limit, tz = 'UTC' } = question
  const range = naiveRange(startDate, endDate, tz)
  const plays = naive.eventsOf(artistId).filter(({ measure }) => measure === 'plays')
  const albums = naive.albumsOf(artistId).map(album => {
    const own = plays.filter(event => event.album === `album:${album.id}`)
    return { ...album, own, release: releaseOf(album.record, own, tz) }
  })
  const inRange = within(
    albums.flatMap(({ own }) => own),
    range,
  )
  const points = interval && !align ? pointsOf(question, range, inRange, tz, now) : undefined
  if (points === null || (align && days * limit > 10_000)) return 'too_many_points'
  const items = albums
    .sort((a, b) => byDate(a.release.releaseDate, b.release.releaseDate) || naiveOrder(a.id, b.id))
    .map(({ id, own, release }) => {
      const { releaseDate } = release
      const place = {
        key: id,
        ...release,
        plays: credits(within(own, range)),
        firstDays: releaseDate === null ? [] : [1, 7, 28].map(count => firstDays(own, releaseDate, count, tz, now)),
        ...(points && { series: points.map(point => shownPoint(point, own, tz)) }),
        ...(align && { series: alignedSeries(own, releaseDate, { days, tz, now }) }),
        enriched: false,
      }
      return naive.row('albums', id, place as never) as unknown as ReleaseRow
    })
  const isShown = ({ at }: NaiveEvent) => points?.some(({ from, to }) => at >= from && at < to) ?? true
  return {
    artistId,
    period: startDate || endDate ? period(range, tz) : null,
    items,
    ...(!inRange.every(isShown) && { clipped: true }),
  }
}

/** The newest first, and those without a date last. */
function byDate(a: string | null, b: string | null): number {
  if (a === b) return 0
  return (a ?? '') > (b ?? '') ? -1 : 1
}

function releaseOf(record: AlbumRecord | undefined, own: readonly NaiveEvent[], tz: string) {
  const date = record?.releaseDate ?? null
  const releaseYear = date === null ? (record?.releaseYear ?? null) : Number(date.split('-')[0])
  if (date !== null) return { releaseDate: date, releaseDateFrom: 'catalogue', releaseYear } as const
  const localDates = own.map(({ at }) => iso(at, tz).slice(0, 10)).sort()
  const first = localDates.find(local => releaseYear === null || Number(local.slice(0, 4)) >= releaseYear) ?? null
  return { releaseDate: first, releaseDateFrom: first && ('firstPlay' as const), releaseYear }
}

/** The local day so many days after another. */
const dayAfter = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10)

function firstDays(own: readonly NaiveEvent[], date: string, days: number, tz: string, now: number) {
  const range = naiveRange(date, dayAfter(date, days - 1), tz)
  return { days, plays: credits(within(own, range)), isOver: now >= range.to }
}

interface Aligned {
  days: number
  tz: string
  now: number
}

function alignedSeries(own: readonly NaiveEvent[], date: string | null, { days, tz, now }: Aligned) {
  if (date === null) return []
  const all = Array.from({ length: days }, (_, i) => dayAfter(date, i))
  return all
    .map((day, i) => ({
      day: i + 1,
      ...shownPoint(naiveRange(day, day, tz), own, tz),
      cumulativePlays: credits(within(own, naiveRange(date, day, tz))),
    }))
    .filter(({ start }) => Date.parse(start) <= now)
}

function shownPoint(point: NaiveRange, own: readonly NaiveEvent[], tz: string) {
  return { start: iso(point.from, tz), end: iso(point.to, tz), plays: credits(within(own, point)) }
}
