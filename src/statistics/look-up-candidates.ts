/** Which albums the catalogue should be asked about. */
import type { Snapshot } from '../storage/figures.ts'
import type { Interval } from '../storage/storage.ts'

/**
 * Ids of albums that events mention, at most `limit`: first those that the catalogue was never asked about, those bound to
 * nobody before the others, each most active first; then those asked last outside `fresh`, the longest ago first: what
 * was answered in the future was so by a clock that has been set right since.
 * Active is an album by plays of its tracks, and by likes and purchases that were credited to itself.
 */
export async function lookUpCandidates(reads: Snapshot, limit: number, fresh: Interval): Promise<string[]> {
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
     -- Ids are compared only among those that are level otherwise: it takes long.
     first AS (
       SELECT album, rank() OVER (ORDER BY asked_at NULLS FIRST, is_bound, events DESC) AS rank FROM albums
       QUALIFY rank <= $limit
     )
     SELECT text AS id FROM first JOIN names ON names.id = album ORDER BY rank, id_order(text) LIMIT $limit`,
    { limit, ...fresh },
  )
  return rows.map(({ id }) => id)
}
