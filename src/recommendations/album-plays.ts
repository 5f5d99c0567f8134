/** How popular albums are with everybody. */
import { ALBUM_PLAYS } from '../projections/entity-counts.ts'
import type { Reads } from '../storage/storage.ts'

/** The counted plays of these albums over all of time; an album that nobody played is absent. */
export async function albumPlays(reads: Reads, albumIds: readonly string[]): Promise<Map<string, number>> {
  const ids = [...new Set(albumIds)]
  // Rows of a few keys: totals would read the plays of every album there is.
  const rows = await reads.rows(
    ALBUM_PLAYS.name,
    ids.map(id => `album:${id}`),
  )
  const plays = ids.map((id, i): [string, number] => [id, rows[i]?.get('plays') ?? 0])
  return new Map(plays.filter(([, count]) => count > 0))
}
