/** A cache of computed answers: one computation per key at a time, and the old answer where a new one fails. */
import { createHmac, randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'

export interface AnswerCacheOptions {
  /** Number of answers. They may have 65,536 characters each on average; the least recently used is evicted first. */
  maxSize: number
  /** The usual time to live, which `info` reports; each answer is given its own. */
  defaultTtlMs: number
  /** Milliseconds, from any beginning. */
  now?: () => number
}

export interface CacheInfo {
  /** Number of answers, those beyond their time to live included. */
  current_size: number
  max_size: number
  ttl_seconds: number
  /** At most 50, the most recently used first; a listener's id is replaced by a hash. */
  keys: string[]
  /** Answers that were in the cache. */
  hits: number
  /** Answers that had to be computed or waited for. */
  misses: number
}

/** Wraps an answer, which may be null or undefined: the library stores neither. */
interface Boxed {
  value: unknown
}

interface Question {
  compute: () => Promise<unknown>
  ttlMs: (value: unknown) => number
}

const MAX_KEYS_SHOWN = 50
/** Characters of an answer, on average; the list of a genre may have a hundred times as many. */
const AVERAGE_SIZE = 65_536
const MIN_TOTAL_SIZE = 2 ** 24
/** The heap, which `npm start` limits to 320 MB, has to hold all answers. */
const MAX_TOTAL_SIZE = 2 ** 25

const LISTENER_PREFIX = 'user:'
/** New in each process, as the cache is. Without it nobody can compare a hash with those of guessed ids. */
const SECRET = randomBytes(32)

/** The key as it is stored and shown: `user:ana` becomes `user:#<hash>`, so that `info` reveals no listener's id. */
function storedKey(key: string): string {
  if (!key.startsWith(LISTENER_PREFIX)) return key
  return `${LISTENER_PREFIX}#${createHmac('sha256', SECRET).update(key).digest('base64url').slice(0, 22)}`
}

export class AnswerCache {
  readonly #answers: LRUCache<string, Boxed, Question>
  /** Separate from the answers, so that a key has one computation even where it was evicted meanwhile. */
  readonly #computing = new Map<string, Promise<Boxed>>()
  readonly #defaultTtlMs: number
  #hits = 0
  #misses = 0

  constructor({ maxSize, defaultTtlMs, now = () => performance.now() }: AnswerCacheOptions) {
    this.#defaultTtlMs = defaultTtlMs
    this.#answers = new LRUCache<string, Boxed, Question>({
      max: maxSize,
      maxSize: Math.min(MAX_TOTAL_SIZE, Math.max(MIN_TOTAL_SIZE, maxSize * AVERAGE_SIZE)),
      sizeCalculation: ({ value }) => sizeOf(value),
      ttl: defaultTtlMs,
      // Reads the clock each time, without a timer.
      ttlResolution: 0,
      // To the library, an instant of 0 means that an answer never expires.
      perf: { now: () => now() + 1 },
      // Expired answers are kept: `peek` returns them, and `get` does where computing fails.
      allowStale: true,
      noDeleteOnFetchRejection: true,
      // Callers that wait for a computation get its answer even where the key was cleared or evicted meanwhile.
      ignoreFetchAbort: true,
      fetchMethod: async (key, _old, { options, context }) => {
        const boxed = await this.#computation(key, context.compute)
        options.ttl = Math.max(1, context.ttlMs(boxed.value))
        return boxed
      },
    })
  }

  /**
   * The answer of a key: the cached one, or a newly computed one, which is cached for `ttlMs` milliseconds (at least 1).
   * Where computing fails, the old answer, however old; without one, throws what `compute` threw.
   */
  get<T>(key: string, ttlMs: number | ((value: T) => number), compute: () => Promise<T>): Promise<T> {
    const question = { compute, ttlMs: typeof ttlMs === 'number' ? () => ttlMs : (ttlMs as Question['ttlMs']) }
    const answer = this.#get(storedKey(key), question) as Promise<T>
    // The caller may have stopped waiting by the time it fails.
    answer.catch(() => {})
    return answer
  }

  /** The cached answer, however old; undefined where there is none. */
  peek<T>(key: string): T | undefined {
    return this.#answers.peek(storedKey(key))?.value as T | undefined
  }

  /** Whether an answer is cached that has not expired. */
  fresh(key: string): boolean {
    return this.#answers.has(storedKey(key))
  }

  info(): CacheInfo {
    const keys: string[] = []
    let size = 0
    this.#answers.forEach((_boxed, key) => {
      if (size++ < MAX_KEYS_SHOWN) keys.push(key)
    })
    return {
      current_size: size,
      max_size: this.#answers.max,
      ttl_seconds: this.#defaultTtlMs / 1000,
      keys,
      hits: this.#hits,
      misses: this.#misses,
    }
  }

  /**
   * Removes one answer, by its key or by the key that `info` shows, or all of them. Callers that wait for a computation get
   * its answer, which is not cached: it may depend on what was removed.
   */
  clear(key?: string): void {
    if (key === undefined) {
      this.#computing.clear()
      this.#answers.clear()
    } else {
      for (const each of [key, storedKey(key)]) {
        this.#computing.delete(each)
        this.#answers.delete(each)
      }
    }
  }

  async #get(key: string, context: Question): Promise<unknown> {
    const old = this.#answers.peek(key)
    const status: LRUCache.Status<string, Boxed, Question> = {}
    const answer = this.#answers.forceFetch(key, { context, status, allowStale: false })
    if (status.fetch === 'hit') this.#hits++
    else this.#misses++
    try {
      return (await answer).value
    } catch (error) {
      if (old === undefined) throw error
      return old.value
    }
  }

  /** The running computation, or a new one. That begins in a later turn, since it may itself call this cache. */
  #computation(key: string, compute: () => Promise<unknown>): Promise<Boxed> {
    const running = this.#computing.get(key)
    if (running) return running
    const computation: Promise<Boxed> = Promise.resolve()
      .then(compute)
      .then(value => ({ value }))
      .finally(() => {
        if (this.#computing.get(key) === computation) this.#computing.delete(key)
      })
    this.#computing.set(key, computation)
    return computation
  }
}

/** About how many characters the value has as JSON. */
function sizeOf(value: unknown): number {
  let size = 1
  const open = [value]
  while (open.length > 0) {
    const at = open.pop()
    size += typeof at === 'string' ? at.length + 2 : 8
    if (typeof at === 'object' && at !== null) for (const field of Object.values(at)) open.push(field)
  }
  return size
}
