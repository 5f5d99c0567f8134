/** What the platform's clients send when somebody plays, likes, follows or buys. */
import type { Payload } from '../replay/payloads.ts'
import type { Repertoire, Song } from './repertoire.ts'
import type { Zone } from './rhythm.ts'

export type Body = Omit<Payload, 'eventId' | 'timestamp' | 'userId'>

/** The rest of the plays is the front end's. */
const NEW_CLIENT_SHARE = 0.15
const SCRIPT_SHARE = 0.02
/** Of the plays of the new client, which says how long they lasted. */
const SKIP_SHARE = 0.1
const SKIPPED_MS = 7_000
/** Of the orders; the front end's name no items. */
const FRONT_END_ORDERS = 0.12
/** Of the orders that have items. */
const TWO_CURRENCIES_SHARE = 0.1
const SECOND_ITEM_SHARE = 0.35
const PRICE_FACTOR_USD = 1.1
/** The noise of a sum of floating-point numbers. */
const FLOAT_NOISE = 1e-15

/** A play, and whether it counts: a skip does not. */
export function playBody(song: Song, random: () => number): { body: Body; isCounted: boolean } {
  const { artist, album, track } = song
  const body: Body = frontEndPlay(song)
  const form = random()
  if (form < SCRIPT_SHARE) {
    const script: Body = { eventType: 'track.played', entityId: String(artist.id), metadata: { albumId: album.id } }
    return { body: script, isCounted: true }
  }
  if (form > SCRIPT_SHARE + NEW_CLIENT_SHARE) return { body, isCounted: true }
  const isSkip = random() < SKIP_SHARE
  const durationMs = millisecondsOf(track.duration)
  const playedMs = isSkip ? SKIPPED_MS : durationMs
  const more = { artistId: String(artist.id), genre: album.genre, title: track.title, durationMs, playedMs }
  return { body: { ...body, metadata: { ...body.metadata, ...more } }, isCounted: !isSkip }
}

export function frontEndPlay({ artist, album, track }: Song): Body {
  const metadata = { albumId: album.id, artist: artist.name }
  return { eventType: 'track.played', entityType: 'track', entityId: String(track.id), metadata }
}

export function likeBody({ artist, album, track }: Song, eventType: 'track.liked' | 'track.unliked'): Body {
  const metadata = { artist: artist.name, albumId: album.id }
  return { eventType, entityType: 'track', entityId: `${album.id}_${track.id}`, metadata }
}

export function followBody({ artist }: Song, eventType: 'artist.followed' | 'artist.unfollowed'): Body {
  return { eventType, entityType: 'artist', entityId: String(artist.id), metadata: { artistName: artist.name } }
}

/** An order of the song's album, and perhaps of another one; listeners in America pay in dollars. */
export function orderBody(song: Song, zone: Zone, at: number, { songs }: Repertoire, random: () => number): Body {
  const order = { eventType: 'order.paid', entityType: 'order', entityId: String(at) }
  if (random() < FRONT_END_ORDERS) {
    const price = song.album.price + FLOAT_NOISE
    return { ...order, metadata: { price, currency: 'EUR', itemsCount: 1 } }
  }
  const currency = zone === 'America/Bogota' ? 'USD' : 'EUR'
  const items = [itemOf(song, currency)]
  if (random() < SECOND_ITEM_SHARE) {
    const other = random() < TWO_CURRENCIES_SHARE / SECOND_ITEM_SHARE ? (currency === 'EUR' ? 'USD' : 'EUR') : currency
    const ofSameGenre = songs.filter(({ album, releasedAt }) => album.genre === song.album.genre && !releasedAt)
    items.push(itemOf(ofSameGenre[Math.floor(random() * ofSameGenre.length)] ?? song, other))
  }
  return { ...order, metadata: { itemsCount: items.length, items } }
}

/** The money of an order goes back; of a partial refund, the albums are kept. */
export function refundBody({ entityType, entityId, metadata }: Body, isPartial: boolean): Body {
  const refunded = { ...metadata, ...(isPartial && { partial: true }) }
  return { eventType: 'order.refunded', ...(entityType && { entityType }), entityId, metadata: refunded }
}

function itemOf({ artist, album }: Song, currency: 'EUR' | 'USD') {
  const price = currency === 'EUR' ? album.price : Math.round(album.price * PRICE_FACTOR_USD * 100) / 100
  return { albumId: album.id, artist: artist.name, title: album.title, price, currency, quantity: 1 }
}

/** Of a duration such as `4:10`. */
function millisecondsOf(duration: string): number {
  const [minutes, seconds] = duration.split(':').map(Number)
  return (minutes! * 60 + seconds!) * 1000
}
