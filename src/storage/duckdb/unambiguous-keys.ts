/**
 * A cache of attribution keys that are associated with at most one artist and at most one name. Further events with the same
 * associations cannot change the owner of such a key, so it need not be resolved again. Of 1,000 events that name an album
 * with one artist, only the first one resolves its owner.
 */
import { LRUCache } from 'lru-cache'
import type { Reading } from './reading.ts'

const MAX_KEYS = 100_000

export class UnambiguousKeys {
  /** The artists and names that each key is associated with. */
  #targets = new LRUCache<number, readonly number[]>({ max: MAX_KEYS })

  /** Whether the key is unambiguous, and stays so when events associate it with these artists and names. */
  has(key: number, targets: readonly number[]): boolean {
    const known = this.#targets.get(key)
    return known !== undefined && targets.every(target => known.includes(target))
  }

  /** Finds out which of the keys are unambiguous now. To be called once their associations are committed. */
  async update(reading: Reading, keys: readonly number[]): Promise<void> {
    const rows = await reading.rows<{ key: number; targets: string }>(
      `SELECT source AS key, string_agg(target, ',') AS targets
       FROM (
         SELECT source, kind, any_value(target) AS target, count(DISTINCT target) AS targets FROM associations
         WHERE source IN (SELECT unnest($keys)) AND kind IN ('artist'::entity_kind, 'name'::entity_kind)
         GROUP BY source, kind
       )
       GROUP BY source HAVING max(targets) = 1`,
      { keys },
    )
    for (const key of keys) this.#targets.delete(key)
    for (const { key, targets } of rows) this.#targets.set(key, targets.split(',').map(Number))
  }
}
