/** Events with known ids, and what the figures of their artists must be, by plain counting. */
import assert from 'node:assert/strict'
import { seededRandom } from '../../dev/replay/random.ts'

export interface KnownEvent {
  payload: { eventId: string; eventType: string; [field: string]: unknown }
  artist: string
}

export interface KnownFigures {
  plays: number
  uniqueListeners: number
  likes: number
  follows: number
  purchases: number
  revenue: number
}

const ARTISTS = 40
const USERS = 500
const BEGIN = Date.UTC(2026, 8, 1)
const SPAN_MS = 60 * 86_400_000

export const artistOf = (number: number): string => String(100 + (number % ARTISTS))
const albumOf = (artist: string): string => artist.padStart(24, 'a')

/** Makes events without end; the first ones name each artist's album, so that all others belong to somebody. */
export function* knownEvents(prefix: string, seed: number): Generator<KnownEvent> {
  const random = seededRandom(seed)
  for (let i = 0; ; i++) {
    const artist = artistOf(i < ARTISTS ? i : Math.floor(random() * ARTISTS))
    const timestamp = new Date(BEGIN + Math.floor(random() * SPAN_MS)).toISOString()
    const userId = `u${Math.floor(random() * USERS)}`
    const body = i < ARTISTS ? catalogued(artist) : bodies[Math.floor(random() * bodies.length)]!(artist)
    yield { artist, payload: { eventId: `${prefix}-${i}`, timestamp, userId, ...body } }
  }
}

/** The first `count` of them. */
export function knownEventsUpTo(count: number, prefix: string, seed: number): KnownEvent[] {
  return knownEvents(prefix, seed).take(count).toArray()
}

type Body = { eventType: string; entityId: string; entityType?: string; metadata?: Record<string, unknown> }

function catalogued(artist: string): Body {
  const metadata = { albumId: albumOf(artist), artistId: artist }
  return { eventType: 'track.played', entityType: 'track', entityId: '1', metadata }
}

const bodies: readonly ((artist: string) => Body)[] = [
  catalogued,
  artist => ({ eventType: 'track.played', entityType: 'track', entityId: '2', metadata: { albumId: albumOf(artist) } }),
  artist => ({ eventType: 'track.played', entityId: artist }),
  artist => ({ eventType: 'track.liked', entityType: 'track', entityId: `${albumOf(artist)}_1` }),
  artist => ({ eventType: 'artist.followed', entityType: 'artist', entityId: artist }),
  artist => ({ eventType: 'order.paid', entityId: artist, metadata: { price: 9.99, currency: 'EUR' } }),
]

/** The figures of each artist after these events, each counted once. */
export function figuresOfKnown(events: Iterable<KnownEvent>): Map<string, KnownFigures> {
  const listeners = new Map<string, Set<unknown>>()
  const figures = new Map<string, KnownFigures>()
  for (const { artist, payload } of events) {
    const own = figures.getOrInsertComputed(artist, nothing)
    if (payload.eventType === 'track.played') {
      own.plays++
      own.uniqueListeners = listeners.getOrInsertComputed(artist, () => new Set()).add(payload.userId).size
    } else if (payload.eventType === 'track.liked') own.likes++
    else if (payload.eventType === 'artist.followed') own.follows++
    else {
      own.purchases++
      own.revenue = (own.purchases * 999) / 100
    }
  }
  return figures
}

const nothing = (): KnownFigures => ({
  plays: 0,
  uniqueListeners: 0,
  likes: 0,
  follows: 0,
  purchases: 0,
  revenue: 0,
})

/** Asks for the figures of every artist and compares them with those of the events, each counted once. */
export async function assertCountedOnce(url: string, events: Iterable<KnownEvent>): Promise<void> {
  const expected = figuresOfKnown(events)
  for (let i = 0; i < ARTISTS; i++) {
    const artist = artistOf(i)
    const response = await fetch(`${url}/api/stats/artist/${artist}/kpis`)
    const answer = (await response.json()) as KnownFigures
    const { plays, uniqueListeners, likes, follows, purchases, revenue } = answer
    const actual = { plays, uniqueListeners, likes, follows, purchases, revenue }
    assert.deepEqual(actual, expected.get(artist) ?? nothing(), `artist ${artist}`)
  }
}
