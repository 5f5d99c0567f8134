/** The albums about which the catalogue should be asked next. */
import type { Snapshot } from '../storage/figures.ts'
import type { Interval } from '../storage/storage.ts'

/**
 * Ids of albums that events name, at most `limit`. First those that the catalogue was never asked about: of them, albums
 * bound to no artist come before the others. Then those that it was last asked about outside `fresh`, the longest ago first;
 * a time after `fresh` comes from a clock that was wrong. Ties: the most events first, which are plays of the album's
 * tracks, and likes and purchases credited to the album itself; then the smaller id.
 */
export async function refreshCandidates(reads: Snapshot, limit: number, fresh: Interval): Promise<string[]> {
  const rows = await reads.rows<{ id: string }>(
    `WITH activity AS (
       SELECT album, sum(counts) FILTER (measure <> 'follows'::measure) AS events FROM facts
       WHERE album IS NOT NULL AND part = 0 AND (measure = 'plays'::measure OR key = album)
       GROUP BY album
     ),
     albums AS (
       SELECT album, asked_at, asked_at IS NULL AND owner.kind = 'artist'::entity_kind AS is_bound, coalesce(events, 0) AS events
       FROM activity
       LEFT JOIN catalogue ON entity = album
       LEFT JOIN attribution ON key = album
       LEFT JOIN names AS owner ON owner.id = attribution.owner
       WHERE asked_at IS NULL OR asked_at < $from OR asked_at >= $to
     ),
     -- Ids, whose comparison is slow, are compared only where all else is equal.
     first AS (
       SELECT album, rank() OVER (ORDER BY asked_at NULLS FIRST, is_bound, events DESC) AS rank FROM albums
       QUALIFY rank <= $limit
     )
     SELECT text AS id FROM first JOIN names ON names.id = album ORDER BY rank, id_order(text) LIMIT $limit`,
    { limit, ...fresh },
  )
  return rows.map(({ id }) => id)
}
