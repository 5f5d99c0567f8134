/** How popular albums are with everybody. */
import { albumRef } from '../identity/entity-ref.ts'
import type { Snapshot } from '../storage/figures.ts'

/** The counted plays of these albums over all of time; an album that nobody played is absent. */
export async function albumPlays(reads: Snapshot, albumIds: readonly string[]): Promise<Map<string, number>> {
  const albums = reads.idsOf(albumIds.map(albumRef))
  if (albums.size === 0) return new Map()
  const rows = await reads.rows<{ id: string; plays: number }>(
    `SELECT text AS id, plays
     FROM (
       SELECT album, count(*) AS plays FROM facts
       WHERE measure = 'plays'::measure AND part = 0 AND album IN (SELECT unnest($albums))
       GROUP BY album
     ) JOIN names ON names.id = album`,
    { albums: [...albums.values()] },
  )
  return new Map(rows.map(({ id, plays }) => [id, plays]))
}
