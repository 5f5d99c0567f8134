/** The catalogue over HTTP: albums and artists by id, albums of a genre, all artists. */
import { MAX_ID_LENGTH } from '../events/bounds.ts'
import { foldText } from '../identity/fold-text.ts'
import { type BodyReader, ListBody, unlessExcessive, wholeBody } from './answer-bodies.ts'
import {
  type CatalogueAlbum,
  type CatalogueArtist,
  type ListedArtist,
  readAlbum,
  readArtist,
  readListedAlbum,
  readListedArtist,
} from './answers.ts'
import { CatalogueUnavailable, faultOfAttempt, toUnavailable, unusableAnswer } from './catalogue-faults.ts'
import { type Answer, contentOf, readAnswer } from './catalogue-response.ts'
import { literally, wholeGenre } from './genre-pattern.ts'
import { pauseOf } from './pauses.ts'
import { type CircuitStatus, Policies } from './policies.ts'

export interface CatalogueClientOptions {
  /** `CONTENT_SERVICE_URL`: what comes before `/api`. */
  url: string
  /** Epoch milliseconds. */
  clock: () => number
  /** Milliseconds of a monotonic clock. */
  monotonic?: () => number
  /** How long one attempt may take; 2 seconds by default. */
  timeoutMs?: number
  /** The same for the list of all artists, which is large; 10 seconds by default. */
  artistsTimeoutMs?: number
}

/** Counts since the start. A call that gets no answer counts in `failures`, `rejectedOpen` or `rejectedPaused`. */
export interface CatalogueCounts {
  calls: number
  /** Calls without an answer, or with an unusable one. */
  failures: number
  /** Attempts after a call's first. */
  retries: number
  /** Attempts that took too long. */
  timeouts: number
  rejectedOpen: number
  /** Calls that were refused during a pause, or that began one. */
  rejectedPaused: number
}

const MIB = 2 ** 20
const MAX_ENTITY_BYTES = MIB
const GENRE_BOUNDS = { bytes: 8 * MIB, items: 10_000 }
const ARTISTS_BOUNDS = { bytes: 64 * MIB, items: 200_000 }
/** How many albums are asked for, newest first, where the list of a genre exceeds `GENRE_BOUNDS`. */
const NEWEST = 500
const DEFAULT_TIMEOUT_MS = 2000
const DEFAULT_ARTISTS_TIMEOUT_MS = 10_000

const NO_ALBUMS = 'is no list of albums'

const NOT_FOUND = 404
/** The catalogue's answer to an id of a form that it does not know: it does not say whether the entity exists. */
const UNREADABLE_ID = 500
const TOO_MANY_REQUESTS = 429

type Runner = ReturnType<Policies['runner']>

export class CatalogueClient {
  readonly counts: CatalogueCounts = {
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
  readonly #run: Runner
  readonly #runLong: Runner
  /** In monotonic milliseconds. */
  #pausedUntil = 0

  constructor(options: CatalogueClientOptions) {
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
   * null: the catalogue has no album of this id; undefined: it can't say (it answers 500 to an id of a form that it does not
   * know). @throws CatalogueUnavailable
   */
  album(id: string): Promise<CatalogueAlbum | null | undefined> {
    return this.#entity('albums', id, readAlbum)
  }

  /** By `id` or by `_id`; otherwise as `album`. */
  artist(id: string): Promise<CatalogueArtist | null | undefined> {
    return this.#entity('artists', id, readArtist)
  }

  /**
   * All albums of exactly this genre in any case of letters, newest first. Where the list is longer than 8 MiB or 10,000
   * albums, those of this genre among its newest 500. @throws CatalogueUnavailable
   */
  async albumsOfGenre(genre: string): Promise<CatalogueAlbum[]> {
    const folded = foldText(genre)
    if (folded === '') return []
    // A catalogue that takes the parameter for plain text finds nothing by a regular expression.
    for (const pattern of [wholeGenre(folded), literally(genre.trim().normalize('NFC'))]) {
      const found = await this.#counted(() => this.#albumsLike(pattern, folded))
      if (found.length > 0) return found
    }
    return []
  }

  /** All artists. @throws CatalogueUnavailable */
  artists(): Promise<ListedArtist[]> {
    return this.#counted(async () => {
      const list = () => new ListBody(ARTISTS_BOUNDS, readListedArtist)
      return contentOf(await this.#ask(this.#runLong, '/api/artists', list), 'is no list of artists')
    })
  }

  /** The state of the circuit breaker. */
  status(): CircuitStatus {
    return this.#policies.status
  }

  /** Milliseconds until the catalogue takes calls again; 0 where it takes them now. */
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
      const entity = read(contentOf(answer, 'is no JSON'), id)
      if (entity === undefined) throw unusableAnswer('is not what was asked for')
      return entity
    })
  }

  async #albumsLike(pattern: string, folded: string): Promise<CatalogueAlbum[]> {
    const path = `/api/albums?genre=${encode(pattern)}`
    const list = () => new ListBody(GENRE_BOUNDS, item => albumOfGenre(item, folded))
    // That a genre has very many albums is not a failure of the catalogue.
    const all = contentOf(await this.#ask(this.#run, path, () => unlessExcessive(list())), NO_ALBUMS)
    if (all !== 'excessive') return all
    return contentOf(await this.#ask(this.#run, `${path}&limit=${NEWEST}`, list), NO_ALBUMS)
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

  /** `reader` makes a new reader of the body for each attempt. */
  async #ask<T>(run: Runner, path: string, reader: () => BodyReader<T>): Promise<Answer<T>> {
    const answer = await run({
      admit: () => {
        this.#refuseInPause()
        this.#refuseDuringTrial()
      },
      attempt: signal => {
        this.#refuseInPause()
        this.#refuseRetryWhileOpen()
        return this.#attempt(path, reader(), signal)
      },
    })
    if (answer.status === TOO_MANY_REQUESTS) throw new CatalogueUnavailable('paused', 'the catalogue says to wait')
    return answer
  }

  async #attempt<T>(path: string, reader: BodyReader<T>, signal: AbortSignal): Promise<Answer<T>> {
    const headers = { accept: 'application/json' }
    try {
      const response = await fetch(this.#base + path, { signal, headers, redirect: 'manual' })
      if (response.status === TOO_MANY_REQUESTS) this.#pause(response.headers)
      return await readAnswer(response, reader)
    } catch (error) {
      throw faultOfAttempt(error, signal)
    }
  }

  /** Never shortens a pause: the answer that asks for less may be the older one. */
  #pause(headers: Headers): void {
    const pause = pauseOf(headers, this.#clock())
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#monotonic() + pause)
  }

  #refuseInPause(): void {
    if (this.pausedMs > 0) throw new CatalogueUnavailable('paused', 'the catalogue said to wait')
  }

  /** The breaker would let other calls wait for the trial call, for as long as its retries last. */
  #refuseDuringTrial(): void {
    if (this.#policies.state === 'Half-Open') throw new CatalogueUnavailable('open', 'the catalogue is being tried')
  }

  /** For a call that was waiting for its next attempt when others opened the circuit. */
  #refuseRetryWhileOpen(): void {
    if (this.#policies.state === 'Open') throw new CatalogueUnavailable('open', 'the circuit to the catalogue is open')
  }
}

/** Other ids belong to no entity, and some would change the path: `..` asks for another resource. */
function canBeAsked(id: string): boolean {
  return id !== '' && id !== '.' && id !== '..' && id.length <= MAX_ID_LENGTH
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

function albumOfGenre(item: unknown, folded: string): CatalogueAlbum | undefined {
  const album = readListedAlbum(item)
  return album && album.genre !== null && foldText(album.genre) === folded ? album : undefined
}
