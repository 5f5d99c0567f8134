/** Ranks very many entities of which few are shown, by what counts of them in two windows, in one pass over the facts. */
import { type EntityKind, type EntityRef, entityRef, genreRef } from '../identity/entity-ref.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant } from '../storage/storage.ts'
import type { EligiblePlays } from './eligible-plays.ts'
import type { ExcludedPlays } from './excluded-plays.ts'

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
  /** Eligible plays, or net follows, in the window. */
  count: number
  /** Those of the window before, not below zero. */
  previousCount: number
  /** The entities are in descending order of this: the count, or the score. */
  value: number
  /** The position, from 1, by count in the window before; null where the count was zero then. */
  previousRank: number | null
  /** The counted plays of the window that are not eligible; undefined where there are none, and of artists. */
  excluded: ExcludedPlays | undefined
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
export const ARTISTS = `SELECT id FROM names WHERE kind IN ('artist'::entity_kind, 'name'::entity_kind)`

/** A query for the entities that may be ranked; undefined: all may. */
const ONLY: Record<RankingKind, string | undefined> = { tracks: undefined, albums: undefined, artists: ARTISTS }

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
  eligible: EligiblePlays,
): Promise<Ranked[]> {
  const ref = genre === undefined ? undefined : genreRef(genre)
  const known = ref && reads.idsOf([ref]).get(ref)
  if (ref !== undefined && known === undefined) return []
  const idFilter = known === undefined ? ONLY[kind] : OF_GENRE
  const [before, within] = await excludedOf(reads, kind, windows, eligible)
  const sql = rankingSql(COUNTED[kind], isRising ? RISING_SCORE : 'count', idFilter)
  const rows = await reads.rows<Row>(sql, {
    ...windows,
    limit,
    ...(known !== undefined && { genre: known }),
    excluded: listed(within),
    excludedBefore: listed(before),
  })
  return rows.map(({ kind, text, ...row }) => ({
    ...row,
    entity: entityRef(kind, text),
    excluded: within.get(row.id),
  }))
}

type Row = Omit<Ranked, 'entity' | 'excluded'> & { kind: EntityKind; text: string }

type Excluded = ReadonlyMap<number, ExcludedPlays>

/** What is excluded in the window before and in the window. */
async function excludedOf(
  reads: Snapshot,
  kind: RankingKind,
  { start, from, until }: Windows,
  eligible: EligiblePlays,
): Promise<[Excluded, Excluded]> {
  if (kind === 'artists') return [new Map(), new Map()]
  const [before, within] = await eligible.excludedIn(reads, kind, [
    { from: start, to: from },
    { from, to: until },
  ])
  return [before!, within!]
}

/** Pairs of an entity and what is excluded of it, as one text: a list is bound as that. */
function listed(excluded: Excluded): string {
  return JSON.stringify(
    [...excluded.values()].map(({ id, listenerLimit, anonymousLimit }) => [id, listenerLimit + anonymousLimit]),
  )
}

/**
 * The statement of `ranking`. Ids, whose comparison is slow, are compared only where value and latest event are equal.
 * @param idFilter a query that gives the numbers of the entities that may be ranked; undefined: all may.
 */
function rankingSql({ rows, sum }: Counted, value: string, idFilter: string | undefined): string {
  return `
WITH excluded AS MATERIALIZED (${pairs('$excluded')}),
excluded_before AS MATERIALIZED (${pairs('$excludedBefore')}),
tallied AS (
  SELECT id,
    greatest(${sum} FILTER (instant >= $from), 0)::BIGINT AS within,
    greatest(${sum} FILTER (instant < $from), 0)::BIGINT AS earlier,
    max(instant) FILTER (instant >= $from) AS latest,
    max(instant) FILTER (instant < $from) AS latest_before
  FROM (${rows})
  WHERE instant >= $start AND instant < $until
  GROUP BY id
),
counted AS MATERIALIZED (
  SELECT id, within - coalesce(excluded.plays, 0) AS count, earlier - coalesce(excluded_before.plays, 0) AS before,
    latest, latest_before
  FROM tallied LEFT JOIN excluded USING (id) LEFT JOIN excluded_before USING (id)
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

/** A list of pairs as rows. */
const pairs = (list: string): string =>
  `SELECT pair[1]::INTEGER AS id, pair[2] AS plays FROM (SELECT unnest(${list}::BIGINT[][]) AS pair)`
