/** Sends what happens at this moment to all who watch, once a second: one question for all of them, while somebody watches. */
import type { Catalogue } from '../catalogue/catalogue.ts'
import { BackgroundLoop } from '../concurrency/background-loop.ts'
import { type Clock, monotonicClock } from '../concurrency/clock.ts'
import { knownTrack } from '../enrichment/enrichment.ts'
import { unavailable } from '../errors.ts'
import { formatInstant } from '../statistics/calendar.ts'
import { type Instant, StoreUnavailable } from '../storage/storage.ts'
import type { LiveAnswer, LiveFigures } from './live-counts.ts'
import { Places } from './places.ts'
import { eventText, HEARTBEAT, messageText } from './server-sent-events.ts'

export const MAX_STREAMS = 1_000
const EVERY_MS = 1_000
/**
 * The greatest share of the time that questions take, waiting included. One takes some 50 ms of a core at 15,000 events a
 * second and 250 artists; where it takes more than 250 ms, for the machine is busy, messages become rarer.
 */
const DUTY_CYCLE = 0.25
/** Streams get a sign of life at least so often, also while the figures don't answer. */
const HEARTBEAT_MS = 10_000
/** Seconds after which a client that found no place may try again. */
const RETRY_AFTER_S = 10

/** A connection that messages are written to. */
export interface LiveStream {
  /** Writes a text; ends the connection instead where the one before has not left yet. */
  send(text: string): void
  /** Writes a last text, and ends the connection. */
  end(text: string): void
}

/** A message; instants are ISO 8601 in UTC. */
export interface LiveMessage {
  at: string
  /** The version of the definitions that the figures follow. */
  definitions: string
  /** The `at` of the message before, even where that went to others alone; null where there was none. */
  since: string | null
  artistId?: string
  events: number
  plays: number
  listeners: number
  tracks: Pick<LiveFigures['tracks'][number], 'id' | 'title' | 'albumId' | 'artistName' | 'coverImage' | 'plays'>[]
}

export interface LiveFeedParts {
  figures: {
    liveCounts(artistIds: readonly string[], now: Instant): Promise<LiveAnswer>
    forgetLiveCounts(): Promise<void>
  }
  /** null where there is none. It is never asked for anything, for what it has said before is enough. */
  catalogue: Pick<Catalogue, 'known'> | null
  /** The version of the definitions that the figures follow. */
  definitions: string
  clock: () => Instant
  /** Called with errors that nobody expects. */
  log: (error: unknown) => void
  /** When messages are due; tests put one of their own in its place. */
  monotonic?: Clock
}

export class LiveFeed {
  readonly #parts: LiveFeedParts
  readonly #monotonic: Clock
  readonly #places = new Places<Watcher>(MAX_STREAMS)
  /** By the artist they watch; undefined for those of the whole platform. No set is empty. */
  readonly #watchers = new Map<string | undefined, Set<Watcher>>()
  readonly #loop: BackgroundLoop
  #heartbeat: NodeJS.Timeout | undefined

  constructor(parts: LiveFeedParts) {
    this.#parts = parts
    this.#monotonic = parts.monotonic ?? monotonicClock
    this.#loop = new BackgroundLoop({
      step: () => this.#step(),
      retryMs: error => {
        parts.log(error)
        return EVERY_MS
      },
      dutyCycle: () => DUTY_CYCLE,
      clock: this.#monotonic,
    })
    this.#loop.start(Number.POSITIVE_INFINITY)
  }

  /**
   * Sends messages to a stream until it leaves, which is what the returned function is for. Where the place is needed for
   * another client, the stream is ended. @throws ServiceError 503 where there is no place
   */
  watch(artistId: string | undefined, client: string, stream: LiveStream): () => void {
    const watcher = { stream, displace: () => this.#displace(artistId, watcher) }
    if (!this.#places.take(client, watcher)) {
      throw unavailable(`${MAX_STREAMS.toLocaleString('en')} streams are open already`, RETRY_AFTER_S)
    }
    const watchers = this.#watchers.get(artistId) ?? new Set()
    this.#watchers.set(artistId, watchers.add(watcher))
    this.#heartbeat ??= setInterval(() => this.#sendToAll(HEARTBEAT), HEARTBEAT_MS).unref()
    this.#loop.wake()
    return () => {
      this.#places.free(client, watcher)
      this.#remove(artistId, watcher)
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat)
    await this.#loop.stop()
  }

  #displace(artistId: string | undefined, watcher: Watcher): void {
    this.#remove(artistId, watcher)
    watcher.stream.end(eventText('end', { reason: 'displaced' }))
  }

  #remove(artistId: string | undefined, watcher: Watcher): void {
    const watchers = this.#watchers.get(artistId)
    watchers?.delete(watcher)
    if (watchers?.size === 0) this.#watchers.delete(artistId)
  }

  /** Sends one message to everybody; gives the milliseconds until the next one. */
  async #step(): Promise<number> {
    if (this.#watchers.size === 0) {
      clearInterval(this.#heartbeat)
      this.#heartbeat = undefined
      await this.#parts.figures.forgetLiveCounts()
      return Number.POSITIVE_INFINITY
    }
    const begun = this.#monotonic.now()
    try {
      await this.#sendCounts()
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      this.#sendToAll(eventText('stale', { at: formatInstant(this.#parts.clock(), 'UTC') }))
    }
    return Math.max(0, begun + EVERY_MS - this.#monotonic.now())
  }

  async #sendCounts(): Promise<void> {
    const artistIds = [...this.#watchers.keys()].filter(artistId => artistId !== undefined)
    const { at, since, platform, artists } = await this.#parts.figures.liveCounts(artistIds, this.#parts.clock())
    const { definitions } = this.#parts
    const all = {
      definitions,
      at: formatInstant(at, 'UTC'),
      since: since === null ? null : formatInstant(since, 'UTC'),
    }
    this.#send(undefined, { ...all, ...this.#shown(platform) })
    for (const [i, artistId] of artistIds.entries()) {
      this.#send(artistId, { ...all, artistId, ...this.#shown(artists[i]!) })
    }
  }

  #shown({ tracks, ...counts }: LiveFigures): Omit<LiveMessage, 'definitions' | 'at' | 'since'> {
    const { catalogue } = this.#parts
    return {
      ...counts,
      tracks: tracks.map(track => {
        const { id, title, albumId, artistName, coverImage, plays } = catalogue ? knownTrack(track, catalogue) : track
        return { id, title, albumId, artistName, coverImage, plays }
      }),
    }
  }

  /** One text for all streams of one artist, or of the platform. */
  #send(artistId: string | undefined, message: LiveMessage): void {
    const watchers = this.#watchers.get(artistId)
    if (!watchers) return
    const text = messageText(message)
    for (const { stream } of watchers) stream.send(text)
  }

  #sendToAll(text: string): void {
    for (const watchers of this.#watchers.values()) for (const { stream } of watchers) stream.send(text)
  }
}

interface Watcher {
  stream: LiveStream
  displace(): void
}
