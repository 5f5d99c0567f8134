/** The artists whom everybody likes: what is recommended where nothing is known of a listener. */
import { labelsOf } from '../attribution/attribution.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant } from '../storage/storage.ts'
import { DAY_MS } from '../units.ts'

/** Survives a structured clone. */
export interface PopularArtist {
  id: string
  name: string | null
  /** Net follows, or counted plays; above zero. */
  count: number
  countOf: 'follows' | 'plays'
}

const YEAR_MS = 365 * DAY_MS
/** The first and the last instant that there is. */
const ALWAYS = { from: -8.64e15, to: 8.64e15 }

/**
 * At most `limit` artists: first those with most net follows (ties as in the rankings), then those without who were
 * played most (ties: the smaller id). Only who has an id can be recommended: names bound to no artist are left out.
 * @param now the last 365 days up to this instant; null: all of time.
 */
export async function popularArtists(reads: Snapshot, now: Instant | null, limit: number): Promise<PopularArtist[]> {
  const window = now === null ? ALWAYS : { from: now + 1 - YEAR_MS, to: now }
  const rows = await reads.rows<Omit<PopularArtist, 'name'> & { artist: number }>(POPULAR, { ...window, limit })
  const labels = await labelsOf(
    reads,
    rows.map(({ artist }) => artist),
  )
  return rows.map(({ artist, id, count, countOf }) => ({ id, name: labels.get(artist) ?? null, count, countOf }))
}

/** First by key, of which there are few; ids are compared only among those that are level otherwise: it takes long. */
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
