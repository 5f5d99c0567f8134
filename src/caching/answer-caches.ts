/** The answers that the service keeps: what clients make up can't push out what everybody needs. */
import { AnswerCache, type CacheInfo } from './answer-cache.ts'

/** The part of all places that is for what clients ask by texts of their own. */
const ASKED_PART = 1 / 4
/** So few can't be divided. */
const FEW = 4

export class AnswerCaches {
  /** Of what there is: rankings, the catalogue's albums and artists, and the genres that it has albums of. */
  readonly lasting: AnswerCache
  /** Of what clients name, whether or not there is such a thing: listeners, and genres otherwise. */
  readonly asked: AnswerCache
  readonly #all: readonly AnswerCache[]

  /** As of `AnswerCache`; `maxSize` is for both together. */
  constructor({ maxSize, ...options }: { maxSize: number; defaultTtlMs: number; now?: () => number }) {
    const places = maxSize < FEW ? 0 : Math.floor(maxSize * ASKED_PART)
    this.lasting = new AnswerCache({ maxSize: maxSize - places, ...options })
    this.asked = places === 0 ? this.lasting : new AnswerCache({ maxSize: places, ...options })
    this.#all = [...new Set([this.lasting, this.asked])]
  }

  /** Both as one. Of the keys, those of what lasts come first. */
  info(): CacheInfo {
    const [first, ...others] = this.#all.map(cache => cache.info()) as [CacheInfo, ...CacheInfo[]]
    return others.reduce(
      (sum, info) => ({
        current_size: sum.current_size + info.current_size,
        max_size: sum.max_size + info.max_size,
        ttl_seconds: sum.ttl_seconds,
        keys: [...sum.keys, ...info.keys].slice(0, 50),
        hits: sum.hits + info.hits,
        misses: sum.misses + info.misses,
      }),
      first,
    )
  }

  /** As `AnswerCache.clear`. */
  clear(key?: string): void {
    for (const cache of this.#all) cache.clear(key)
  }
}
