/** Computed answers, kept for a while: one computation per key at a time, and the old answer where a new one fails. */
import { createHmac, randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'

export interface AnswerCacheOptions {
  /** Answers, of 65,536 characters each on average at most; the least recently used leave first. */
  maxSize: number
  /** What `info` reports as the usual time to live. */
  defaultTtlMs: number
  /** Milliseconds, from any beginning. */
  now?: () => number
}

export interface CacheInfo {
  /** Answers held, those beyond their time included. */
  current_size: number
  max_size: number
  ttl_seconds: number
  /** At most 50, the most recently used first; a listener's has a hash in place of the id. */
  keys: string[]
  /** Answers given at once. */
  hits: number
  /** Answers that had to be computed or waited for. */
  misses: number
}

/** An answer in its box: the cache itself holds neither null nor undefined. */
interface Boxed {
  value: unknown
}

interface Question {
  compute: () => Promise<unknown>
  ttlMs: (value: unknown) => number
}

const MAX_KEYS_SHOWN = 50
/** So large are answers on average at most, in characters: the list of a genre may have a hundred times as many. */
const AVERAGE_SIZE = 65_536
const LEAST_SIZE = 2 ** 24
/** However many are kept: the heap, which `npm start` limits to 320 MB, has to hold them. */
const LARGEST_SIZE = 2 ** 25

const LISTENER = 'user:'
/** New with each process, as the cache is: without it, a hash can't be compared with those of guessed ids. */
const SECRET = randomBytes(32)

/** The key as it is kept and shown: listeners' ids are in it as hashes, so that `info` tells nobody who they are. */
function keptAs(key: string): string {
  if (!key.startsWith(LISTENER)) return key
  return `${LISTENER}#${createHmac('sha256', SECRET).update(key).digest('base64url').slice(0, 22)}`
}

export class AnswerCache {
  readonly #answers: LRUCache<string, Boxed, Question>
  /** Apart from the answers: a computation that was evicted is still the only one of its key. */
  readonly #computing = new Map<string, Promise<Boxed>>()
  readonly #defaultTtlMs: number
  #hits = 0
  #misses = 0

  constructor({ maxSize, defaultTtlMs, now = () => performance.now() }: AnswerCacheOptions) {
    this.#defaultTtlMs = defaultTtlMs
    this.#answers = new LRUCache<string, Boxed, Question>({
      max: maxSize,
      maxSize: Math.min(LARGEST_SIZE, Math.max(LEAST_SIZE, maxSize * AVERAGE_SIZE)),
      sizeCalculation: ({ value }) => sizeOf(value),
      ttl: defaultTtlMs,
      // Neither a timer nor a remembered time: the clock alone decides.
      ttlResolution: 0,
      // An instant of 0 means 'for ever' to the library.
      perf: { now: () => now() + 1 },
      // Answers beyond their time are kept, seen by `peek`, and given where computing fails.
      allowStale: true,
      noDeleteOnFetchRejection: true,
      // Who waits for a computation gets its answer, though the key was cleared or evicted meanwhile.
      ignoreFetchAbort: true,
      fetchMethod: async (key, _old, { options, context }) => {
        const boxed = await this.#computation(key, context.compute)
        options.ttl = Math.max(1, context.ttlMs(boxed.value))
        return boxed
      },
    })
  }

  /**
   * The answer of a key: the one that is kept, or a newly computed one, kept for `ttlMs` (at least 1 ms). Where
   * computing fails, the old answer, however old; without one, throws what `compute` threw.
   */
  get<T>(key: string, ttlMs: number | ((value: T) => number), compute: () => Promise<T>): Promise<T> {
    const kept = keptAs(key)
    const question = { compute, ttlMs: typeof ttlMs === 'number' ? () => ttlMs : (ttlMs as Question['ttlMs']) }
    const answer = this.#get(kept, question) as Promise<T>
    // Whoever asks may have stopped waiting by the time it fails.
    answer.catch(() => {})
    return answer
  }

  /** The answer that is kept, however old. */
  peek<T>(key: string): T | undefined {
    return this.#answers.peek(keptAs(key))?.value as T | undefined
  }

  /** Whether an answer is kept whose time is not over. */
  fresh(key: string): boolean {
    return this.#answers.has(keptAs(key))
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
   * Forgets one answer, by its key or by the key as `info` shows it, or all. What is being computed is given to those who have asked, and not kept: it may rest on
   * what was to be forgotten.
   */
  clear(key?: string): void {
    if (key === undefined) {
      this.#computing.clear()
      this.#answers.clear()
    } else {
      for (const each of [key, keptAs(key)]) {
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

  /** The one under way, or a new one; it begins in a later turn, since it may ask this cache in turn. */
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

/** About how many characters it would have as JSON. */
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
