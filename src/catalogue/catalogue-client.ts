/** The catalogue over HTTP: albums and artists by id, albums of a genre, all artists. */
import { setImmediate } from 'node:timers/promises'
import { isBrokenCircuitError, isTaskCancelledError, TaskCancelledError } from 'cockatiel'
import { MAX_ID_LENGTH } from '../events/bounds.ts'
import { foldText } from '../identity/fold-text.ts'
import { type BodyReader, ListBody, wholeBody } from './answer-bodies.ts'
import {
  type CatalogueAlbum,
  type CatalogueArtist,
  type ListedArtist,
  readAlbum,
  readArtist,
  readListedAlbum,
  readListedArtist,
} from './answers.ts'
import { literally, wholeGenre } from './genre-pattern.ts'
import { pauseOf } from './pauses.ts'
import { ExcessiveAnswer, FAILURES_TO_OPEN, OPEN_SECONDS, PassingFault, Policies } from './policies.ts'

/**
 * Why there is no answer: `open`: the circuit is open; `paused`: the catalogue said to wait; `timeout`: the last
 * attempt took too long; `error`: everything else.
 */
export type UnavailableReason = 'error' | 'open' | 'timeout' | 'paused'

export class CatalogueUnavailable extends Error {
  override name = 'CatalogueUnavailable'
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
  /** Milliseconds that no change of the clock touches. */
  monotonic?: () => number
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
const GENRE_BOUNDS = { bytes: 8 * MIB, items: 10_000 }
const ARTISTS_BOUNDS = { bytes: 64 * MIB, items: 200_000 }
/** What is read of an answer that is not used, so that its connection can be used again. */
const MAX_UNUSED_BYTES = MIB / 16
/** Between two pieces others have their turn: in one there may be thousands of items, each to be parsed. */
const PIECE_BYTES = 8192
/** Of a genre whose list is longer than that, the newest ones. */
const NEWEST = 500
const DEFAULT_TIMEOUT_MS = 2000
const DEFAULT_ARTISTS_TIMEOUT_MS = 10_000

const OVERLOADED = new Set([502, 503, 504])
const OK = 200
const NOT_FOUND = 404
/** The catalogue's answer where it can't even read an id: nothing is known of it then. */
const UNREADABLE_ID = 500
const TOO_MANY_REQUESTS = 429

interface Answer<T> {
  status: number
  /** Undefined where it is not what it should be, and of another status than 200. */
  content: T | undefined
}

export class CatalogueClient {
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
  readonly #monotonic: () => number
  readonly #policies: Policies
  readonly #run: ReturnType<Policies['runner']>
  readonly #runLong: ReturnType<Policies['runner']>
  /** In monotonic milliseconds. */
  #pausedUntil = 0

  constructor(options: ContentClientOptions) {
    const { url, clock, monotonic = () => performance.now(), timeoutMs, artistsTimeoutMs } = options
    this.#base = url.replace(/\/+$/, '')
    this.#clock = clock
    this.#monotonic = monotonic
    const { counts } = this
    const events = { onRetry: () => void counts.retries++, onTimeout: () => void counts.timeouts++ }
    this.#policies = new Policies(events, clock, monotonic)
    this.#run = this.#policies.runner(timeoutMs ?? DEFAULT_TIMEOUT_MS)
    this.#runLong = this.#policies.runner(artistsTimeoutMs ?? DEFAULT_ARTISTS_TIMEOUT_MS)
  }

  /**
   * Null where the catalogue has none under this id, undefined where it can't say (it answers 500 to an id of a form that
   * it does not know). Throws `CatalogueUnavailable`.
   */
  album(id: string): Promise<CatalogueAlbum | null | undefined> {
    return this.#entity('albums', id, readAlbum)
  }

  /** By `id` or by `_id`; else as `album`. */
  artist(id: string): Promise<CatalogueArtist | null | undefined> {
    return this.#entity('artists', id, readArtist)
  }

  /**
   * All albums of exactly this genre, without case, newest first; of a genre whose list is longer than 8 MiB, or than 10,000
   * albums, those of the newest 500. Throws `CatalogueUnavailable`.
   */
  async albumsOfGenre(genre: string): Promise<CatalogueAlbum[]> {
    const folded = foldText(genre)
    if (folded === '') return []
    // A catalogue that takes the genre for plain text finds nothing by an expression.
    for (const pattern of [wholeGenre(folded), literally(genre.trim().normalize('NFC'))]) {
      const found = await this.#counted(() => this.#albumsLike(pattern, folded))
      if (found.length > 0) return found
    }
    return []
  }

  /** All artists. Throws `CatalogueUnavailable`. */
  artists(): Promise<ListedArtist[]> {
    return this.#counted(async () => {
      const list = () => new ListBody(ARTISTS_BOUNDS, readListedArtist)
      return contentOf(await this.#ask(this.#runLong, '/api/artists', list), 'is no list of artists')
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

  /** For how many milliseconds the catalogue wants no calls; 0 where it takes them. */
  get pausedMs(): number {
    return Math.max(0, this.#pausedUntil - this.#monotonic())
  }

  async #entity<T>(
    kind: string,
    id: string,
    read: (answer: unknown, id: string) => T | undefined,
  ): Promise<T | null | undefined> {
    if (!canBeAsked(id)) return null
    return await this.#counted(async () => {
      const answer = await this.#ask(this.#run, `/api/${kind}/${encode(id)}`, () => wholeBody(MAX_ENTITY_BYTES))
      if (answer.status === NOT_FOUND) return null
      if (answer.status === UNREADABLE_ID) return undefined
      return read(contentOf(answer, 'is no JSON'), id) ?? refuseAnswer('is not what was asked for')
    })
  }

  async #albumsLike(pattern: string, folded: string): Promise<CatalogueAlbum[]> {
    const path = `/api/albums?genre=${encode(pattern)}`
    const list = () => new ListBody(GENRE_BOUNDS, item => albumOfGenre(item, folded))
    // That a genre has very many albums is no failure.
    const all = await this.#ask(this.#run, path, () => unlessExcessive(list()))
    const answer = all.content === EXCESSIVE ? await this.#ask(this.#run, `${path}&limit=${NEWEST}`, list) : all
    return contentOf(answer as Answer<CatalogueAlbum[]>, 'is no list of albums')
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

  /** `reader`: what takes in the body of each attempt. */
  async #ask<T>(run: ReturnType<Policies['runner']>, path: string, reader: () => BodyReader<T>): Promise<Answer<T>> {
    const answer = await run({
      admit: () => {
        this.#refuseInPause()
        this.#refuseBesideTrial()
      },
      attempt: signal => {
        this.#refuseInPause()
        this.#refuseStraggler()
        return this.#attempt(path, reader(), signal)
      },
    })
    if (answer.status === TOO_MANY_REQUESTS) throw new CatalogueUnavailable('paused', 'the catalogue says to wait')
    return answer
  }

  async #attempt<T>(path: string, reader: BodyReader<T>, signal: AbortSignal): Promise<Answer<T>> {
    const answer = await this.#get(path, reader, signal).catch(error => {
      throw faultOf(error, signal)
    })
    if (OVERLOADED.has(answer.status)) throw new PassingFault(`the catalogue answers ${answer.status}`)
    return answer
  }

  async #get<T>(path: string, reader: BodyReader<T>, signal: AbortSignal): Promise<Answer<T>> {
    const headers = { accept: 'application/json' }
    const response = await fetch(this.#base + path, { signal, headers, redirect: 'manual' })
    const { status } = response
    if (status === TOO_MANY_REQUESTS) this.#pause(response.headers)
    if (status === OK) return { status, content: await readBody(response, reader) }
    await discardBody(response)
    return { status, content: undefined }
  }

  /** A pause under way is never shortened: the answer that asks for less may be the older one. */
  #pause(headers: Headers): void {
    const pause = pauseOf(headers, this.#clock())
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#monotonic() + pause)
  }

  #refuseInPause(): void {
    if (this.pausedMs > 0) throw new CatalogueUnavailable('paused', 'the catalogue said to wait')
  }

  /** The breaker alone would let the others wait for the one that tries, for as long as its retries last. */
  #refuseBesideTrial(): void {
    if (this.#policies.state === 'Half-Open') throw new CatalogueUnavailable('open', 'the catalogue is being tried')
  }

  /** A call that was waiting to try again when others opened the circuit. */
  #refuseStraggler(): void {
    if (this.#policies.state === 'Open') throw new CatalogueUnavailable('open', 'the circuit to the catalogue is open')
  }
}

/** Nothing can have these ids; in a path they would ask for something else. */
function canBeAsked(id: string): boolean {
  return id !== '' && id !== '.' && id !== '..' && id.length <= MAX_ID_LENGTH
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

async function readBody<T>(response: Response, reader: BodyReader<T>): Promise<T | undefined> {
  for await (const chunk of response.body ?? []) {
    for (let at = 0; at < chunk.length && !reader.isOver; at += PIECE_BYTES) {
      if (at > 0) await setImmediate()
      reader.push(chunk.subarray(at, at + PIECE_BYTES))
    }
    if (reader.isOver) break
    await setImmediate()
  }
  return reader.end()
}

/** Reads a little of what is not used. */
async function discardBody(response: Response): Promise<void> {
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > MAX_UNUSED_BYTES) return
  }
}

const EXCESSIVE = Symbol('more than a bound allows')

/** The same, but what is more than a bound allows is an answer too. */
function unlessExcessive<T>(reader: BodyReader<T>): BodyReader<T | typeof EXCESSIVE> {
  return {
    isOver: false,
    push(chunk) {
      try {
        reader.push(chunk)
      } catch (error) {
        if (!(error instanceof ExcessiveAnswer)) throw error
        this.isOver = true
      }
    },
    end() {
      return this.isOver ? EXCESSIVE : reader.end()
    },
  }
}

function albumOfGenre(item: unknown, folded: string): CatalogueAlbum | undefined {
  const album = readListedAlbum(item)
  return album && album.genre !== null && foldText(album.genre) === folded ? album : undefined
}

function contentOf<T>({ status, content }: Answer<T>, otherwise: string): T {
  if (status !== OK) return refuseAnswer(`has status ${status}`)
  return content ?? refuseAnswer(otherwise)
}

function refuseAnswer(what: string): never {
  throw new CatalogueUnavailable('error', `the catalogue's answer ${what}`, { unusable: true })
}

/** What a failed attempt means: a time-out, an answer that can't be read, or a connection that failed. */
function faultOf(error: unknown, signal: AbortSignal): Error {
  if (error instanceof ExcessiveAnswer) return error
  if (signal.aborted) return new TaskCancelledError('the catalogue took too long')
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const options = { cause }
  if (isMalformed(cause)) {
    return new CatalogueUnavailable('error', "the catalogue's answer can't be read", { unusable: true, ...options })
  }
  return new PassingFault('the catalogue cannot be reached', options)
}

/** Not HTTP, headers beyond all bounds, or a compressed body that can't be expanded. */
function isMalformed(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false
  const code = 'code' in cause ? String(cause.code) : ''
  return cause.name === 'HTTPParserError' || /^(UND_ERR_HEADERS_OVERFLOW|Z_|ZSTD_|ERR__ERROR|ERR_BROTLI)/.test(code)
}

function toUnavailable(error: unknown): CatalogueUnavailable {
  if (error instanceof CatalogueUnavailable) return error
  if (error instanceof ExcessiveAnswer) {
    return new CatalogueUnavailable('error', `the catalogue's answer ${error.message}`, { unusable: true })
  }
  const reason = isBrokenCircuitError(error) ? 'open' : isTaskCancelledError(error) ? 'timeout' : 'error'
  const message = error instanceof Error ? error.message : String(error)
  return new CatalogueUnavailable(reason, message, { cause: error })
}
