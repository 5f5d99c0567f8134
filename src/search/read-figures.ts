/** What the search index has to know of entities, as one state of the figures has it. */
import { labelsOf } from '../attribution/attribution.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Description, Plays } from './index-file.ts'

const SEARCHED = `kind IN ('artist'::entity_kind, 'name'::entity_kind, 'album'::entity_kind, 'track'::entity_kind)`

/** The numbers of entities that can be found, in (after, upTo], the smallest first. */
export async function entitiesAfter(
  reads: Snapshot,
  { after, upTo, limit }: { after: number; upTo: number; limit: number },
): Promise<number[]> {
  const rows = await reads.rows<{ id: number }>(
    `SELECT id FROM names WHERE id > $after AND id <= $upTo AND ${SEARCHED} ORDER BY id LIMIT $limit`,
    { after, upTo, limit },
  )
  return rows.map(({ id }) => id)
}

/** Those of the entities that can be found. A track that no event names with an album is in the catalogue's. */
export async function descriptionsOf(reads: Snapshot, ids: readonly number[]): Promise<Description[]> {
  if (ids.length === 0) return []
  const labels = await labelsOf(reads, ids)
  const rows = await reads.rows<Omit<Description, 'label'>>(
    `WITH listed AS (
       SELECT track, arg_min(album, id_order(text)) AS album
       FROM catalogue_tracks JOIN names ON names.id = album WHERE track IN (SELECT unnest($ids)) GROUP BY track
     )
     SELECT names.id, names.kind, text AS ref, coalesce(of_albums.target, listed.album) AS album,
       coalesce(of_artists.target, of_names.target) AS named, coalesce(owner, names.id) AS owner
     FROM names
     LEFT JOIN best_of($ids, 'album') AS of_albums ON of_albums.source = names.id
     LEFT JOIN best_of($ids, 'artist') AS of_artists ON of_artists.source = names.id
     LEFT JOIN best_of($ids, 'name') AS of_names ON of_names.source = names.id
     LEFT JOIN listed ON listed.track = names.id
     LEFT JOIN attribution ON attribution.key = names.id
     WHERE names.id IN (SELECT unnest($ids)) AND names.${SEARCHED}`,
    { ids },
  )
  return rows.map(row => ({ ...row, label: labels.get(row.id) ?? null }))
}

/** The counted plays of the entries (after, upTo] of the log, of entities with the numbers [from, to]. */
export function playsIn(
  reads: Snapshot,
  range: { after: number; upTo: number; from: number; to: number },
): Promise<Plays[]> {
  const plays = (column: 'key' | 'track' | 'album') => `
    SELECT ${column} AS id, ${column === 'key' ? 'sum(counts), 0' : '0, sum(counts)'} FROM facts
    WHERE measure = 'plays'::measure AND seq > $after AND seq <= $upTo
      AND ${column} >= $from AND ${column} <= $to ${column === 'key' ? '' : 'AND part = 0'}
    GROUP BY ${column}`
  return reads.rows<Plays>(
    `WITH summed(id, own, plays) AS (${plays('key')} UNION ALL ${plays('track')} UNION ALL ${plays('album')})
     SELECT id, sum(own)::BIGINT AS own, sum(plays)::BIGINT AS plays FROM summed GROUP BY id`,
    range,
  )
}
