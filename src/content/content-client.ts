/** The catalogue over HTTP: albums and artists by id, albums of a genre, all artists. */
import { isBrokenCircuitError, isTaskCancelledError, TaskCancelledError } from 'cockatiel'
import { MAX_ID_LENGTH } from '../events/field-reading.ts'
import { foldText } from '../events/fold-text.ts'
import { type CatalogueAlbum, type CatalogueArtist, parseAnswer, readAlbum, readAlbums, readArtist } from './answers.ts'
import { genrePattern } from './genre-pattern.ts'
import { FAILURES_TO_OPEN, OPEN_SECONDS, PassingFault, Policies } from './policies.ts'

/**
 * Why there is no answer: `open`: the circuit is open; `paused`: the catalogue said to wait; `timeout`: the last
 * attempt took too long; `error`: everything else.
 */
export type UnavailableReason = 'error' | 'open' | 'timeout' | 'paused'

export class ContentUnavailable extends Error {
  override name = 'ContentUnavailable'
  readonly reason: UnavailableReason
  /** The catalogue did answer, with something that can't be used. */
  readonly unusable: boolean

  constructor(reason: UnavailableReason, message: string, more: { unusable?: boolean; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? {} : { cause: more.cause })
    this.reason = reason
    this.unusable = more.unusable ?? false
  }
}

export interface ContentClientOptions {
  /** `CONTENT_SERVICE_URL`: what comes before `/api`. */
  url: string
  /** Epoch milliseconds. */
  clock: () => number
  /** Reads the list of all artists, away from the main thread; undefined where it is none. */
  parseArtists: (body: Uint8Array<ArrayBuffer>) => Promise<CatalogueArtist[] | undefined>
  /** How long one attempt may take. */
  timeoutMs?: number
  /** The same for the list of all artists, which is large. */
  artistsTimeoutMs?: number
}

/** What has happened since the start; every call ends as an answer, or counts in one of the other three. */
export interface ContentCounts {
  calls: number
  /** Calls without an answer, or with an unusable one. */
  failures: number
  /** Attempts after a call's first. */
  retries: number
  /** Attempts that took too long. */
  timeouts: number
  rejectedOpen: number
  /** Calls refused during a pause, and those that began one. */
  rejectedPaused: number
}

export interface CircuitStatus {
  state: 'Closed' | 'Open' | 'Half-Open'
  /** Failed calls in a row. */
  fail_count: number
  fail_max: typeof FAILURES_TO_OPEN
  /** Seconds. */
  reset_timeout: typeof OPEN_SECONDS
  /** ISO 8601. */
  opened_at: string | null
}

const MIB = 2 ** 20
const MAX_ENTITY_BYTES = MIB
const MAX_GENRE_BYTES = 8 * MIB
const MAX_ARTISTS_BYTES = 64 * MIB
/** What is read of an answer that is not used, so that its connection can be used again. */
const MAX_UNUSED_BYTES = MIB / 16
const GENRE_LIMIT = 500
const DEFAULT_TIMEOUT_MS = 2000
const DEFAULT_ARTISTS_TIMEOUT_MS = 10_000

const OVERLOADED = new Set([502, 503, 504])
/** The catalogue answers 500 where it can't even read an id. */
const NONE_UNDER_THIS_ID = new Set([404, 500])
const TOO_MANY_REQUESTS = 429

const DEFAULT_PAUSE_MS = 60_000
const MIN_PAUSE_MS = 1000
const MAX_PAUSE_MS = 3_600_000

/** Without it `Date.parse` finds a date in nearly anything. */
const HTTP_DATE = /^[A-Z][a-z]{2,8}, .+ GMT$/

interface Answer {
  status: number
  /** Undefined where it is longer than allowed. */
  body: Uint8Array<ArrayBuffer> | undefined
}

export class ContentClient {
  readonly counts: ContentCounts = {
    calls: 0,
    failures: 0,
    retries: 0,
    timeouts: 0,
    rejectedOpen: 0,
    rejectedPaused: 0,
  }
  readonly #base: string
  readonly #clock: () => number
  readonly #parseArtists: ContentClientOptions['parseArtists']
  readonly #policies: Policies
  readonly #run: ReturnType<Policies['runner']>
  readonly #runLong: ReturnType<Policies['runner']>
  #pausedUntil = 0

  constructor({ url, clock, parseArtists, timeoutMs, artistsTimeoutMs }: ContentClientOptions) {
    this.#base = url.replace(/\/+$/, '')
    this.#clock = clock
    this.#parseArtists = parseArtists
    const { counts } = this
    const events = { onRetry: () => void counts.retries++, onTimeout: () => void counts.timeouts++ }
    this.#policies = new Policies(events, clock)
    this.#run = this.#policies.runner(timeoutMs ?? DEFAULT_TIMEOUT_MS)
    this.#runLong = this.#policies.runner(artistsTimeoutMs ?? DEFAULT_ARTISTS_TIMEOUT_MS)
  }

  /** Null where the catalogue has none under this id. Throws `ContentUnavailable`. */
  album(id: string): Promise<CatalogueAlbum | null> {
    return this.#entity('albums', id, readAlbum)
  }

  /** By `id` or by `_id`. Null where the catalogue has none under this id. Throws `ContentUnavailable`. */
  artist(id: string): Promise<CatalogueArtist | null> {
    return this.#entity('artists', id, readArtist)
  }

  /** Up to 500 albums of exactly this genre, without case, newest first. Throws `ContentUnavailable`. */
  async albumsOfGenre(genre: string): Promise<CatalogueAlbum[]> {
    const folded = foldText(genre)
    if (folded === '') return []
    const path = `/api/albums?genre=${encode(genrePattern(genre))}&limit=${GENRE_LIMIT}`
    const albums = await this.#counted(async () => {
      const answer = await this.#ask(this.#run, path, MAX_GENRE_BYTES)
      return readAlbums(jsonOf(answer)) ?? refuseAnswer('is no list of albums')
    })
    return albums.filter(album => album.genre !== null && foldText(album.genre) === folded)
  }

  /** All artists; the body is read by `parseArtists`. Throws `ContentUnavailable`. */
  artists(): Promise<CatalogueArtist[]> {
    return this.#counted(async () => {
      const answer = await this.#ask(this.#runLong, '/api/artists', MAX_ARTISTS_BYTES)
      return (await this.#parseArtists(usableBody(answer))) ?? refuseAnswer('is no list of artists')
    })
  }

  /** The circuit breaker. */
  status(): CircuitStatus {
    const { state, failures, openedAt } = this.#policies
    return {
      state,
      fail_count: failures,
      fail_max: FAILURES_TO_OPEN,
      reset_timeout: OPEN_SECONDS,
      opened_at: openedAt === null ? null : new Date(openedAt).toISOString(),
    }
  }

  /** Until when the catalogue wants no calls, in epoch milliseconds; 0 where it takes them. */
  get pausedUntil(): number {
    return this.#clock() < this.#pausedUntil ? this.#pausedUntil : 0
  }

  async #entity<T>(kind: string, id: string, read: (answer: unknown, id: string) => T | undefined): Promise<T | null> {
    if (!canBeAsked(id)) return null
    return await this.#counted(async () => {
      const answer = await this.#ask(this.#run, `/api/${kind}/${encode(id)}`, MAX_ENTITY_BYTES)
      if (NONE_UNDER_THIS_ID.has(answer.status)) return null
      return read(jsonOf(answer), id) ?? refuseAnswer('is not what was asked for')
    })
  }

  async #counted<T>(work: () => Promise<T>): Promise<T> {
    this.counts.calls++
    try {
      return await work()
    } catch (error) {
      const unavailable = toUnavailable(error)
      if (unavailable.reason === 'open') this.counts.rejectedOpen++
      else if (unavailable.reason === 'paused') this.counts.rejectedPaused++
      else this.counts.failures++
      throw unavailable
    }
  }

  async #ask(run: ReturnType<Policies['runner']>, path: string, maxBytes: number): Promise<Answer> {
    const answer = await run({
      admit: () => {
        this.#refuseInPause()
        this.#refuseBesideTrial()
      },
      attempt: signal => {
        this.#refuseInPause()
        this.#refuseStraggler()
        return this.#attempt(path, maxBytes, signal)
      },
    })
    if (answer.status === TOO_MANY_REQUESTS) throw new ContentUnavailable('paused', 'the catalogue says to wait')
    return answer
  }

  async #attempt(path: string, maxBytes: number, signal: AbortSignal): Promise<Answer> {
    const { status, body } = await this.#get(path, maxBytes, signal).catch(error => {
      throw faultOf(error, signal)
    })
    if (OVERLOADED.has(status)) throw new PassingFault(`the catalogue answers ${status}`)
    return { status, body }
  }

  async #get(path: string, maxBytes: number, signal: AbortSignal): Promise<Answer> {
    const headers = { accept: 'application/json' }
    const response = await fetch(this.#base + path, { signal, headers, redirect: 'manual' })
    const { status } = response
    if (status === TOO_MANY_REQUESTS) this.#pause(response.headers)
    return { status, body: await readBody(response, status === 200 ? maxBytes : MAX_UNUSED_BYTES) }
  }

  /** A pause under way is never shortened: the answer that asks for less may be the older one. */
  #pause(headers: Headers): void {
    const now = this.#clock()
    const waits = [waitOf(headers.get('retry-after'), now), waitOf(headers.get('ratelimit-reset'), now)]
    const known = waits.filter(wait => wait !== undefined)
    const wait = known.length === 0 ? DEFAULT_PAUSE_MS : Math.max(MIN_PAUSE_MS, ...known)
    this.#pausedUntil = Math.max(this.#pausedUntil, now + Math.min(wait, MAX_PAUSE_MS))
  }

  #refuseInPause(): void {
    if (this.pausedUntil > 0) throw new ContentUnavailable('paused', 'the catalogue said to wait')
  }

  /** The breaker alone would let the others wait for the one that tries, for as long as its retries last. */
  #refuseBesideTrial(): void {
    if (this.#policies.state === 'Half-Open') throw new ContentUnavailable('open', 'the catalogue is being tried')
  }

  /** A call that was waiting to try again when others opened the circuit. */
  #refuseStraggler(): void {
    if (this.#policies.state === 'Open') throw new ContentUnavailable('open', 'the circuit to the catalogue is open')
  }
}

/** Nothing can have these ids; in a path they would ask for something else. */
function canBeAsked(id: string): boolean {
  return id !== '' && id !== '.' && id !== '..' && id.length <= MAX_ID_LENGTH
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

/** Milliseconds; undefined where the header says nothing. */
function waitOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header) * 1000
  const date = HTTP_DATE.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(date) ? undefined : date - now
}

/** The whole body; undefined, and read no further, where it is longer than `maxBytes`. */
async function readBody(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > maxBytes) return undefined
    chunks.push(chunk)
  }
  const body = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    body.set(chunk, offset)
    offset += chunk.length
  }
  return body
}

function usableBody({ status, body }: Answer): Uint8Array<ArrayBuffer> {
  if (status !== 200) return refuseAnswer(`has status ${status}`)
  if (body === undefined) return refuseAnswer('is too long')
  return body.length > 0 ? body : refuseAnswer('is empty')
}

function jsonOf(answer: Answer): unknown {
  return parseAnswer(usableBody(answer)) ?? refuseAnswer('is no JSON')
}

function refuseAnswer(what: string): never {
  throw new ContentUnavailable('error', `the catalogue's answer ${what}`, { unusable: true })
}

/** What a failed attempt means: a time-out, an answer that can't be read, or a connection that failed. */
function faultOf(error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) return new TaskCancelledError('the catalogue took too long')
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const options = { cause }
  if (isMalformed(cause)) {
    return new ContentUnavailable('error', "the catalogue's answer can't be read", { unusable: true, ...options })
  }
  return new PassingFault('the catalogue cannot be reached', options)
}

/** Not HTTP, headers beyond all bounds, or a compressed body that can't be expanded. */
function isMalformed(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false
  const code = 'code' in cause ? String(cause.code) : ''
  return cause.name === 'HTTPParserError' || /^(UND_ERR_HEADERS_OVERFLOW|Z_|ZSTD_|ERR__ERROR|ERR_BROTLI)/.test(code)
}

function toUnavailable(error: unknown): ContentUnavailable {
  if (error instanceof ContentUnavailable) return error
  const reason = isBrokenCircuitError(error) ? 'open' : isTaskCancelledError(error) ? 'timeout' : 'error'
  const message = error instanceof Error ? error.message : String(error)
  return new ContentUnavailable(reason, message, { cause: error })
}
