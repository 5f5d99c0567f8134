/** What happens once: a listener who plays one song 3,000 times, events that are wrong, unknown artists, and a busy last hour. */
import { DAY_MS, MINUTE_MS } from '../../src/units.ts'
import type { DemoEvent } from './arrivals.ts'
import type { Behaviour } from './behaviour.ts'
import { type Body, followBody, frontEndPlay, likeBody } from './event-bodies.ts'
import type { Repertoire, Song } from './repertoire.ts'
import type { Timeline } from './timeline.ts'

const REPEATED_PLAYS = 3000
/** The share of the history that is over when they begin, and the days that they take. */
const REPEATED_SHARE = 0.9
const REPEATED_DAYS = 4
const REPEATING_LISTENER = 'u-again-and-again'

/** Enough for an alert: 100 plays, 50 likes or 10 follows within an hour. */
const SURGE = { plays: 160, likes: 25, follows: 14 }
const SURGE_MS = 50 * MINUTE_MS

/** Artists that neither the catalogue nor any other event knows. */
const UNKNOWN_NAMES = ['Los Desconocidos', 'Nobody Yet', 'Ghost Choir']
const UNKNOWN_ALBUM = '0123456789abcdef01234567'
const UNKNOWN_PLAYS = 60
/** Rejected events of each kind. */
const REJECTED = 5
const REJECTED_DAYS = 5

/** All of them, in no order. `random`: numbers from 0 up to 1. */
export function* incidents(
  behaviour: Behaviour,
  repertoire: Repertoire,
  timeline: Timeline,
  random: () => number,
): Generator<DemoEvent> {
  yield* repetition(behaviour, repertoire.repeated, timeline.dayAt(REPEATED_SHARE) - REPEATED_DAYS * DAY_MS, random)
  yield* unknownArtists(behaviour, timeline, random)
  yield* rejected(behaviour, repertoire.biggest.name, timeline.now, random)
  yield* surge(behaviour, repertoire.surging, timeline.now, random)
}

function* repetition(behaviour: Behaviour, song: Song, begin: number, random: () => number): Generator<DemoEvent> {
  const pause = (REPEATED_DAYS * DAY_MS) / REPEATED_PLAYS
  for (let play = 0; play < REPEATED_PLAYS; play++) {
    const at = Math.floor(begin + (play + random()) * pause)
    yield { ...behaviour.event(frontEndPlay(song), REPEATING_LISTENER, at), isCountedPlay: true }
  }
}

function* unknownArtists(behaviour: Behaviour, { begin, today }: Timeline, random: () => number): Generator<DemoEvent> {
  for (let play = 0; play < UNKNOWN_PLAYS; play++) {
    const at = Math.floor(begin + random() * (today - begin))
    const artist = UNKNOWN_NAMES[play % (UNKNOWN_NAMES.length + 1)]
    const metadata = artist === undefined ? { albumId: UNKNOWN_ALBUM } : { artist, title: 'Demo' }
    const body: Body = { eventType: 'track.played', entityType: 'track', entityId: '1', metadata }
    yield { ...behaviour.event(body, `u${1 + Math.floor(random() * 100)}`, at), isCountedPlay: true }
  }
}

/** Each can be repaired: a mistyped type, a date as people write it, a currency that is none, and a negative price. */
function* rejected(behaviour: Behaviour, artist: string, now: number, random: () => number): Generator<DemoEvent> {
  const play: Body = { eventType: 'track.played', entityType: 'track', entityId: '1', metadata: { artist } }
  const order: Body = { eventType: 'order.paid', entityType: 'order', entityId: '1', metadata: null }
  for (let number = 0; number < REJECTED; number++) {
    const at = Math.floor(now - random() * REJECTED_DAYS * DAY_MS)
    const wrong = (body: Body) => behaviour.event(body, `u${number + 1}`, at)
    yield wrong({ ...play, eventType: 'track.play' })
    yield wrong({ ...order, metadata: { price: 9.99, currency: 'EURO' } })
    yield wrong({ ...order, metadata: { price: -9.99, currency: 'EUR' } })
    const dated = wrong(play)
    yield {
      ...dated,
      payload: { ...dated.payload, timestamp: new Date(at).toLocaleString('es-ES', { timeZone: 'Europe/Madrid' }) },
    }
  }
}

function* surge(behaviour: Behaviour, song: Song, now: number, random: () => number): Generator<DemoEvent> {
  for (let listener = 1; listener <= SURGE.plays; listener++) {
    const at = Math.floor(now - random() * SURGE_MS)
    const event = (body: Body) => behaviour.event(body, `u${listener}`, at)
    yield { ...event(frontEndPlay(song)), isCountedPlay: true }
    if (listener <= SURGE.likes) yield event(likeBody(song, 'track.liked'))
    if (listener <= SURGE.follows) yield event(followBody(song, 'artist.followed'))
  }
}
