/** Ranks very many entities of which few are shown, by their counts in two windows, in one pass over the facts. */
import { type EntityKind, type EntityRef, entityRef, genreRef } from '../identity/entity-ref.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant } from '../storage/storage.ts'

export type RankingKind = 'tracks' | 'albums' | 'artists'

export interface RankingQuestion {
  kind: RankingKind
  /** A musical genre, compared without case; of tracks only. */
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

/** An entity in a ranking; the best is the first. */
export interface Ranked {
  /** The number of `entity`. */
  id: number
  entity: EntityRef
  /** Plays or net follows in the window. */
  count: number
  /** Those of the window before, not below zero. */
  previousCount: number
  /** The entities are in descending order of this: the count, or the score. */
  value: number
  /** The position, from 1, by count in the window before; null where the count was zero then. */
  previousRank: number | null
}

/** How many events `RISING_SCORE` adds in its root. */
export const SHRINKAGE = 10

/** The facts that are counted, and how: each play is one, while a follow may be taken back. */
interface Counted {
  rows: string
  sum: string
}

/** Of a play with several artists, which has several facts, only the one of part 0 is counted. */
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
export const RISING_SCORE = `(count - before) / sqrt(count + before + ${SHRINKAGE})`

/** Artists, and names that are bound to no artist. Facts may also belong to an album without an artist, or to `none`. */
const ARTISTS = `SELECT id FROM names WHERE kind IN ('artist'::entity_kind, 'name'::entity_kind)`

/**
 * The counted tracks of a genre, by the rule of `genresOf`. That rule is slow, so it is applied to candidates alone: tracks
 * that any event or record names with the genre, or whose album one does.
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
 * the smaller id. Positions in the window before are by the counts of that window, with the same rule for ties.
 */
export async function ranking(
  reads: Snapshot,
  { kind, genre, isRising, limit }: RankingQuestion,
  windows: Windows,
): Promise<Ranked[]> {
  const value = isRising ? RISING_SCORE : 'count'
  if (genre === undefined) {
    const idFilter = kind === 'artists' ? ARTISTS : undefined
    return rankedRows(reads, rankingSql(COUNTED[kind], value, idFilter), { ...windows, limit })
  }
  const ref = genreRef(genre)
  const known = reads.idsOf([ref]).get(ref)
  if (known === undefined) return []
  return rankedRows(reads, rankingSql(COUNTED[kind], value, OF_GENRE), { ...windows, limit, genre: known })
}

type Row = Omit<Ranked, 'entity'> & { kind: EntityKind; text: string }

async function rankedRows(reads: Snapshot, sql: string, parameters: Record<string, number>): Promise<Ranked[]> {
  const rows = await reads.rows<Row>(sql, parameters)
  return rows.map(({ kind, text, ...row }) => ({ ...row, entity: entityRef(kind, text) }))
}

/**
 * The statement of `rankedRows`. Ids, whose comparison is slow, are compared only where value and latest event are equal.
 * @param idFilter a query that gives the numbers of the entities that may be ranked; undefined: all may.
 */
function rankingSql({ rows, sum }: Counted, value: string, idFilter: string | undefined): string {
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
  SELECT *, ${value} AS value FROM counted ${idFilter === undefined ? '' : `WHERE id IN (${idFilter})`}
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
earlier_positions AS (
  SELECT id, rank - 1 + row_number() OVER (PARTITION BY rank ORDER BY id_order(text), kind) AS previous_rank
  FROM earlier JOIN names USING (id)
  WHERE rank IN (SELECT rank FROM earlier JOIN best USING (id))
)
SELECT id, kind, text, count, before AS "previousCount", value, previous_rank AS "previousRank"
FROM best LEFT JOIN earlier_positions USING (id)
ORDER BY value DESC, latest DESC, id_order(text), kind`
}
