/** The artists with most follows and plays of all listeners. */
import { labelsOf } from '../attribution/attribution.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant } from '../storage/storage.ts'
import { DAY_MS } from '../units.ts'

/** Passes between threads by structured clone. */
export interface PopularArtist {
  id: string
  name: string | null
  /** Net follows, or counted plays; above zero. */
  count: number
  countOf: 'follows' | 'plays'
}

const YEAR_MS = 365 * DAY_MS
/** The first and the last instant of a `Date`. */
const ALL_TIME = { from: -8.64e15, to: 8.64e15 }

/**
 * At most `limit` artists: first those with net follows, most follows first (ties as in the rankings), then the others, most
 * plays first (ties: the smaller id). Names that belong to no artist are left out.
 * @param now counts the 365 days up to this instant; null: all time.
 */
export async function popularArtists(reads: Snapshot, now: Instant | null, limit: number): Promise<PopularArtist[]> {
  const window = now === null ? ALL_TIME : { from: now + 1 - YEAR_MS, to: now }
  const rows = await reads.rows<Omit<PopularArtist, 'name'> & { artist: number }>(POPULAR, { ...window, limit })
  const labels = await labelsOf(
    reads,
    rows.map(({ artist }) => artist),
  )
  return rows.map(({ artist, id, count, countOf }) => ({ id, name: labels.get(artist) ?? null, count, countOf }))
}

/** Sums by attribution key first, of which there are few. Only artists of equal rank are ordered by id, since that is slow. */
const POPULAR = `
  WITH keys AS (
    SELECT key,
      sum(counts) FILTER (measure = 'follows'::measure) AS follows,
      max(instant) FILTER (measure = 'follows'::measure) AS followed,
      count(*) FILTER (measure = 'plays'::measure) AS plays
    FROM facts WHERE instant >= $from AND instant <= $to
    GROUP BY key
  ),
  artists AS (
    SELECT coalesce(owner, key) AS artist, coalesce(sum(follows), 0) AS follows, max(followed) AS followed, sum(plays) AS plays
    FROM keys LEFT JOIN attribution USING (key)
    GROUP BY artist
  ),
  liked AS (
    SELECT artist, follows > 0 AS is_followed,
      CASE WHEN is_followed THEN follows ELSE plays END::BIGINT AS count,
      CASE WHEN is_followed THEN followed END AS latest
    FROM artists
    WHERE count > 0 AND artist IN (SELECT id FROM names WHERE kind = 'artist'::entity_kind)
  ),
  best AS (
    SELECT *, rank() OVER (ORDER BY is_followed DESC, count DESC, latest DESC) AS rank FROM liked QUALIFY rank <= $limit
  )
  SELECT artist, text AS id, count, CASE WHEN is_followed THEN 'follows' ELSE 'plays' END AS "countOf"
  FROM best JOIN names ON names.id = artist
  ORDER BY rank, id_order(text)
  LIMIT $limit`
