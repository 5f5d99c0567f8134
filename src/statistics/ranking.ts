/** Ranking very many entities of which few are shown: the counts of two windows, in one pass over the facts. */
import type { Snapshot } from '../storage/figures.ts'
import type { Instant } from '../storage/storage.ts'

export type RankingKind = 'tracks' | 'albums' | 'artists'

export interface RankingQuestion {
  kind: RankingKind
  /** Folded; of tracks only. */
  genre?: string | undefined
  /** By how surely something rises, not by its count. */
  isRising: boolean
  limit: number
}

/** The window from `from` to `until` (excluded), and the one before it, from `start`. */
export interface Windows {
  start: Instant
  from: Instant
  until: Instant
}

/** A place in a ranking; the best is the first. */
export interface Ranked {
  id: number
  /** Such as `track:<key>`. */
  entity: string
  /** Plays or net follows in the window. */
  count: number
  /** Those of the window before, not below zero. */
  previousCount: number
  /** What is ranked by: the count, or the score. */
  value: number
  /** The position by count in the window before; null for what was not there. */
  previousRank: number | null
}

/** In events. */
export const SHRINKAGE = 10

/** What is counted, and how it is summed up: a play is always one, a follow may be taken back. */
interface Counted {
  rows: string
  sum: string
}

/** Of several credits of one play the first stands for all. */
const COUNTED: Record<RankingKind, Counted> = {
  tracks: {
    rows: `SELECT track AS id, instant FROM facts
           WHERE measure = 'plays'::measure AND part = 0 AND track IS NOT NULL`,
    sum: 'count(*)',
  },
  albums: {
    rows: `SELECT album AS id, instant FROM facts
           WHERE measure = 'plays'::measure AND part = 0 AND album IS NOT NULL`,
    sum: 'count(*)',
  },
  artists: {
    rows: `SELECT coalesce(owner, key) AS id, counts, instant FROM facts LEFT JOIN attribution USING (key)
           WHERE measure = 'follows'::measure`,
    sum: 'sum(counts)',
  },
}

/**
 * How surely something rises: the score statistic of the test that two Poisson counts over equal times have one rate,
 * (x - y) / sqrt(x + y) (Gu et al. 2008, 'Testing the ratio of two Poisson rates'), shrunk by ten events in the root,
 * so that from 0 to 1 (0.3) is less than from 40 to 60 (1.9).
 */
const RISING_SCORE = `(count - before) / sqrt(count + before + ${SHRINKAGE})`

/** Artists, and names that belong to none; albums of nobody and what names nobody are no artists. */
const ARTISTS = `SELECT id FROM names WHERE kind IN ('artist'::entity_kind, 'name'::entity_kind)`

/**
 * The counted tracks of a genre, by the rule of `genresOf`. First what can be: tracks that the genre was said of, or with
 * an album that it was said of; the rule is applied to few of all tracks.
 */
const OF_GENRE = `
  WITH said AS (
    SELECT source AS id FROM associations WHERE target = $genre UNION SELECT entity FROM catalogue WHERE genre = $genre
  ),
  candidates AS MATERIALIZED (
    SELECT id FROM counted WHERE id IN (
      FROM said UNION SELECT source FROM associations WHERE kind = 'album'::entity_kind AND target IN (FROM said)
    )
  ),
  releases AS MATERIALIZED (
    SELECT id, coalesce(target, id) AS release
    FROM candidates LEFT JOIN best_of((SELECT list(id) FROM candidates), 'album') ON source = id
  )
  SELECT id FROM releases
  LEFT JOIN catalogue ON entity = release
  LEFT JOIN best_of((SELECT list(id) FROM candidates), 'genre') AS own ON own.source = id
  LEFT JOIN best_of((SELECT list(DISTINCT release) FROM releases), 'genre') AS of_release ON of_release.source = release
  WHERE coalesce(genre, own.target, of_release.target) = $genre`

/**
 * The best of a kind, best first; nothing at or below zero. Ties: the most recent counted event of the window first, then
 * the smaller id. Their ranks in the window before are by its counts, with ties alike.
 */
export async function ranking(
  reads: Snapshot,
  { kind, genre, isRising, limit }: RankingQuestion,
  windows: Windows,
): Promise<Ranked[]> {
  const value = isRising ? RISING_SCORE : 'count'
  if (genre === undefined) {
    const among = kind === 'artists' ? ARTISTS : undefined
    return reads.rows(rankingSql(COUNTED[kind], value, among), { ...windows, limit })
  }
  const known = reads.idsOf([`genre:${genre}`]).get(`genre:${genre}`)
  if (known === undefined) return []
  return reads.rows(rankingSql(COUNTED[kind], value, OF_GENRE), { ...windows, limit, genre: known })
}

/** Ids are compared only among those that are level otherwise: it takes long. */
function rankingSql({ rows, sum }: Counted, value: string, among: string | undefined): string {
  return `
WITH counted AS MATERIALIZED (
  SELECT id,
    greatest(${sum} FILTER (instant >= $from), 0)::BIGINT AS count,
    greatest(${sum} FILTER (instant < $from), 0)::BIGINT AS before,
    max(instant) FILTER (instant >= $from) AS latest,
    max(instant) FILTER (instant < $from) AS latest_before
  FROM (${rows})
  WHERE instant >= $start AND instant < $until
  GROUP BY id
),
listed AS MATERIALIZED (
  SELECT *, ${value} AS value FROM counted ${among === undefined ? '' : `WHERE id IN (${among})`}
),
best AS MATERIALIZED (
  FROM (FROM listed WHERE value > 0 QUALIFY rank() OVER (ORDER BY value DESC, latest DESC) <= $limit)
  JOIN names USING (id)
  ORDER BY value DESC, latest DESC, id_order(text), kind
  LIMIT $limit
),
earlier AS MATERIALIZED (
  SELECT id, rank() OVER (ORDER BY before DESC, latest_before DESC) AS rank
  FROM listed WHERE before >= (SELECT min(before) FROM best WHERE before > 0)
),
earlier_places AS (
  SELECT id, rank - 1 + row_number() OVER (PARTITION BY rank ORDER BY id_order(text), kind) AS place
  FROM earlier JOIN names USING (id)
  WHERE rank IN (SELECT rank FROM earlier JOIN best USING (id))
)
SELECT id, kind || ':' || text AS entity, count, before AS "previousCount", value, place AS "previousRank"
FROM best LEFT JOIN earlier_places USING (id)
ORDER BY value DESC, latest DESC, id_order(text), kind`
}
