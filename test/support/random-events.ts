/** Events as the platform's clients send them, and odder ones, clustered where time is difficult. */
import fc from 'fast-check'
import type { CatalogueRecord } from '../../src/catalogue/catalogue-record.ts'
import type { EventType, IngestedEvent, IngestionDecision, Metadata, StatsEvent } from '../../src/events/event.ts'
import { naiveSkip } from './naive-rules.ts'
import {
  ALBUMS,
  ALIAS,
  ARTISTS,
  album,
  artist,
  entity,
  GENRES,
  maybe,
  NAMES,
  naming,
  seldom,
  some,
  TRACKS,
} from './random-ids.ts'
import { ordersIn, present, type Sent } from './random-orders.ts'

const QUARTER_MS = 900_000
const DAY_MS = 86_400_000

/** Changes of clocks, New Year and other ends of months and weeks, in the zones of `ZONES`. */
const MOMENTS = [
  '2026-03-29T01:00:00Z', // Madrid, forward
  '2026-10-25T01:00:00Z', // Madrid, back
  '2026-04-04T15:00:00Z', // Lord Howe, back by half an hour
  '2026-10-03T15:30:00Z', // Lord Howe, forward
  '2025-12-31T18:15:00Z', // New Year in Kathmandu
  '2025-12-31T13:00:00Z', // New Year on Lord Howe
  '2025-12-31T23:00:00Z', // New Year in Madrid
  '2026-01-01T00:00:00Z',
  '2026-01-04T18:15:00Z', // the first Monday in Kathmandu
].map(iso => Date.parse(iso))

export const ZONES = ['UTC', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Europe/Madrid']

const USERS = ['u1', 'u2', 'u3', 'u4']
export const TITLES = ['Song', 'Another', 'Σίσυφος', 'Ñandú']
const ALBUM_TITLES = ['Song', 'Night Drive', 'noche ámbar']
const DEFAULT_CURRENCIES = ['EUR', 'EUR', 'EUR', 'USD', 'JPY', 'KWD']
const NOBODIES = ['undefined', 'Null', 'NaN', ' Anonymous', '[object Object]', '\u2003']

/** What can be asked for. */
export const artistIds = fc.constantFrom(...ARTISTS, ALIAS, 'DJ Beats', 'ana', 'strasse', 'ÁMBAR', '09', 'nobody')
export const albums = some(ALBUMS)
export const genres = fc.constantFrom('ROCK', 'jazz', 'ήχοσ', 'none')

/** A difficult moment, or a millisecond or a quarter of an hour beside it, or any time some days around it. */
export const instants: fc.Arbitrary<number> = fc
  .tuple(
    fc.constantFrom(...MOMENTS),
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(0, QUARTER_MS, -QUARTER_MS, 4 * QUARTER_MS, -2 * QUARTER_MS) },
      { weight: 1, arbitrary: fc.constantFrom(-1, -2, -7, -14, -30, -60).map(days => days * DAY_MS) },
      { weight: 1, arbitrary: fc.integer({ min: -3 * DAY_MS, max: 3 * DAY_MS }) },
    ),
    fc.constantFrom(0, 0, -1, 1),
  )
  .map(([moment, far, near]) => moment + far + near)

const users: fc.Arbitrary<string | undefined> = fc.oneof(
  { weight: 4, arbitrary: maybe(some(USERS)) },
  { weight: 1, arbitrary: some(NOBODIES) },
)

/** Nothing, or on both sides of half a minute, of half a track, and of nothing. */
const played: fc.Arbitrary<Pick<Metadata, 'playedMs' | 'durationMs'>> = fc.oneof(
  fc.constant({}),
  fc
    .record({
      playedMs: maybe(some([0, 1, 19_999, 20_000, 29_999, 30_000])),
      durationMs: maybe(some([0, 40_000, 200_000])),
    })
    .map(present<Metadata>),
)

type Who = Pick<StatsEvent, 'userId' | 'anonymous'>

const who: fc.Arbitrary<Who> = fc
  .record({ userId: users, anonymous: seldom(fc.constant<true>(true)) })
  .map(present<Who>)

/** A number inside its album. */
const frontEndPlay = fc
  .record({ entityId: some(['1', '2']), albumId: album, artist: maybe(some(NAMES)), title: seldom(some(TITLES)) })
  .map(({ entityId, ...metadata }): Sent => {
    return { eventType: 'track.played', entityType: 'track', entityId, metadata: present<Metadata>(metadata) }
  })

const frontEndLike = fc
  .record({
    eventType: some<EventType>(['track.liked', 'track.unliked']),
    ofAlbum: some(ALBUMS),
    albumId: maybe(some(ALBUMS)),
    artist: maybe(some(NAMES)),
  })
  .map(({ eventType, ofAlbum, ...metadata }): Sent => {
    return { eventType, entityType: 'track', entityId: `${ofAlbum}_1`, metadata: present<Metadata>(metadata) }
  })

const follow = fc
  .record({
    eventType: some<EventType>(['artist.followed', 'artist.followed', 'artist.unfollowed']),
    entityId: artist,
    artistName: maybe(some(NAMES)),
  })
  .map(({ eventType, entityId, artistName }): Sent => {
    return present<Sent>({
      eventType,
      entityType: 'artist',
      entityId,
      metadata: artistName ? { artistName } : undefined,
    })
  })

/** The second client: `entityId` is the artist, whatever happened. */
const scripted = fc
  .record({
    eventType: some<EventType>(['track.played', 'track.liked', 'artist.followed', 'order.paid']),
    entityId: artist,
    albumId: maybe(some(ALBUMS)),
    price: maybe(some(['20', '3'])),
  })
  .map(({ eventType, entityId, ...metadata }): Sent => ({ eventType, entityId, metadata: present<Metadata>(metadata) }))

const feedback = fc
  .record({
    eventType: some<EventType>(['recommendation.shown', 'recommendation.shown', 'recommendation.clicked']),
    entityType: some(['track', 'album', 'artist']),
    entityId: entity,
    albumId: seldom(some(ALBUMS)),
    answer: some(['a1', 'a2', 'a2.model', '']),
    strategy: some(['.model', '.exploration', '.similar', '.genre', '.popular', '.later', '']),
  })
  .map(({ eventType, entityType, entityId, albumId, answer, strategy }): Sent => {
    const metadata = { ...present<Metadata>({ albumId }), recommendationId: `${answer}${strategy}` || '.' }
    return { eventType, entityType, entityId, metadata }
  })

const anything = fc
  .record({
    eventType: some<EventType>(['track.played', 'track.played', 'track.liked', 'artist.followed', 'artist.unfollowed']),
    entityType: some(['track', 'track', 'album', 'artist', 'playlist', 'undefined', undefined, undefined]),
    entityId: entity,
    naming,
    title: seldom(some(TITLES)),
  })
  .map(({ naming, title, ...event }): Sent => {
    return present<Sent>({ ...event, metadata: present<Metadata>({ ...naming, title }) })
  })

/** What arrives at a service with this default currency. */
const arrivalsIn = (currency: string) => {
  const orders = ordersIn(currency)
  const listening = [frontEndPlay, frontEndPlay, frontEndLike, follow, scripted, anything, anything]
  const sent = fc.oneof(...listening, orders, orders, feedback)
  return fc
    .record({ sent, timestamp: instants, who, played, isRuledSkip: fc.nat({ max: 4 }).map(n => n === 0) })
    .map(({ sent, timestamp, who, played, isRuledSkip }) => {
      const isPlay = sent.eventType === 'track.played'
      const event = { ...sent, ...who, timestamp, ...(isPlay && { metadata: { ...sent.metadata, ...played } }) }
      // A play that does not say how long it was may have been a skip by the rules of its time.
      const isSkip = isPlay && (played.playedMs === undefined ? isRuledSkip : naiveSkip(played))
      const decision: IngestionDecision = isSkip ? { skipped: true, currency } : { currency }
      return { event, decision }
    })
}

/** Events in the order of their arrival, which is not that of their time; each has an id of its own. */
export function randomEvents(maxLength: number): fc.Arbitrary<IngestedEvent[]> {
  return fc
    .array(fc.oneof(...DEFAULT_CURRENCIES.map(arrivalsIn)), { maxLength, size: 'max' })
    .map(all =>
      all.map(({ event, decision }, i): IngestedEvent => ({ event: { ...event, eventId: `e${i}` }, decision })),
    )
}

/** A date or date-time near a difficult moment, as `tz` writes it, or none. */
export function dates(tz: string): fc.Arbitrary<string | undefined> {
  const written = fc.tuple(instants, fc.constantFrom('date', 'date', 'instant', 'local')).map(([instant, form]) => {
    if (form === 'instant') return new Date(instant).toISOString()
    const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(tz).toPlainDateTime()
    return form === 'date' ? local.toPlainDate().toString() : local.toString({ smallestUnit: 'millisecond' })
  })
  return fc.option(written, { nil: undefined, freq: 4 })
}

/** What a catalogue may have taught of the same artists and albums: true, odd, or nothing. */
export const catalogueFacts: fc.Arbitrary<ReadonlyMap<string, CatalogueRecord>> = fc
  .record({
    albums: fc.array(
      fc.record({
        id: some(ALBUMS),
        missing: fc.boolean(),
        artistId: fc.option(some(ARTISTS)),
        name: fc.option(some(NAMES)),
        genre: fc.option(some(GENRES)),
        title: fc.option(some(ALBUM_TITLES)),
        releaseDate: fc.option(some(['2026-03-29', '2025-12-31'])),
        releaseYear: fc.option(some([2025, 2026])),
        tracks: fc.array(fc.record({ id: some(TRACKS), title: some(TITLES) }), { maxLength: 3 }),
      }),
      { maxLength: 3 },
    ),
    artists: fc.array(fc.record({ id: some(['4', '9', '10']), name: fc.option(some(NAMES)) }), { maxLength: 3 }),
    shared: fc.option(some(NAMES), { freq: 2 }),
    alias: fc.boolean(),
  })
  .map(({ albums, artists, shared, alias }) => {
    const facts = new Map<string, CatalogueRecord>()
    for (const { id, ...fact } of albums) facts.set(`album:${id}`, { kind: 'album', at: 0, ...fact })
    for (const { id, name } of artists) facts.set(`artist:${id}`, { kind: 'artist', at: 0, name, genre: null })
    // A name that two artists bear.
    for (const id of shared === null ? [] : ['9', '10']) {
      facts.set(`artist:${id}`, { kind: 'artist', at: 0, name: shared, genre: null })
    }
    if (alias) facts.set(`artist:${ALIAS}`, { kind: 'alias', at: 0, artistId: '9' })
    return facts
  })
