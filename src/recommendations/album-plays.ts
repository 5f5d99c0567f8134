/** Plays of albums by all listeners. */
import type { Snapshot } from '../storage/figures.ts'

/** The counted plays of each of the albums, of all time; an album without plays is absent. */
export async function albumPlays(reads: Snapshot, albumIds: readonly string[]): Promise<Map<string, number>> {
  const albums = reads.idsOf(albumIds.map(id => `album:${id}`))
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
