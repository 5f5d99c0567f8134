/** What a listener does: plays a song, and then perhaps likes it, follows the artist, buys the album, or thinks again. */
import { DAY_MS, MINUTE_MS } from '../../src/units.ts'
import type { DemoEvent } from './arrivals.ts'
import type { Audience } from './audience.ts'
import { type Body, followBody, likeBody, orderBody, playBody, refundBody } from './event-bodies.ts'
import type { Repertoire, Song } from './repertoire.ts'
import type { Zone } from './rhythm.ts'
import type { Timeline } from './timeline.ts'

/** Of plays by somebody known. */
const LIKE_SHARE = 0.07
/** Of plays by somebody who likes a song of the artist. */
const FOLLOW_SHARE = 0.06
/** Of plays by somebody who follows the artist. */
const ORDER_SHARE = 0.02
const UNLIKE_SHARE = 0.05
const UNFOLLOW_SHARE = 0.06
const REFUND_SHARE = 0.07
const PARTIAL_SHARE = 0.4
/** What is taken back is within so many days. */
const REGRET_DAYS = 12
/** Events of a device without a network arrive up to so many days later. */
const LATE_SHARE = 0.004
const LATE_DAYS = 6
/** Events whose answer was lost are sent again a little later. */
const AGAIN_SHARE = 0.005
const AGAIN_MS = 5 * MINUTE_MS
const REACTION_MS = 3 * MINUTE_MS

export class Behaviour {
  readonly #repertoire: Repertoire
  readonly #timeline: Timeline
  readonly #audience: Audience
  /** Songs, and artists, by listener: nobody likes or follows twice. */
  readonly #liked = new Set<string>()
  readonly #fans = new Set<string>()
  readonly #followed = new Set<string>()
  #events = 0

  constructor(repertoire: Repertoire, timeline: Timeline, audience: Audience) {
    this.#repertoire = repertoire
    this.#timeline = timeline
    this.#audience = audience
  }

  /** A play of the song at this instant by somebody of the zone, and all that follows from it, also days later. */
  play(song: Song, zone: Zone, at: number, random: () => number): DemoEvent[] {
    const listener = this.#audience.listener(song, zone, this.#timeline.shareOver(at), random)
    const { body, isCounted } = playBody(song, random)
    const play = { ...this.event(body, listener, at), isCountedPlay: isCounted }
    const events = listener === null ? [play] : [play, ...this.#reactions(song, zone, listener, at, random)]
    return events.flatMap(event => sent(event, random))
  }

  /** An event that arrives when it happens. */
  event(body: Body, userId: string | null, at: number): DemoEvent {
    const eventId = `demo-${this.#events++}`
    const payload = { eventId, timestamp: new Date(at).toISOString(), userId, ...body }
    return { payload, arrivesAt: at, isCountedPlay: false }
  }

  *#reactions(song: Song, zone: Zone, listener: string, played: number, random: () => number): Generator<DemoEvent> {
    const at = played + Math.floor(random() * REACTION_MS)
    const later = () => at + Math.ceil(random() * REGRET_DAYS * DAY_MS)
    const liked = `${listener} ${song.album.id} ${song.track.id}`
    const artist = `${listener} ${song.artist.id}`
    if (random() < LIKE_SHARE && !this.#liked.has(liked)) {
      this.#liked.add(liked)
      this.#fans.add(artist)
      yield this.event(likeBody(song, 'track.liked'), listener, at)
      if (random() < UNLIKE_SHARE) yield this.event(likeBody(song, 'track.unliked'), listener, later())
    } else if (this.#followed.has(artist)) {
      if (random() >= ORDER_SHARE) return
      const order = orderBody(song, zone, at, this.#repertoire, random)
      yield this.event(order, listener, at)
      if (random() < REFUND_SHARE) yield this.event(refundBody(order, random() < PARTIAL_SHARE), listener, later())
    } else if (this.#fans.has(artist) && random() < FOLLOW_SHARE) {
      this.#followed.add(artist)
      yield this.event(followBody(song, 'artist.followed'), listener, at)
      if (random() < UNFOLLOW_SHARE) yield this.event(followBody(song, 'artist.unfollowed'), listener, later())
    }
  }
}

/** The event as it is sent: perhaps late, perhaps twice. */
function sent(event: DemoEvent, random: () => number): DemoEvent[] {
  const chance = random()
  if (chance < LATE_SHARE) return [{ ...event, arrivesAt: event.arrivesAt + Math.ceil(random() * LATE_DAYS * DAY_MS) }]
  if (chance > LATE_SHARE + AGAIN_SHARE) return [event]
  return [event, { ...event, arrivesAt: event.arrivesAt + Math.ceil(random() * AGAIN_MS), isCountedPlay: false }]
}
