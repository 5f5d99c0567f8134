/** Of which item of a kind a fact is. */
import type { ItemKind } from './item-kind.ts'

/**
 * SQL for the facts with the column `item`, the number of the entity that can be recommended. An event may give several
 * credits: the first one (part 0) stands for its track or album, and each counts for its own artist. `item` is no artist where
 * a fact belongs to none, and NULL where it names no album or track.
 */
export const ITEM_FACTS: Record<ItemKind, string> = {
  artist:
    'SELECT facts.*, coalesce(owner, facts.key) AS item FROM facts LEFT JOIN attribution ON attribution.key = facts.key',
  album: 'SELECT *, album AS item FROM facts WHERE part = 0',
  track: 'SELECT *, track AS item FROM facts WHERE part = 0',
}
