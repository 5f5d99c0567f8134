/** The events of honest clients: of artists whose figures are known exactly, and of a whole platform. */
import { artists, shuffledGroup, YEAR_MS, YEAR_START } from '../../bench/generate.ts'
import { artistOf, type KnownEvent, knownEvents } from '../../test/support/known-events.ts'
import { HONEST, type LedgerEvent } from './ledger.ts'

const HOUR_MS = 3_600_000
/** One in so many happened in the last hour, so that alerts are due and charts of the day have rows. */
const RECENT = 10
/** Of the artists of the platform, the catalogue knows the most popular ones. */
const CATALOGUED = 200

export type HonestEvent = KnownEvent & { payload: LedgerEvent }

/** Numbers of the artists whose figures are known: nobody else names them. */
const known = new Set(Array.from({ length: 1000 }, (_, number) => artistOf(number)))

/** The artists of the platform that the catalogue has. */
export const cataloguedArtists = artists.slice(0, CATALOGUED).filter(({ id }) => !known.has(id))

/** The events of client `client` that name known artists; the same for the same seed. */
export function knownArtistEvents(client: number, seed: number): Generator<HonestEvent> {
  return knownEvents(`${HONEST}${client}`, seed + client) as Generator<HonestEvent>
}

/** Events of the whole platform in the year before `now`, without those that name a known artist. */
export function* platformEvents(client: number, seed: number, now: number): Generator<HonestEvent> {
  let number = 0
  for (let group = 0; ; group++) {
    for (const event of shuffledGroup((seed % 1000) * 100_000 + client * 10_000 + group)) {
      if (event.entityType === 'artist' && known.has(event.entityId)) continue
      const at = Date.parse(event.timestamp) - YEAR_START
      const ago = number % RECENT === 0 ? at % HOUR_MS : YEAR_MS - at
      const timestamp = new Date(now - ago).toISOString()
      yield { artist: '', payload: { ...event, timestamp, eventId: `${HONEST}${client}-${number++}` } }
    }
  }
}
