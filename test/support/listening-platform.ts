/** Random events of a small platform, in which what was done is often undone, and artists' ids are learned late. */
import type { IngestedEvent, Metadata, StatsEvent } from '../../src/events/event.ts'
import { mulberry32 } from '../../src/recommendations/mulberry32.ts'

const ARTISTS = 60
const ALBUMS = 120
const TRACKS = 4
const YEAR_START = Date.UTC(2026, 0, 1)
const HOUR_MS = 3_600_000

export const LISTENERS = Array.from({ length: 40 }, (_, i) => `u${i}`)

/** Deterministic for a seed; artists of small numbers are played most. */
export function platformEvents(seed: number, count: number): IngestedEvent[] {
  const random = mulberry32(seed)
  const below = (n: number) => Math.floor(random() * n)
  return Array.from({ length: count }, (_, i): IngestedEvent => {
    const artist = Math.floor(ARTISTS * random() ** 2)
    const album = `album${artist + ARTISTS * below(ALBUMS / ARTISTS)}`
    const who = { userId: LISTENERS[below(LISTENERS.length)]!, timestamp: YEAR_START + i * HOUR_MS }
    return {
      event: { eventId: `e${seed}-${i}`, ...who, ...doneTo(artist, album, below) },
      decision: { currency: 'EUR' },
    }
  })
}

function doneTo(
  artist: number,
  album: string,
  below: (n: number) => number,
): Pick<StatsEvent, 'eventType' | 'entityType' | 'entityId'> & { metadata?: Metadata } {
  const isUndone = below(3) === 0
  const name = `Artist ${artist}`
  const number = String(1 + below(TRACKS))
  const kind = below(20)
  if (kind < 12) {
    return {
      eventType: 'track.played',
      entityType: 'track',
      entityId: number,
      metadata: { albumId: album, artist: name },
    }
  }
  if (kind < 15) {
    const eventType = isUndone ? 'track.unliked' : 'track.liked'
    return {
      eventType,
      entityType: 'track',
      entityId: `${album}_${number}`,
      metadata: below(2) ? { albumId: album } : {},
    }
  }
  if (kind < 18) {
    const eventType = isUndone ? 'artist.unfollowed' : 'artist.followed'
    return { eventType, entityType: 'artist', entityId: String(artist), metadata: { artistName: name } }
  }
  const item = below(2) ? { albumId: album } : { artist: name }
  return {
    eventType: isUndone ? 'order.refunded' : 'order.paid',
    entityType: 'order',
    entityId: String(below(1e6)),
    metadata: { items: [item] },
  }
}
