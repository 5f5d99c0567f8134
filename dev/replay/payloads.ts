/** Facts as the platform's clients would send them. */
import type { Fact } from './facts.ts'

export interface Payload {
  eventId: string
  eventType: string
  timestamp: string
  entityId: string
  entityType?: string
  userId: string | null
  metadata: Record<string, unknown> | null
}

/** The event of a fact. `run` tells the events of one replay from those of another with other settings. */
export function payloadOf(fact: Fact, run: string): Payload {
  const { kind, user, artist, n, at, anonymous } = fact
  const timestamp = new Date(at).toISOString()
  return {
    eventId: `${run}-${kind}-${user}-${artist.id}-${n}`,
    timestamp: fact.form === 'script' ? `${timestamp.slice(0, 19)}Z` : timestamp,
    userId: anonymous ? null : user,
    ...bodies[kind](fact),
  }
}

type Body = Omit<Payload, 'eventId' | 'timestamp' | 'userId'>

const bodies: Record<Fact['kind'], (fact: Fact) => Body> = { play, like, follow, order }

function play({ artist, form, track, skip, genre }: Fact): Body {
  const { id: artistId, albumId, name } = artist
  const eventType = 'track.played'
  const entity = { eventType, entityType: 'track', entityId: String(track) }
  if (form === 'script') return { eventType, entityId: artistId, metadata: { albumId } }
  if (form === 'front-end') return { ...entity, metadata: { albumId, artist: name } }
  if (form === 'name') return { ...entity, metadata: { artist: name, title: `Song ${track}` } }
  const length = { durationMs: 200_000, playedMs: skip ? 9_000 : 180_000 }
  return { ...entity, metadata: { albumId, artistId, artist: name, genre, title: `Song ${track}`, ...length } }
}

function like({ artist, form, track, n }: Fact): Body {
  const eventType = 'track.liked'
  if (form === 'script') return { eventType, entityId: artist.id, metadata: null }
  const albumId = n % 2 === 0 ? artist.albumId : null
  const entityId = artist.trackKeys[track]!
  return { eventType, entityType: 'track', entityId, metadata: { artist: artist.name ?? null, albumId } }
}

/** The front end sends no album; here it does, so that artists who are only followed are bound to theirs. */
function follow({ artist, form }: Fact): Body {
  const eventType = 'artist.followed'
  if (form === 'script') return { eventType, entityId: artist.id, metadata: null }
  const metadata = { artistName: artist.name, albumId: artist.albumId }
  return { eventType, entityType: 'artist', entityId: artist.id, metadata }
}

function order({ artist, form, cents }: Fact): Body {
  const eventType = 'order.paid'
  const price = cents / 100
  if (form === 'script') return { eventType, entityId: artist.id, metadata: { price } }
  const items = [{ albumId: artist.albumId, price: String(price), quantity: 2 }]
  return { eventType, entityType: 'order', entityId: '1764000000000', metadata: { currency: 'EUR', items } }
}
