/** Events as the platform's clients send them, and odder ones, clustered where time is difficult. */
import fc from 'fast-check'
import type { Fact } from '../../src/content/facts.ts'
import type { EventType, Metadata, OrderItem, RuledEvent, Ruling, StatsEvent } from '../../src/events/event.ts'
import { naiveSkip } from './naive-rules.ts'

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

const ARTISTS = ['4', '9', '10', 'ar1']
/** Another form of artist 9's id, where the catalogue says so. */
const ALIAS = '65f0000000000000000000a9'
const NAMES = ['DJ Beats', ' dj beats', 'Ana', '10', 'Ámbar', 'Straße', 'STRASSE']
const ALBUMS = ['65f000000000000000000001', '65f000000000000000000002', 'a1', 'a2']
const TRACKS = ['1', '2', '65f000000000000000000001_1', 'spotify:track:77', 'a1_2']
const USERS = ['u1', 'u2', 'u3', 'u4']
const NOBODIES = ['undefined', ' Anonymous', '[object Object]', '\u2003']
const GENRES = ['Rock', 'rock ', 'Jazz', 'ΉΧΟΣ', 'ήχος']

/** What can be asked for. */
export const artistIds = fc.constantFrom(...ARTISTS, ALIAS, 'DJ Beats', 'ana', 'strasse', 'nobody')
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

const some = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)
const maybe = <T>(values: readonly T[]): fc.Arbitrary<T | undefined> =>
  fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 })

const users: fc.Arbitrary<string | undefined> = fc.oneof(
  { weight: 4, arbitrary: maybe(USERS) },
  { weight: 1, arbitrary: some(NOBODIES) },
)

/** On both sides of half a minute, of half a track, and of nothing. */
const durations: fc.Arbitrary<{ playedMs?: number; durationMs?: number }> = fc
  .record({
    playedMs: maybe([0, 1, 19_999, 20_000, 29_999, 30_000]),
    durationMs: maybe([0, 40_000, 200_000]),
  })
  .map(present<{ playedMs?: number; durationMs?: number }>)

const money: fc.Arbitrary<{ price?: string; currency?: string }> = fc.oneof(
  fc.constantFrom('9.99', '0', '14.27', '0.01').map(price => ({ price })),
  fc.record({ price: some(['1.5', '20']), currency: some(['EUR', 'USD']) }),
  fc.constant({ price: '500', currency: 'JPY' }),
  fc.constant({ price: '1.234', currency: 'KWD' }),
  fc.constant({}),
)

type Sent = Omit<StatsEvent, 'eventId' | 'timestamp'>

/** Leaves out what is undefined, as absent fields are. */
function present<T extends object>(fields: { [key in keyof T]: T[key] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}

const frontEndPlay = fc.tuple(some(['1', '2']), some([...ALBUMS, 'undefined']), maybe(NAMES), users, durations).map(
  ([entityId, albumId, artist, userId, played]): Sent =>
    present<Sent>({
      eventType: 'track.played',
      entityType: 'track',
      entityId,
      userId,
      metadata: present<Metadata>({ albumId, artist, ...played }),
    }),
)

const frontEndLike = fc
  .tuple(some<EventType>(['track.liked', 'track.unliked']), some(ALBUMS), maybe(ALBUMS), maybe(NAMES), users)
  .map(
    ([eventType, album, albumId, artist, userId]): Sent =>
      present<Sent>({
        eventType,
        entityType: 'track',
        entityId: `${album}_1`,
        userId,
        metadata: present<Metadata>({ albumId, artist }),
      }),
  )

const follow = fc
  .tuple(
    some<EventType>(['artist.followed', 'artist.followed', 'artist.unfollowed']),
    some([...ARTISTS, ALIAS]),
    maybe(NAMES),
  )
  .map(
    ([eventType, entityId, artistName]): Sent =>
      present<Sent>({
        eventType,
        entityType: 'artist',
        entityId,
        userId: 'u1',
        metadata: artistName === undefined ? undefined : { artistName },
      }),
  )

/** The second client: `entityId` is the artist, whatever happened. */
const scripted = fc
  .tuple(
    some<EventType>(['track.played', 'track.liked', 'artist.followed', 'order.paid']),
    some(ARTISTS),
    maybe(ALBUMS),
    money,
    users,
  )
  .map(
    ([eventType, entityId, albumId, prices, userId]): Sent =>
      present<Sent>({ eventType, entityId, userId, metadata: present<Metadata>({ albumId, ...prices }) }),
  )

const item = fc
  .tuple(
    maybe([...ARTISTS, 'null']),
    maybe(ALBUMS),
    maybe(NAMES),
    money,
    fc.constantFrom(undefined, 1, 3),
    maybe(GENRES),
    maybe([true, false]),
  )
  .map(
    ([artistId, albumId, artist, prices, quantity, genre, partial]): OrderItem =>
      present<OrderItem>({ artistId, albumId, artist, quantity, genre, partial, ...prices }),
  )

const order = fc
  .tuple(
    some<EventType>(['order.paid', 'order.paid', 'order.refunded']),
    money,
    fc.option(fc.array(item, { minLength: 1, maxLength: 3 }), { nil: undefined }),
    fc.option(fc.uniqueArray(some(ARTISTS), { minLength: 2, maxLength: 3 }), { nil: undefined }),
    fc.constantFrom(undefined, undefined, true),
    users,
  )
  .map(
    ([eventType, prices, items, artistIds, partial, userId]): Sent =>
      present<Sent>({
        eventType,
        entityType: 'order',
        entityId: '1764000000000',
        userId,
        metadata: present<Metadata>({ items, artistIds, partial, ...prices }),
      }),
  )

const anything = fc
  .tuple(
    some<EventType>(['track.played', 'track.played', 'track.liked', 'artist.followed', 'artist.unfollowed']),
    maybe(['track', 'album', 'artist']),
    some([...TRACKS, ...ALBUMS]),
    users,
    fc.record({
      albumId: maybe(ALBUMS),
      artistId: maybe([...ARTISTS, 'NaN']),
      artistIds: fc.option(fc.array(some(ARTISTS), { minLength: 1, maxLength: 3 }), { nil: undefined, freq: 4 }),
      artist: maybe(NAMES),
      genre: maybe(GENRES),
      title: maybe(['Song', 'Another']),
    }),
  )
  .map(
    ([eventType, entityType, entityId, userId, metadata]): Sent =>
      present<Sent>({ eventType, entityType, entityId, userId, metadata: present<Metadata>(metadata) }),
  )

const sent = fc.oneof(frontEndPlay, frontEndPlay, frontEndLike, follow, scripted, order, anything, anything)

const rulings: fc.Arbitrary<Ruling> = fc
  .tuple(fc.constantFrom(false, false, false, false, true), fc.constantFrom('EUR', 'EUR', 'USD'))
  .map(([skipped, currency]) => (skipped ? { skipped, currency } : { currency }))

/** Events in the order of their arrival, which is not that of their time; each has an id of its own. */
export function randomEvents(maxLength: number): fc.Arbitrary<RuledEvent[]> {
  const one = fc.tuple(sent, instants, rulings)
  return fc.array(one, { maxLength, size: 'max' }).map(all =>
    all.map(([event, timestamp, ruling], i): RuledEvent => {
      const isPlay = event.eventType === 'track.played'
      const { skipped, currency = 'EUR' } = ruling
      const isSkip = event.metadata?.playedMs === undefined ? skipped : naiveSkip(event.metadata)
      const decided: Ruling = isPlay && isSkip ? { skipped: true, currency } : { currency }
      return { event: { ...event, eventId: `e${i}`, timestamp }, ruling: decided }
    }),
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
export const catalogueFacts: fc.Arbitrary<ReadonlyMap<string, Fact>> = fc
  .record({
    albums: fc.array(
      fc.record({
        id: some(ALBUMS),
        missing: fc.boolean(),
        artistId: fc.option(some(ARTISTS)),
        name: fc.option(some(NAMES)),
        genre: fc.option(some(GENRES)),
      }),
      { maxLength: 3 },
    ),
    artists: fc.array(fc.record({ id: some(['4', '9', '10']), name: fc.option(some(NAMES)) }), { maxLength: 3 }),
    alias: fc.boolean(),
  })
  .map(({ albums, artists, alias }) => {
    const facts = new Map<string, Fact>()
    for (const { id, ...fact } of albums) facts.set(`album:${id}`, { kind: 'album', at: 0, ...fact })
    for (const { id, name } of artists) facts.set(`artist:${id}`, { kind: 'artist', at: 0, name, genre: null })
    if (alias) facts.set(`artist:${ALIAS}`, { kind: 'alias', at: 0, artistId: '9' })
    return facts
  })
