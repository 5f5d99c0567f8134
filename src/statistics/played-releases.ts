/** The plays, listeners and likes of the tracks or albums of an artist, sorted and page by page, in one pass over its facts. */
import { KEYS_OF_OWNER } from '../attribution/attribution.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { bound } from './kpi-totals.ts'
import type { Position } from './list-position.ts'
import { RISING_SCORE } from './ranking.ts'

export type ReleaseKind = 'tracks' | 'albums'

/** The column of the facts that names a release. */
export const COLUMN = { tracks: 'track', albums: 'album' } as const

/** What rows can be sorted by, in SQL over the columns of `listed`. */
const VALUE = { plays: 'count', listeners: 'listeners', likes: 'likes', growth: RISING_SCORE }
export type Sort = keyof typeof VALUE
export const SORTS = Object.keys(VALUE) as Sort[]

export interface PlayedQuestion {
  owner: number
  kind: ReleaseKind
  sort: Sort
  range: Interval
  /** The earlier range; null: there is none, and nothing is counted in it. */
  before: Interval | null
  after: Position
  limit: number
}

/** Of all the artist's facts in the range, on whatever page. */
export interface PlayedTotals {
  total: number
  /** The plays that name no release of the kind. */
  unnamed: number
  previousTotal: number
  /** The first and the last play; null where there is none. */
  first: Instant | null
  last: Instant | null
}

export interface PlayedRow {
  /** The number of the release. */
  id: number
  /** Its id, as events name it. */
  text: string
  count: number
  listeners: number
  /** Net, not below zero. */
  likes: number
  /** Plays in the earlier range. */
  previousCount: number
  /** The rows are in descending order of this. */
  value: number
  /** The last play or like in the range. */
  latest: Instant
}

export const NOTHING_PLAYED: PlayedTotals = { total: 0, unnamed: 0, previousTotal: 0, first: null, last: null }

/** The next rows after a position: releases with a play or a net like in the range. */
export async function playedReleases(
  reads: Snapshot,
  { owner, kind, sort, range, before, after, limit }: PlayedQuestion,
): Promise<{ totals: PlayedTotals; rows: PlayedRow[] }> {
  const earlier = before ?? { from: range.from, to: range.from }
  // Where no release is left, the totals come with a row without a release.
  const found = await reads.rows<PlayedTotals & (PlayedRow | { id: null })>(playedSql(COLUMN[kind], VALUE[sort]), {
    owner,
    from: bound(range.from),
    to: bound(range.to),
    beforeFrom: bound(earlier.from),
    beforeTo: bound(earlier.to),
    ...after,
    limit,
  })
  const { total, unnamed, previousTotal, first, last } = found[0]!
  return { totals: { total, unnamed, previousTotal, first, last }, rows: found.filter(row => row.id !== null) }
}

const PLAYS = `measure = 'plays'::measure`
const LIKES = `measure = 'likes'::measure`

/** The facts of both ranges, which may overlap, are read once. They are summed first by what they are: filtered sums cost more. */
function playedSql(release: string, value: string): string {
  return `
WITH own AS MATERIALIZED (
  SELECT ${release} AS id, measure, counts, listener, instant FROM facts
  WHERE key IN ${KEYS_OF_OWNER} AND (${PLAYS} OR ${LIKES})
    AND instant >= least($from, $beforeFrom) AND instant < greatest($to, $beforeTo)
),
parts AS (
  SELECT id, measure, instant >= $from AND instant < $to AS is_now, instant >= $beforeFrom AND instant < $beforeTo AS is_before,
    sum(counts) AS counts, min(instant) AS first, max(instant) AS last
  FROM own GROUP BY ALL
),
sums AS MATERIALIZED (
  SELECT id,
    coalesce(sum(counts) FILTER (is_now AND ${PLAYS}), 0)::BIGINT AS count,
    greatest(sum(counts) FILTER (is_now AND ${LIKES}), 0)::BIGINT AS likes,
    coalesce(sum(counts) FILTER (is_before AND ${PLAYS}), 0)::BIGINT AS before,
    max(last) FILTER (is_now) AS latest,
    min(first) FILTER (is_now AND ${PLAYS}) AS first,
    max(last) FILTER (is_now AND ${PLAYS}) AS last
  FROM parts GROUP BY id
),
totals AS (
  SELECT coalesce(sum(count), 0)::BIGINT AS total, coalesce(sum(count) FILTER (id IS NULL), 0)::BIGINT AS unnamed,
    coalesce(sum(before), 0)::BIGINT AS "previousTotal", min(first) AS first, max(last) AS last
  FROM sums
),
heard AS (
  SELECT id, count(DISTINCT listener) AS listeners FROM own
  WHERE ${PLAYS} AND instant >= $from AND instant < $to
  GROUP BY id
),
listed AS (
  SELECT id, text, count, coalesce(listeners, 0) AS listeners, likes, before, latest
  FROM sums LEFT JOIN heard USING (id) JOIN names USING (id)
  WHERE count > 0 OR likes > 0
),
page AS (
  FROM (SELECT *, ${value} AS value FROM listed)
  WHERE value < $value OR value = $value AND (latest < $latest OR latest = $latest AND id_order(text) > id_order($id))
  ORDER BY value DESC, latest DESC, id_order(text)
  LIMIT $limit
)
SELECT total, unnamed, "previousTotal", first, last,
  id, text, count, listeners, likes, before AS "previousCount", value, latest
FROM totals LEFT JOIN page ON true
ORDER BY value DESC, latest DESC, id_order(text)`
}
