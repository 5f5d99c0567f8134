/**
 * Ids that look like an artist's `_id` of whom the catalogue has told nothing. Whose they are only the list of artists
 * says: under such an id alone the catalogue answers nothing.
 */
import { mayBeOtherId } from '../catalogue/catalogue-record.ts'
import type { Snapshot } from '../storage/figures.ts'

/** Those of the ids. */
export async function unlistedAmong(reads: Snapshot, artistIds: readonly string[]): Promise<string[]> {
  const ids = artistIds.filter(mayBeOtherId)
  const numbers = reads.idsOf(ids.map(id => `artist:${id}`))
  const rows = await reads.rows<{ entity: number }>(
    'SELECT entity FROM catalogue WHERE entity IN (SELECT unnest($entities))',
    { entities: [...numbers.values()] },
  )
  const told = new Set(rows.map(({ entity }) => entity))
  return ids.filter(id => !told.has(numbers.get(`artist:${id}`) ?? NaN))
}

/** Those for whom something was counted, at most `limit`, the latest first: older ones have been looked for before. */
export async function unlistedArtists(reads: Snapshot, limit: number): Promise<string[]> {
  const rows = await reads.rows<{ id: string }>(
    `WITH unlisted AS MATERIALIZED (
       SELECT id, text FROM names
       WHERE kind = 'artist'::entity_kind AND length(text) = 24 AND regexp_full_match(text, '[0-9a-fA-F]{24}')
         AND id NOT IN (SELECT entity FROM catalogue)
     )
     SELECT text AS id
     FROM (SELECT key, max(instant) AS latest FROM facts WHERE key IN (SELECT id FROM unlisted) GROUP BY key)
     JOIN unlisted ON unlisted.id = key
     ORDER BY latest DESC, id
     LIMIT $limit`,
    { limit },
  )
  return rows.map(({ id }) => id)
}
