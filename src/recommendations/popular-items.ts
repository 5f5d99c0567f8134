/** Items of a kind by the plays of all listeners, and those that only the catalogue knows: what lists end with. */

import { entityRef } from '../identity/entity-ref.ts'
import { type Described, describe, type Keyed } from '../statistics/describe.ts'
import type { Snapshot } from '../storage/figures.ts'
import { ITEM_FACTS } from './item-facts.ts'
import type { ItemKind } from './item-kind.ts'

/** Passes between threads by structured clone. */
export interface PopularItem {
  row: Keyed & Described
  /** Counted plays of all time; 0 where nobody has played it. */
  plays: number
}

/** What the catalogue lists of each kind; an artist whom it no longer lists has no name. */
const CATALOGUED: Record<ItemKind, string> = {
  artist: `SELECT entity AS item FROM catalogue WHERE kind = 'artist'::record_kind AND label IS NOT NULL`,
  album: `SELECT entity AS item FROM catalogue WHERE kind = 'album'::record_kind`,
  track: 'SELECT DISTINCT track AS item FROM catalogue_tracks',
}

/** Only items of equal rank are ordered by id, since that is slow. */
const popularOf = (kind: ItemKind) => `
  WITH sums AS (
    SELECT item, count(*) FILTER (measure = 'plays'::measure) AS plays FROM (${ITEM_FACTS[kind]}) GROUP BY item
  ),
  items AS (
    SELECT item, coalesce(plays, 0) AS plays FROM sums FULL JOIN (${CATALOGUED[kind]}) USING (item)
    WHERE item IN (SELECT id FROM names WHERE kind = '${kind}'::entity_kind)
  ),
  best AS (SELECT *, rank() OVER (ORDER BY plays DESC) AS rank FROM items QUALIFY rank <= $limit)
  SELECT item AS id, text, plays::BIGINT AS plays FROM best JOIN names ON names.id = item
  ORDER BY rank, id_order(text)
  LIMIT $limit`

/** At most `limit` items, the most played first, ties by id. */
export async function popularItems(reads: Snapshot, kind: ItemKind, limit: number): Promise<PopularItem[]> {
  const found = await reads.rows<{ id: number; text: string; plays: number }>(popularOf(kind), { limit })
  const entities = found.map(({ id, text }) => {
    const entity = entityRef(kind, text)
    return { id, entity, row: { key: kind === 'artist' ? entity : text, enriched: false } }
  })
  const rows = await describe(reads, `${kind}s`, entities)
  return rows.map((row, i) => ({ row, plays: found[i]!.plays }))
}
