/**
 * Sources that were ever named with one artist and with one name at the most. However often they are named with them
 * again, their owner stays: most events need not ask for it. Of an album that 1,000 events name with one artist, the first
 * event asks.
 */
import { LRUCache } from 'lru-cache'
import type { Reading } from './reading.ts'

const KEPT = 100_000

export class UnambiguousKeys {
  #targets = new LRUCache<number, readonly number[]>({ max: KEPT })

  /** Whether events that name the source with these artists and names leave its owner as it is. */
  has(source: number, targets: readonly number[]): boolean {
    const known = this.#targets.get(source)
    return known !== undefined && targets.every(target => known.includes(target))
  }

  /** Looks which of the sources are settled, to be called once their associations are committed. */
  async learn(reading: Reading, sources: readonly number[]): Promise<void> {
    const rows = await reading.rows<{ source: number; targets: string }>(
      `SELECT source, string_agg(target, ',') AS targets
       FROM (
         SELECT source, kind, any_value(target) AS target, count(DISTINCT target) AS targets FROM associations
         WHERE source IN (SELECT unnest($sources)) AND kind IN ('artist'::entity_kind, 'name'::entity_kind)
         GROUP BY source, kind
       )
       GROUP BY source HAVING max(targets) = 1`,
      { sources },
    )
    // What was settled may be so no longer.
    for (const source of sources) this.#targets.delete(source)
    for (const { source, targets } of rows) this.#targets.set(source, targets.split(',').map(Number))
  }
}
