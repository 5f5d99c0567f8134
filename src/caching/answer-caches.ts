/** The two caches of the service, which share one limit: keys that clients make up can't evict what everybody needs. */
import { AnswerCache, type CacheInfo } from './answer-cache.ts'

/** The share of the limit that is for keys that clients choose. */
const CLIENT_SHARE = 1 / 4
/** A smaller limit is not divided. */
const MIN_DIVISIBLE = 4

export class AnswerCaches {
  /** Keys that the data limits: rankings, the catalogue's albums and artists, and genres that it has albums of. */
  readonly main: AnswerCache
  /** Keys that clients choose, whether or not the entity exists: listeners, and genres that are not in `main`. */
  readonly clientKeyed: AnswerCache
  readonly #all: readonly AnswerCache[]

  /** As of `AnswerCache`; `maxSize` is for both together. */
  constructor({ maxSize, ...options }: { maxSize: number; defaultTtlMs: number; now?: () => number }) {
    const forClients = maxSize < MIN_DIVISIBLE ? 0 : Math.floor(maxSize * CLIENT_SHARE)
    this.main = new AnswerCache({ maxSize: maxSize - forClients, ...options })
    this.clientKeyed = forClients === 0 ? this.main : new AnswerCache({ maxSize: forClients, ...options })
    this.#all = [...new Set([this.main, this.clientKeyed])]
  }

  /** Both as one; the keys of `main` come first. */
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

  /** As `AnswerCache.clear`, in both. */
  clear(key?: string): void {
    for (const cache of this.#all) cache.clear(key)
  }
}
