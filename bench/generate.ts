/**
 * The events that all benchmarks share: a year of a platform with 20,000 artists, 200,000 tracks and 500,000 listeners,
 * popular as unevenly as in real life, in the payloads that the platform's front end sends.
 *
 * Events come in groups of 1,000, each with randomness of its own, so that any group can be made without those before.
 */
import { hex, Random, Zipf } from './random.ts'

export const GROUP = 1_000
export const ARTISTS = 20_000
export const TRACKS_PER_ARTIST = 10
export const LISTENERS = 500_000

export const YEAR_START = Date.UTC(2025, 0, 1)
export const YEAR_MS = 365 * 86_400_000

const SEED = 20_251_124
const ANONYMOUS_SHARE = 0.05
const GENRES = ['Rock', 'Electronic', 'Jazz', 'Hip Hop', 'Folk', 'Metal', 'Pop', 'R&B']

/** An event as a client sends it. */
export interface SentEvent {
  eventId: string
  eventType: string
  timestamp: string
  userId: string | null
  entityType: string
  entityId: string
  metadata: Record<string, unknown>
}

interface Artist {
  id: string
  name: string
  /** The album of each track. */
  albums: string[]
  genre: string
}

/** Artists by popularity, the greatest first. */
export const artists: readonly Artist[] = Array.from({ length: ARTISTS }, (_, rank) => makeArtist(rank))

function makeArtist(rank: number): Artist {
  const first = objectId(1, rank * 2)
  const second = rank % 2 === 0 ? first : objectId(1, rank * 2 + 1)
  return {
    // 7919 is prime: each number once, in an order that says nothing of popularity.
    id: String(((rank * 7919) % ARTISTS) + 1),
    name: `The ${hex(Math.imul(rank + 1, 0x2545f491)).slice(0, 5)} Band`,
    albums: Array.from({ length: TRACKS_PER_ARTIST }, (_, track) => (track < TRACKS_PER_ARTIST / 2 ? first : second)),
    genre: GENRES[rank % GENRES.length]!,
  }
}

/** 24 hexadecimal digits, as MongoDB makes them. */
function objectId(space: number, number: number): string {
  return hex(0x65000000 + number) + hex(Math.imul(number + 1, 0x9e3779b1) ^ space) + hex(number * 2 + space)
}

const popularity = new Zipf(ARTISTS, 1)
const hits = new Zipf(TRACKS_PER_ARTIST, 0.8)

/** How far apart events are where `perYear` of them make a year. */
export interface Density {
  perYear: number
}

/** In the order of their time: the group's part of the year; groups beyond the year go on after it. */
export function orderedGroup(group: number, { perYear }: Density): SentEvent[] {
  const random = new Random(SEED, group)
  const step = YEAR_MS / perYear
  return Array.from({ length: GROUP }, (_, i) =>
    makeEvent(random, YEAR_START + Math.floor((group * GROUP + i + random.unit()) * step)),
  )
}

/** Each at any time of the year: a back-fill from a source without order. */
export function shuffledGroup(group: number): SentEvent[] {
  const random = new Random(SEED + 1, group)
  return Array.from({ length: GROUP }, () => makeEvent(random, YEAR_START + random.below(YEAR_MS)))
}

function makeEvent(random: Random, at: number): SentEvent {
  const eventId = random.uuid()
  const artist = artists[popularity.choose(random)]!
  const timestamp = new Date(at).toISOString()
  const userId = random.unit() < ANONYMOUS_SHARE ? null : chooseListener(random)
  const kind = random.unit()
  if (kind < 0.93) return { eventId, eventType: 'track.played', timestamp, userId, ...play(random, artist) }
  if (kind < 0.97) return { eventId, eventType: 'track.liked', timestamp, userId, ...like(random, artist) }
  if (kind < 0.99) return { eventId, eventType: 'artist.followed', timestamp, userId, ...follow(artist) }
  return { eventId, eventType: 'order.paid', timestamp, userId, ...order(random, artist, at) }
}

/** Some listen much, most a little: the density falls with the square root of the rank. */
function chooseListener(random: Random): string {
  return objectId(2, Math.floor(LISTENERS * random.unit() ** 2))
}

type Body = Pick<SentEvent, 'entityType' | 'entityId' | 'metadata'>

function play(random: Random, { name, albums, genre }: Artist): Body {
  const track = hits.choose(random)
  const metadata: Record<string, unknown> = { albumId: albums[track], artist: name }
  if (random.unit() < 0.2) metadata.genre = genre
  return { entityType: 'track', entityId: String(track + 1), metadata }
}

function like(random: Random, { name, albums }: Artist): Body {
  const track = hits.choose(random)
  const albumId = albums[track]
  return { entityType: 'track', entityId: `${albumId}_${track + 1}`, metadata: { artist: name, albumId } }
}

function follow({ id, name }: Artist): Body {
  return { entityType: 'artist', entityId: id, metadata: { artistName: name } }
}

/** The front end's orders name no artist; a shop that sends its items does. */
function order(random: Random, { name, albums }: Artist, at: number): Body {
  const price = (500 + random.below(1500)) / 100
  const metadata: Record<string, unknown> = { price, currency: 'EUR', itemsCount: 1 }
  if (random.unit() < 0.5) metadata.items = [{ albumId: albums[0], artist: name, price, quantity: 1 }]
  return { entityType: 'order', entityId: String(at), metadata }
}
