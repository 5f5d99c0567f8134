/**
 * Asks the catalogue, in the background and at a gentle pace, whom albums and names belong to. What is still to be asked
 * follows from the events and from what was answered, so that neither a restart nor a long outage loses anything; and an
 * artist of whom only the list of artists can tell, and whom it does not have yet, makes it be read again.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { type Instant, type Interval, StoreUnavailable } from '../storage/storage.ts'
import { StoredWaits } from '../storage/stored-waits.ts'
import { type CatalogueClient, CatalogueUnavailable } from './catalogue-client.ts'
import type { RecordStore } from './record-store.ts'
import { MissingArtists, type MissingArtistsParts } from './unlisted-artists.ts'

/** Albums asked for at a time. */
const PLANNED = 200
/** Searching for albums to ask about takes at most one part in this many of the time. */
const REST = 20
const SHORTEST_REST_MS = 500
/** How long nobody is asked while the catalogue or the store is away. */
const AWAY_MS = 5_000
/** What was answered with nonsense is not asked for again for so long. */
const NONSENSE_MS = 600_000
const MAX_NONSENSE = 10_000
/** An answer may be newer than this instance's clock by so much: other instances have clocks of their own. */
const AHEAD_MS = 60_000
/** Names the wait for the list of artists. */
const LIST = 'artists'
/** Without new events, there may still be answers that have become old. */
const IDLE_MS = 60_000

export interface LookUpParts {
  client: Pick<CatalogueClient, 'album' | 'artists' | 'pausedMs'>
  records: RecordStore
  /** As `refreshCandidates`. */
  candidates: (limit: number, fresh: Interval) => Promise<string[]>
  unlisted: MissingArtistsParts['unlisted']
  /** Whether it is this instance, of those that share the store, that asks. */
  isOurTurn: () => boolean
  /** Milliseconds after which an answer is asked for again. */
  refreshMs: number
  perMinute: number
  clock: () => Instant
  /** Milliseconds that no change of the clock touches. */
  monotonic?: () => number
}

export class LookUps {
  readonly #parts: LookUpParts
  #planned: string[] = []
  readonly #monotonic: () => number
  readonly #waits: StoredWaits
  /** When the list of artists is to be read again, in monotonic milliseconds. */
  #listDue: number | undefined
  #missing: MissingArtists
  #nextAt = 0
  /** Until when nobody asks about an album, in monotonic milliseconds. */
  #nonsense = new Map<string, number>()
  #closing = new AbortController()
  #running: Promise<void> | undefined
  #wake: (() => void) | undefined
  #hasNews = true

  constructor(parts: LookUpParts) {
    this.#parts = parts
    const { unlisted, clock, monotonic = () => performance.now() } = parts
    this.#monotonic = monotonic
    this.#waits = new StoredWaits(clock, monotonic)
    this.#missing = new MissingArtists({ unlisted, monotonic, onMissing: () => this.#wake?.() })
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Tells that events were counted: they may mention albums that nobody has asked about. */
  ingested(): void {
    this.#hasNews = true
    this.#wake?.()
  }

  /** Tells that somebody asks about an artist: one whom nobody has looked up may have come since the list was read. */
  asked(artistId: string): void {
    this.#missing.asked(artistId)
  }

  /** Stops; what the catalogue is being asked is left to end by itself. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      try {
        await this.#step()
      } catch (error) {
        await this.#afterFailure(error)
      }
    }
  }

  async #step(): Promise<void> {
    const { refreshMs, records, isOurTurn } = this.#parts
    if (isOurTurn()) {
      this.#listDue ??= this.#monotonic() + this.#waits.left(LIST, (await records.listedAt()) + refreshMs, refreshMs)
      if (this.#listDue <= this.#monotonic()) return this.#listArtists()
    }
    // Whichever instance is asked: the one whose turn it is does not hear of it.
    if (await this.#missing.areDue()) return this.#missing.readFor(() => this.#listArtists())
    if (!isOurTurn()) return this.#stepAside()
    if (this.#planned.length === 0) await this.#plan()
    if (this.#planned.length === 0) return
    const id = this.#planned[0]!
    await this.#askAbout(id)
    if (this.#planned[0] === id) this.#planned.shift()
  }

  /** Meanwhile another instance asks, and what is due will be another entity. */
  async #stepAside(): Promise<void> {
    this.#planned = []
    this.#listDue = undefined
    await this.#sleep(SHORTEST_REST_MS)
  }

  /** Looks what there is to ask; where there is nothing, waits for news. */
  async #plan(): Promise<void> {
    const { candidates, clock, refreshMs } = this.#parts
    this.#hasNews = false
    const begun = performance.now()
    // With so many more, those set aside take nobody's place.
    const now = clock()
    const found = await candidates(PLANNED + this.#nonsense.size, { from: now - refreshMs, to: now + AHEAD_MS })
    this.#planned = found.filter(id => !this.#isNonsense(id)).slice(0, PLANNED)
    await this.#missing.search()
    const rest = Math.max(SHORTEST_REST_MS, (performance.now() - begun) * REST)
    if (this.#planned.length === 0) {
      await this.#sleep(rest)
      if (!this.#hasNews && !this.#missing.some) await this.#untilNews(Math.min(IDLE_MS, refreshMs))
    }
  }

  async #listArtists(): Promise<void> {
    await this.#turn()
    const { client, records, refreshMs } = this.#parts
    try {
      await records.keepArtists((await this.#unlessClosing(client.artists())) ?? [])
      this.#listDue = this.#monotonic() + refreshMs
    } catch (error) {
      if (!(error instanceof CatalogueUnavailable && error.unusable)) throw error
      this.#listDue = this.#monotonic() + Math.min(NONSENSE_MS, refreshMs)
    }
  }

  async #askAbout(id: string): Promise<void> {
    await this.#turn()
    const { client, records } = this.#parts
    const album = await this.#unlessClosing(client.album(id))
    if (this.#closing.signal.aborted) return
    // Under the id that events mention, whatever form of it the answer has.
    if (album) await records.keepAlbum({ ...album, id })
    else await records.keepNoAlbum(id, { missing: album === null })
  }

  /** Waits for the next place in the pace. */
  async #turn(): Promise<void> {
    const now = performance.now()
    if (this.#nextAt > now) await this.#sleep(this.#nextAt - now)
    this.#nextAt = Math.max(now, this.#nextAt) + 60_000 / this.#parts.perMinute
  }

  async #afterFailure(error: unknown): Promise<void> {
    const { client } = this.#parts
    if (error instanceof StoreUnavailable) return this.#sleep(AWAY_MS)
    if (!(error instanceof CatalogueUnavailable)) throw error
    if (error.reason === 'paused') return this.#sleep(Math.max(SHORTEST_REST_MS, client.pausedMs))
    if (error.unusable) return this.#setAside()
    await this.#sleep(AWAY_MS)
  }

  #setAside(): void {
    const id = this.#planned.shift()
    if (id === undefined) return
    if (this.#nonsense.size >= MAX_NONSENSE) this.#nonsense.clear()
    this.#nonsense.set(id, this.#monotonic() + Math.min(NONSENSE_MS, this.#parts.refreshMs))
  }

  #isNonsense(id: string): boolean {
    return (this.#nonsense.get(id) ?? Number.NEGATIVE_INFINITY) > this.#monotonic()
  }

  async #untilNews(patienceMs: number): Promise<void> {
    const news = new AbortController()
    this.#wake = () => news.abort()
    const signal = AbortSignal.any([news.signal, this.#closing.signal])
    await wait(patienceMs, undefined, { signal }).catch(() => {})
  }

  /** The answer; undefined where the look-ups end before it comes. */
  async #unlessClosing<T>(answer: Promise<T>): Promise<T | undefined> {
    const { signal } = this.#closing
    const { promise: closing, resolve } = Promise.withResolvers<undefined>()
    const end = () => resolve(undefined)
    answer.catch(() => {})
    if (signal.aborted) return undefined
    signal.addEventListener('abort', end)
    try {
      return await Promise.race([closing, answer])
    } finally {
      signal.removeEventListener('abort', end)
    }
  }

  async #sleep(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.#closing.signal }).catch(() => {})
  }
}
