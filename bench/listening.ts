/** Plays of listeners with many artists, popular as unevenly as in real life: what recommendations are trained from. */
import type { SentEvent } from './generate.ts'
import { Random, Zipf } from './random.ts'

const SEED = 20_261_126
/** How many artists each listener has. */
const ARTISTS_OF_LISTENER = 50
/** Less uneven than plays: a listener counts once, however often they play an artist. */
const EXPONENT = 0.8
const DAYS = 30
const DAY_MS = 86_400_000
const START = Date.UTC(2025, 0, 1)

export class Listening {
  readonly listeners: number
  readonly artists: number
  readonly #popularity: Zipf

  /** As many artists as listeners; 5,000,000 pairs are 100,000 of each. */
  constructor(pairs: number) {
    this.listeners = pairs / ARTISTS_OF_LISTENER
    this.artists = this.listeners
    this.#popularity = new Zipf(this.artists, EXPONENT)
  }

  /** The instant after the last play. */
  get end(): number {
    return START + DAYS * DAY_MS
  }

  /** One play of each artist of a listener, at any time of the 30 days. */
  playsOf(listener: number): SentEvent[] {
    const random = new Random(SEED, listener)
    const artists = new Set<number>()
    while (artists.size < ARTISTS_OF_LISTENER) artists.add(this.#popularity.choose(random))
    return [...artists].map(artist => ({
      eventId: random.uuid(),
      eventType: 'track.played',
      timestamp: new Date(START + random.below(DAYS * DAY_MS)).toISOString(),
      userId: String(listener + 1),
      entityType: 'artist',
      entityId: String(artist + 1),
      metadata: {},
    }))
  }
}
