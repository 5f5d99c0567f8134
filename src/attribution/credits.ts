/**
 * Whom an event belongs to, what it adds, and what it teaches: a pure function of the event alone.
 *
 * The rules are those of `docs/architecture.md`, 'Who an event belongs to'.
 */

import type { EventType, IngestedEvent, Metadata, OrderItem, StatsEvent } from '../events/event.ts'
import { minorUnits, splitMinorUnits } from '../events/money.ts'
import { given, isNobody, isNothing } from '../identity/absent-ids.ts'
import { foldText } from '../identity/fold-text.ts'
import type { Instant } from '../storage/storage.ts'

export type Measure = 'plays' | 'likes' | 'follows' | 'purchases'

/** What one event adds to one attribution key: signed, opposites are negative. */
export interface Credit {
  /** `artist:<id>`, `album:<id>`, `name:<folded name>` or `none`. */
  key: string
  measure: Measure
  /** What is added of the measure: +1 or -1; 0 of a partial refund, which takes back revenue alone. */
  by: 1 | -1 | 0
  /**
   * Place among the credits of its order line or, where the event is no order, of its event: 0, 1, 2, … Who counts a
   * thing once, however many artists are credited with it, counts part 0.
   */
  part: number
  /** The id of the album that the event or the order line names. */
  album?: string
  /** Signed, of orders only. */
  revenue?: { currency: string; minor: number }
}

/** `from` was named with `to`: evidence that an album or name belongs to an artist, or of how a thing is called. */
export interface Association {
  from: string
  to: string
}

export interface CreditedEvent {
  at: Instant
  measure: Measure
  by: 1 | -1
  /** False for a skip: kept and teaching, but adding nothing. */
  counted: boolean
  credits: Credit[]
  /** The user, unless the event is anonymous or its `userId` is nobody's. */
  listener?: string
  /** The key of the track that the event names. */
  track?: string
  /** The id of the album that the event names. */
  album?: string
  associations: Association[]
}

/** The attribution key of what names nobody. */
export const NOBODY = 'none'

const MEASURES: Record<EventType, { measure: Measure; by: 1 | -1 }> = {
  'track.played': { measure: 'plays', by: 1 },
  'track.liked': { measure: 'likes', by: 1 },
  'track.unliked': { measure: 'likes', by: -1 },
  'artist.followed': { measure: 'follows', by: 1 },
  'artist.unfollowed': { measure: 'follows', by: -1 },
  'order.paid': { measure: 'purchases', by: 1 },
  'order.refunded': { measure: 'purchases', by: -1 },
}

/** Credits, track, listener and associations of an event. Never throws for an event that passed validation. */
export function creditEvent({ event, decision }: IngestedEvent): CreditedEvent {
  const { measure, by } = MEASURES[event.eventType]
  const metadata = event.metadata ?? {}
  const { named, kind, entityId } = whoEventNames(event)
  const track = kind === 'track' && entityId !== undefined ? trackKey(entityId, named.album) : undefined
  const credited: CreditedEvent = {
    at: event.timestamp,
    measure,
    by,
    counted: !decision.skipped,
    credits: [],
    associations: associations(named, track, metadata),
  }
  const { userId } = event
  if (!event.anonymous && userId !== undefined && !isNobody(userId)) credited.listener = userId
  if (track !== undefined) credited.track = track
  if (named.album !== undefined) credited.album = named.album
  if (measure === 'purchases') {
    const lines = orderLines(metadata, named, decision.currency)
    for (const line of lines) credited.credits.push(...creditLine(line, by))
    if (metadata.items?.length) credited.associations = distinctAssociations(credited.associations, lines)
  } else {
    credited.credits = attributionKeysOf(named).map((key, part) => withAlbum({ key, measure, by, part }, named))
  }
  return credited
}

/** How many credits `creditEvent` gives, without making them: so that nobody makes too many. */
export function countCredits(event: StatsEvent): number {
  // Most events have neither, and so one credit.
  if (!event.metadata?.items && !event.metadata?.artistIds) return 1
  const { named } = whoEventNames(event)
  const items = isOrder(event) ? (event.metadata?.items ?? []) : []
  const count = ({ artists }: Named) => Math.max(1, artists.length)
  return items.length === 0 ? count(named) : items.reduce((sum, item) => sum + count(whoItemNames(item, named)), 0)
}

const isOrder = ({ eventType }: StatsEvent): boolean => MEASURES[eventType].measure === 'purchases'

/** The artists, album and name that an event, or a line of an order, names. */
interface Named {
  artists: string[]
  album?: string
  name?: string
}

function whoEventNames(event: StatsEvent): { named: Named; kind: string; entityId: string | undefined } {
  const named = whoMetadataNames(event.metadata ?? {})
  const kind = given(event.entityType) ?? (namesArtist(named) ? 'track' : 'artist')
  const entityId = given(event.entityId)
  if (entityId !== undefined) addEntity(named, kind, entityId)
  return { named, kind, entityId }
}

function whoMetadataNames(metadata: Metadata | OrderItem): Named {
  const artists = metadata.artistIds?.filter(id => !isNothing(id)) ?? []
  const artist = given(metadata.artistId)
  if (artists.length === 0 && artist !== undefined) artists.push(artist)
  const named: Named = { artists: artists.length > 1 ? [...new Set(artists)] : artists }
  const album = given(metadata.albumId)
  if (album !== undefined) named.album = album
  const name = [metadata.artist, metadata.artistName].find(isName)
  if (name !== undefined) named.name = name.trim().normalize('NFC')
  return named
}

/** An artist may be called Null or Undefined, other than an id, but none is called as scripts write an object. */
function isName(text: unknown): text is string {
  return typeof text === 'string' && !['', '[object object]'].includes(foldText(text))
}

function namesArtist({ artists, name }: Named): boolean {
  return artists.length > 0 || name !== undefined
}

/** What the entity itself says of artist and album, where the metadata says nothing. */
function addEntity(named: Named, kind: string, entityId: string): void {
  if (kind === 'artist' && named.artists.length === 0) named.artists = [entityId]
  if (named.album !== undefined) return
  if (kind === 'album') named.album = entityId
  else if (kind === 'track' && /^[0-9a-f]{24}_\d+$/i.test(entityId)) named.album = entityId.slice(0, 24)
}

/** The first that applies: artists, album, name, nobody. */
function attributionKeysOf(named: Named): string[] {
  if (named.artists.length > 0) return named.artists.map(id => `artist:${id}`)
  if (named.album !== undefined) return [`album:${named.album}`]
  if (named.name !== undefined) return [`name:${foldText(named.name)}`]
  return [NOBODY]
}

/**
 * A track is its album and its number, so that plays (`1` of an album) and likes (`<album>_1`) meet under one key. A
 * bare number without an album names no track: every album has a track 1.
 */
function trackKey(entityId: string, album: string | undefined): string | undefined {
  if (album === undefined) return /^\d+$/.test(entityId) ? undefined : entityId
  return entityId.length <= 10 && !entityId.startsWith(`${album}_`) ? `${album}_${entityId}` : entityId
}

interface OrderLine {
  named: Named
  genre: Metadata
  revenue: { currency: string; minor: number } | undefined
  /** `partial: true` of the item or of the order; of a refund it means that what was bought is kept. */
  isPartial: boolean
}

/** The lines of an order: its items, each with its own price; an order without items is one line. */
function orderLines(metadata: Metadata, named: Named, defaultCurrency: string | undefined): OrderLine[] {
  const currency = metadata.currency ?? defaultCurrency
  const revenue = (price: string | undefined, ownCurrency = currency, quantity = 1) =>
    price === undefined || ownCurrency === undefined
      ? undefined
      : { currency: ownCurrency, minor: minorUnits(price, ownCurrency) * quantity }
  const items = metadata.items ?? []
  const isPartial = metadata.partial === true
  if (items.length === 0) return [{ named, genre: {}, revenue: revenue(metadata.price), isPartial }]
  const lines = items.map(item => ({
    named: whoItemNames(item, named),
    genre: typeof item.genre === 'string' ? { genre: item.genre } : {},
    revenue: revenue(item.price, item.currency, item.quantity),
    isPartial: isPartial || item.partial === true,
  }))
  const total = revenue(metadata.price)
  if (total && items.every(item => item.price === undefined)) {
    const shares = splitMinorUnits(total.minor, lines.length)
    for (const [i, line] of lines.entries()) line.revenue = { currency: total.currency, minor: shares[i] ?? 0 }
  }
  return lines
}

/** An item that names nothing belongs to whom the order names. */
function whoItemNames(item: OrderItem, ofOrder: Named): Named {
  const named = whoMetadataNames(item)
  return namesArtist(named) || named.album !== undefined ? named : ofOrder
}

function withAlbum(credit: Credit, { album }: Named): Credit {
  if (album !== undefined) credit.album = album
  return credit
}

/** Only a refund is ever partial: what an order says of it means nothing. */
function creditedBy({ isPartial }: OrderLine, by: 1 | -1): Credit['by'] {
  return by === -1 && isPartial ? 0 : by
}

function creditLine(line: OrderLine, by: 1 | -1): Credit[] {
  const keys = attributionKeysOf(line.named)
  const { revenue } = line
  const shares = revenue ? splitMinorUnits(revenue.minor, keys.length) : []
  return keys.map((key, part) => {
    const credit = withAlbum({ key, measure: 'purchases', by: creditedBy(line, by), part }, line.named)
    if (revenue) credit.revenue = { currency: revenue.currency, minor: signed(shares[part] ?? 0, by) }
    return credit
  })
}

/** Without the negative zero that a product would give. */
function signed(minor: number, by: 1 | -1): number {
  return by === 1 ? minor : 0 - minor
}

/** The associations of an order and its lines, each once: evidence is counted in events. */
function distinctAssociations(ofOrder: readonly Association[], lines: readonly OrderLine[]): Association[] {
  const all = [...ofOrder, ...lines.flatMap(line => associations(line.named, undefined, line.genre))]
  return [...new Map(all.map(association => [`${association.from}\0${association.to}`, association])).values()]
}

/** What an event teaches: pairs that it names together, one of each kind, and what tracks and artists are called. */
function associations(named: Named, track: string | undefined, metadata: Metadata): Association[] {
  const taught: Association[] = []
  const teach = (from: string, to: string) => taught.push({ from, to })
  const artist = named.artists.length === 1 ? `artist:${named.artists[0]}` : undefined
  const album = named.album === undefined ? undefined : `album:${named.album}`
  const name = named.name === undefined ? undefined : `name:${foldText(named.name)}`
  const song = track === undefined ? undefined : `track:${track}`
  const genre = typeof metadata.genre === 'string' && !isNothing(metadata.genre) ? foldText(metadata.genre) : ''
  if (album && artist) teach(album, artist)
  if (album && name) teach(album, name)
  if (name && artist) teach(name, artist)
  if (name) teach(name, `label:${named.name}`)
  if (name && artist) teach(artist, `label:${named.name}`)
  if (album && genre) teach(album, `genre:${genre}`)
  if (song) {
    const owner = album ?? artist ?? name
    if (owner) teach(song, owner)
    if (metadata.title) teach(song, `label:${metadata.title}`)
    if (genre) teach(song, `genre:${genre}`)
  }
  return taught
}
