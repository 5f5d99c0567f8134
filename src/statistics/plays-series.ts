/** The plays of some of an artist's tracks or albums, point by point. */
import { KEYS_OF_OWNER } from '../attribution/attribution.ts'
import { invalidInput } from '../errors.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Interval } from '../storage/storage.ts'
import { formatInstant } from './calendar.ts'
import { COLUMN, type ReleaseKind } from './played-releases.ts'

/** In all series of an answer. */
const MAX_POINTS = 10_000

/** Instants are ISO 8601 in the zone of the question; `end` is excluded. */
export interface PlaysPoint {
  start: string
  end: string
  plays: number
}

/** @throws ServiceError 400 `too_many_points` where a page of `limit` series may have more than 10,000 points */
export function refuseTooMany(points: number, limit: number, path: string): void {
  if (points * limit <= MAX_POINTS) return
  const message = `gives up to ${limit} series of ${points} points, more than ${MAX_POINTS}: ask for fewer points, or a smaller limit`
  throw invalidInput([{ path, code: 'too_many_points', message }])
}

/**
 * The plays of the artist in each point of each release, in the order of the points. The points of a release ascend, and each
 * ends where the next one begins.
 */
export async function playsIn(
  reads: Snapshot,
  { owner, kind }: { owner: number; kind: ReleaseKind },
  pointsOf: ReadonlyMap<number, readonly Interval[]>,
): Promise<Map<number, number[]>> {
  const points = [...pointsOf].flatMap(([id, points]) => points.map((point, place) => ({ id, place, ...point })))
  const plays = new Map([...pointsOf].map(([id, points]) => [id, points.map(() => 0)]))
  if (points.length === 0) return plays
  const column = COLUMN[kind]
  // Materialized, because DuckDB would else look for the point of every fact of all owners before it filters them.
  const rows = await reads.rows<{ id: number; place: number; plays: number }>(
    `WITH points AS MATERIALIZED (
       SELECT unnest($ids::INTEGER[]) AS id, unnest($places::INTEGER[]) AS place,
         unnest($starts::BIGINT[]) AS start, unnest($ends::BIGINT[]) AS until
     ),
     own AS MATERIALIZED (
       SELECT ${column} AS id, instant FROM facts
       WHERE key IN ${KEYS_OF_OWNER} AND measure = 'plays'::measure AND ${column} IN (SELECT id FROM points)
         AND instant >= $from AND instant < $to
     )
     SELECT own.id, place, count(*) AS plays
     FROM own ASOF JOIN (FROM points WHERE start < until) AS points ON own.id = points.id AND own.instant >= points.start
     WHERE instant < until
     GROUP BY ALL`,
    {
      owner,
      ids: JSON.stringify(points.map(({ id }) => id)),
      places: JSON.stringify(points.map(({ place }) => place)),
      starts: JSON.stringify(points.map(({ from }) => from)),
      ends: JSON.stringify(points.map(({ to }) => to)),
      from: points.reduce((least, { from }) => Math.min(least, from), Number.MAX_SAFE_INTEGER),
      to: points.reduce((most, { to }) => Math.max(most, to), Number.MIN_SAFE_INTEGER),
    },
  )
  for (const row of rows) plays.get(row.id)![row.place] = row.plays
  return plays
}

/** Where points begin and end, in ISO 8601. */
export function shownPoints(points: readonly Interval[], tz: string): Omit<PlaysPoint, 'plays'>[] {
  let end = points.length > 0 ? formatInstant(points[0]!.from, tz) : ''
  return points.map(({ to }) => {
    const start = end
    end = formatInstant(to, tz)
    return { start, end }
  })
}
