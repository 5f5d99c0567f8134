/**
 * Asks the catalogue in the background, at a limited rate, which artists albums and names belong to. What to ask follows from
 * the events and from the stored records, so that neither a restart nor a long outage loses anything.
 */
import pTimeout from 'p-timeout'
import { BackgroundLoop } from '../concurrency/background-loop.ts'
import { type Clock, monotonicClock } from '../concurrency/clock.ts'
import { type Instant, type Interval, StoreUnavailable } from '../storage/storage.ts'
import { StoredWaits } from '../storage/stored-waits.ts'
import type { CatalogueClient } from './catalogue-client.ts'
import { CatalogueUnavailable } from './catalogue-faults.ts'
import type { RecordStore } from './record-store.ts'
import { type UnlistedArtistQuestions, UnlistedArtists } from './unlisted-artists.ts'

/** Albums of one search. */
const QUEUE_SIZE = 200
/** Searching for albums takes at most this share of the time. */
const SEARCH_SHARE = 1 / 20
const MIN_REST_MS = 500
/** The pause while the catalogue or the store is unavailable. */
const UNAVAILABLE_PAUSE_MS = 5_000
/** What was answered unusably is requested again after so long. */
const UNUSABLE_PAUSE_MS = 600_000
const MAX_UNUSABLE = 10_000
/** A record may be newer than this instance's clock by so much, since the clocks of instances differ. */
const CLOCK_TOLERANCE_MS = 60_000
/** The key of the stored wait for the list of artists. */
const LIST = 'artists'
/** Without new events, records may still become old. */
const IDLE_MS = 60_000

export interface RefreshQuestions extends UnlistedArtistQuestions {
  /** Ids of at most `limit` albums without a record of the interval `fresh`, the most urgent first. */
  lookUpCandidates: (limit: number, fresh: Interval) => Promise<string[]>
}

export interface RefreshParts {
  client: Pick<CatalogueClient, 'album' | 'artists' | 'pausedMs'>
  records: RecordStore
  questions: RefreshQuestions
  /** Whether it is this instance, of those that share the store, that asks the catalogue. */
  isOurTurn: () => boolean
  /** Milliseconds after which a record is refreshed. */
  refreshMs: number
  callsPerMinute: number
  clock: () => Instant
  monotonic?: Clock
}

export class CatalogueRefresh {
  readonly #parts: RefreshParts
  readonly #monotonic: Clock
  readonly #loop: BackgroundLoop
  readonly #waits: StoredWaits
  readonly #unlisted: UnlistedArtists
  /** Ids of albums to ask for, the next one first. */
  #queue: string[] = []
  /** Until when an album whose answer was unusable is not requested. This and all times below: monotonic milliseconds. */
  readonly #unusableUntil = new Map<string, number>()
  /** When the list of artists is due; undefined where that is not known yet. */
  #listDueAt: number | undefined
  /** Before that, no call is made, even where the loop is woken. */
  #nextCallAt = Number.NEGATIVE_INFINITY

  constructor(parts: RefreshParts) {
    const { questions, clock, monotonic = monotonicClock } = parts
    this.#parts = parts
    this.#monotonic = monotonic
    this.#waits = new StoredWaits(clock, () => monotonic.now())
    this.#unlisted = new UnlistedArtists({
      questions,
      monotonic: () => monotonic.now(),
      onFound: () => this.#loop.wake(),
    })
    this.#loop = new BackgroundLoop({
      step: signal => this.#step(signal),
      retryMs: error => this.#pauseAfter(error),
      clock: monotonic,
    })
  }

  start(): void {
    this.#loop.start()
  }

  /** To be called when events were counted, which may mention new albums. */
  onEventsCounted(): void {
    this.#loop.wake()
  }

  /** To be called when an artist is requested, who may have been added to the catalogue since its list was read. */
  onArtistRequested(artistId: string): void {
    this.#unlisted.onRequested(artistId)
  }

  /** Stops without waiting for a call that is under way. */
  async close(): Promise<void> {
    await this.#loop.stop()
  }

  /** Makes at most one call; returns the milliseconds until the next step. */
  async #step(signal: AbortSignal): Promise<number> {
    const { isOurTurn } = this.#parts
    const pauseMs = this.#nextCallAt - this.#monotonic.now()
    if (pauseMs > 0) return pauseMs
    if (isOurTurn() && (await this.#isListDue())) return this.#refreshArtists(signal)
    // The instance that was asked for the artist reads the list: the one whose turn it is does not know.
    if (await this.#unlisted.isListNeeded()) return this.#unlisted.readList(() => this.#refreshArtists(signal))
    if (!isOurTurn()) return this.#standBy()
    if (this.#queue.length === 0) await this.#search()
    const id = this.#queue[0]
    if (id === undefined) return this.#unlisted.areAny ? 0 : Math.min(IDLE_MS, this.#parts.refreshMs)
    await this.#refreshAlbum(id, signal)
    this.#queue.shift()
    return 0
  }

  /** Another instance asks meanwhile, after which other albums will be due. */
  #standBy(): number {
    this.#queue = []
    this.#listDueAt = undefined
    return MIN_REST_MS
  }

  async #search(): Promise<void> {
    const { questions, clock, refreshMs } = this.#parts
    const begun = this.#monotonic.now()
    const now = clock()
    const fresh = { from: now - refreshMs, to: now + CLOCK_TOLERANCE_MS }
    // More by the number of albums that are left out below.
    const found = await questions.lookUpCandidates(QUEUE_SIZE + this.#unusableUntil.size, fresh)
    this.#queue = found.filter(id => !this.#isUnusable(id)).slice(0, QUEUE_SIZE)
    await this.#unlisted.search()
    if (this.#queue.length > 0) return
    const ended = this.#monotonic.now()
    this.#nextCallAt = ended + Math.max(MIN_REST_MS, (ended - begun) / SEARCH_SHARE)
  }

  async #isListDue(): Promise<boolean> {
    const { records, refreshMs } = this.#parts
    const now = this.#monotonic.now()
    this.#listDueAt ??= now + this.#waits.left(LIST, (await records.artistsListedAt()) + refreshMs, refreshMs)
    return this.#listDueAt <= now
  }

  async #refreshArtists(signal: AbortSignal): Promise<number> {
    const { client, records, refreshMs } = this.#parts
    try {
      await records.writeArtists(await this.#call(client.artists(), signal))
      this.#listDueAt = this.#monotonic.now() + refreshMs
    } catch (error) {
      if (!(error instanceof CatalogueUnavailable && error.unusable)) throw error
      this.#listDueAt = this.#monotonic.now() + Math.min(UNUSABLE_PAUSE_MS, refreshMs)
    }
    return 0
  }

  async #refreshAlbum(id: string, signal: AbortSignal): Promise<void> {
    const { client, records } = this.#parts
    try {
      const album = await this.#call(client.album(id), signal)
      // Stored under the id that events mention, even where the answer has another form of it.
      if (album) await records.writeAlbum({ ...album, id })
      else await records.writeNoAlbum(id, { missing: album === null })
    } catch (error) {
      if (!(error instanceof CatalogueUnavailable && error.unusable)) throw error
      this.#setUnusable(id)
    }
  }

  /** The answer, counted against the rate. Rejects with the signal's reason where the refresh stops before it comes. */
  #call<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
    this.#nextCallAt = this.#monotonic.now() + 60_000 / this.#parts.callsPerMinute
    return pTimeout(answer, { milliseconds: Number.POSITIVE_INFINITY, signal })
  }

  #pauseAfter(error: unknown): number {
    const { client } = this.#parts
    const isStop = error instanceof DOMException && error.name === 'AbortError'
    if (!isStop && !(error instanceof StoreUnavailable || error instanceof CatalogueUnavailable)) throw error
    const isPaused = error instanceof CatalogueUnavailable && error.reason === 'paused'
    const pauseMs = isPaused ? Math.max(MIN_REST_MS, client.pausedMs) : UNAVAILABLE_PAUSE_MS
    this.#nextCallAt = this.#monotonic.now() + pauseMs
    return pauseMs
  }

  #setUnusable(id: string): void {
    if (this.#unusableUntil.size >= MAX_UNUSABLE) this.#unusableUntil.clear()
    this.#unusableUntil.set(id, this.#monotonic.now() + Math.min(UNUSABLE_PAUSE_MS, this.#parts.refreshMs))
  }

  #isUnusable(id: string): boolean {
    return (this.#unusableUntil.get(id) ?? Number.NEGATIVE_INFINITY) > this.#monotonic.now()
  }
}
