/** Unlisted artists: ids that have the form of an artist's `_id`, and no catalogue record. */
import { mayBeOtherId } from '../catalogue/catalogue-record.ts'
import { artistRef } from '../identity/entity-ref.ts'
import type { Snapshot } from '../storage/figures.ts'

/** The unlisted ones of these ids. */
export async function unlistedOf(reads: Snapshot, artistIds: readonly string[]): Promise<string[]> {
  const ids = artistIds.filter(mayBeOtherId)
  const numbers = reads.idsOf(ids.map(artistRef))
  const rows = await reads.rows<{ entity: number }>(
    'SELECT entity FROM catalogue WHERE entity IN (SELECT unnest($entities))',
    { entities: [...numbers.values()] },
  )
  const recorded = new Set(rows.map(({ entity }) => entity))
  return ids.filter(id => !recorded.has(numbers.get(artistRef(id)) ?? NaN))
}

/** Unlisted artists with facts, at most `limit`, those with the latest event first: older ones were looked for before. */
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
