/**
 * The answers as a plain scan of all events gives them: slow and straightforward, the measure of `src/statistics`, of which
 * nothing but types is used here.
 */

import type { AlbumRecord, ArtistRecord, CatalogueRecord } from '../../src/catalogue/catalogue-record.ts'
import type { IngestedEvent } from '../../src/events/event.ts'
import type { ArtistKpis, KpiQuestion } from '../../src/statistics/artist-kpis.ts'
import type { KpiValues } from '../../src/statistics/kpi-totals.ts'
import type { KpiSettings, Kpis, SeriesQuestion } from '../../src/statistics/kpis.ts'
import type { ReleaseQuestion } from '../../src/statistics/release-kpis.ts'
import type { TrendingQuestion } from '../../src/statistics/trending.ts'
import type { TrendingRow } from '../../src/statistics/trending-rows.ts'
import type { UnattributedKey as TypedKey } from '../../src/statistics/unattributed.ts'
import {
  type NaiveRange,
  type NaiveUnit,
  naiveLastPoints,
  naivePoint,
  naivePoints,
  naivePrevious,
  naiveRange,
} from './naive-calendar.ts'
import { type NaiveExcluded, naiveExcluded, shownPlays } from './naive-eligible.ts'
import { naiveFold } from './naive-fold.ts'
import { NAIVE_DECIMALS } from './naive-money.ts'
import { trackKey } from './naive-named.ts'
import { naiveOrder } from './naive-order.ts'
import { type NaiveEvent, naiveCredits } from './naive-rules.ts'
import type { PlainRefs } from './ref.ts'

type UnattributedKey = PlainRefs<TypedKey>

/** `seq`: the event's number in the order of arrival. */
export type ArrivedEvent = NaiveEvent & { seq: number }

export class Naive {
  #events: ArrivedEvent[]
  #facts: ReadonlyMap<string, CatalogueRecord>

  /** Each event once: what is sent again is counted once. `facts`: what the catalogue taught, by thing. */
  constructor(events: readonly IngestedEvent[], facts: ReadonlyMap<string, CatalogueRecord> = new Map()) {
    this.#events = events.map((event, i) => ({ ...naiveCredits(event), seq: i + 1 }))
    this.#facts = facts
  }

  kpis({ artistId, ...question }: KpiQuestion, settings: KpiSettings): ArtistKpis | 'too_many_points' {
    const kpis = kpisOf(this.eventsOf(artistId), question, settings, shown)
    return kpis === 'too_many_points' ? kpis : { artistId, ...kpis }
  }

  /** Of an album or a track: each event or order line that names it counts once. */
  releaseKpis({ kind, id, ...question }: ReleaseQuestion, settings: KpiSettings): Kpis | 'too_many_points' {
    const events = this.#counted().map(event => {
      const names = (credit: { album?: string }) =>
        kind === 'album'
          ? credit.album === `album:${id}`
          : event.measure !== 'purchases' && event.track === `track:${id}`
      return { ...event, credits: event.credits.filter(names) }
    })
    return kpisOf(once(events.filter(({ credits }) => credits.length > 0)), question, settings, shown)
  }

  /** Of all events, each or each order line once. */
  overview(question: SeriesQuestion, settings: KpiSettings): Kpis | 'too_many_points' {
    return kpisOf(once(this.#counted()), question, settings, (events, currency) => {
      const plays = events.filter(({ measure }) => measure === 'plays')
      const owners = plays.flatMap(({ credits }) => credits.map(({ key }) => this.owner(key)))
      return {
        ...shown(events, currency),
        activeArtists: new Set(owners.filter(owner => /^(artist|name):/.test(owner))).size,
        activeTracks: new Set(plays.map(({ track }) => track).filter(track => track !== undefined)).size,
      }
    })
  }

  trending(
    { kind, genre, period, limit, mode }: TrendingQuestion,
    now: number,
    chartLimit: number | null,
  ): TrendingRow[] {
    const length = { day: 1, week: 7, month: 30, year: 365 }[period] * 86_400_000
    const keysOf = (event: NaiveEvent): string[] => {
      if (!event.counted) return []
      if (kind === 'artists') {
        if (event.measure !== 'follows') return []
        return event.credits.map(({ key }) => this.owner(key)).filter(owner => /^(artist|name):/.test(owner))
      }
      if (event.measure !== 'plays') return []
      const entity = kind === 'tracks' ? event.track : event.album
      const key = entity && split(entity)[1]
      if (key === undefined || (genre !== undefined && this.#genre(key) !== naiveFold(genre))) return []
      return [key]
    }
    const spans = [
      { from: now - length + 1, to: now + 1 },
      { from: now - 2 * length + 1, to: now - length + 1 },
    ]
    const [excluded, excludedBefore] = spans.map(span =>
      naiveExcluded(kind === 'artists' ? [] : within(this.#events, span), keysOf, chartLimit),
    ) as [NaiveExcluded, NaiveExcluded]
    const [window, before] = spans.map(span => tally(this.#events, keysOf, span)) as [Tallies, Tallies]
    for (const [key, { listener, anonymous }] of excluded) window.get(key)!.count -= listener + anonymous
    for (const [key, { listener, anonymous }] of excludedBefore) before.get(key)!.count -= listener + anonymous
    const previousOrder = [...before]
      .filter(([, { count }]) => count > 0)
      .sort(byCount)
      .map(([key]) => key)
    const previous = (key: string) => Math.max(0, before.get(key)?.count ?? 0)
    let order = [...window].filter(([, { count }]) => count > 0).sort(byCount)
    const score = (count: number, previousCount: number) =>
      (count - previousCount) / Math.sqrt(count + previousCount + 10)
    if (mode === 'rising') {
      const rising = order.map(([key, { count, last }]) => [key, { count: score(count, previous(key)), last }] as const)
      order = rising.filter(([, { count }]) => count > 0).sort(byCount) as typeof order
    }
    return order.slice(0, limit).map(([key], i) => {
      const { count } = window.get(key) as Tally
      const place = {
        key,
        count,
        rank: i + 1,
        previousRank: previousOrder.includes(key) ? previousOrder.indexOf(key) + 1 : null,
        previousCount: previous(key),
        enriched: false,
      }
      const growth = { count, previousCount: previous(key), shrinkage: 10 }
      const scored = mode === 'rising' ? { ...place, score: score(count, previous(key)), growth } : place
      return this.row(kind, key, kind === 'artists' ? scored : { ...scored, ...shownPlays(count, excluded.get(key)) })
    })
  }

  /** All keys that are bound to no artist, in order. */
  unattributed(): UnattributedKey[] {
    const keys = new Set(this.#counted().flatMap(({ credits }) => credits.map(({ key }) => key)))
    const rows = [...keys]
      .filter(key => !this.owner(key).startsWith('artist:'))
      .map((key): UnattributedKey => {
        const events = this.#counted().filter(({ credits }) => credits.some(credit => credit.key === key))
        const own = events.map(event => ({ ...event, credits: event.credits.filter(c => c.key === key) }))
        const { plays, likes, follows, purchases } = shown(own, 'EUR')
        const [kind, id] = split(key)
        return {
          subject: key,
          kind: kind as UnattributedKey['kind'],
          id: kind === 'none' ? null : id,
          name: this.#name(this.owner(key)),
          plays,
          likes,
          follows,
          purchases,
          total: plays + likes + follows + purchases,
          lastEventAt: iso(Math.max(...own.map(({ at }) => at)), 'UTC'),
        }
      })
    return rows.sort((a, b) => b.total - a.total || (a.subject < b.subject ? -1 : 1))
  }

  /** Whose figures a question for an artist gets: of the second, only where the first is no known artist. */
  ownersAskedFor(artistId: string): string[] {
    const artist = this.#canonical(`artist:${artistId}`)
    const isKnown =
      [...this.#facts].some(([thing, fact]) => thing === artist || namesArtist(fact, artist)) ||
      this.#counted().some(({ credits }) => credits.some(({ key }) => key === artist)) ||
      this.#events.some(({ associations }) =>
        associations.some(({ from, to }) => from === artist || isNamed(from, to, artist)),
      )
    return isKnown ? [artist] : [artist, `name:${naiveFold(artistId)}`]
  }

  plays(): NaiveEvent[] {
    return this.#counted().filter(({ measure }) => measure === 'plays')
  }

  /** Whom a key belongs to. */
  owner(key: string): string {
    return this.#canonical(this.#boundTo(key))
  }

  #boundTo(key: string): string {
    const [kind] = split(key)
    if (kind === 'name') return this.#ownerOfName(key)
    if (kind !== 'album') return key
    const fact = this.#album(key)
    if (fact?.artistId) return `artist:${fact.artistId}`
    const catalogued = fact?.name ? this.#ownerOfName(`name:${naiveFold(fact.name)}`) : undefined
    if (catalogued?.startsWith('artist:')) return catalogued
    const artist = this.#most(key, 'artist')
    if (artist) return artist
    if (catalogued) return catalogued
    const name = this.#most(key, 'name')
    return name ? this.#ownerOfName(name) : key
  }

  #ownerOfName(name: string): string {
    const bearers = [...this.#facts]
      .filter(([, fact]) => fact.kind === 'artist' && fact.name !== null && `name:${naiveFold(fact.name)}` === name)
      .map(([artist]) => artist)
    if (bearers.length > 1) return name
    return bearers[0] ?? this.#most(name, 'artist') ?? name
  }

  #canonical(artist: string): string {
    const fact = this.#facts.get(artist)
    return fact?.kind === 'alias' ? `artist:${fact.artistId}` : artist
  }

  #album(album: string): AlbumRecord | undefined {
    const fact = this.#facts.get(album)
    return fact?.kind === 'album' ? fact : undefined
  }

  #artist(artist: string): ArtistRecord | undefined {
    const fact = this.#facts.get(artist)
    return fact?.kind === 'artist' ? fact : undefined
  }

  #counted(): ArrivedEvent[] {
    return this.#events.filter(({ counted }) => counted)
  }

  /** The counted events of an artist, each with only the credits that are the artist's. */
  eventsOf(artistId: string): ArrivedEvent[] {
    const wanted = this.ownersAskedFor(artistId)
    return this.#counted()
      .map(event => ({
        ...event,
        credits: event.credits.filter(({ key }) => wanted.includes(this.owner(key))),
      }))
      .filter(({ credits }) => credits.length > 0)
  }

  /** The albums that belong to an artist, with what the catalogue says of each. */
  albumsOf(artistId: string): { id: string; record: AlbumRecord | undefined }[] {
    const wanted = this.ownersAskedFor(artistId)
    const named = this.#events.flatMap(({ associations }) => associations.map(({ from }) => from))
    const albums = [...new Set([...named, ...this.#facts.keys()])].filter(thing => thing.startsWith('album:'))
    const own = albums.filter(album => wanted.includes(this.owner(album)))
    return own.map(album => ({ id: split(album)[1], record: this.#album(album) }))
  }

  #genre(track: string): string | undefined {
    const own = this.#most(`track:${track}`, 'genre')
    const album = this.#most(`track:${track}`, 'album')
    const catalogued = album && this.#album(album)?.genre
    const genre = own ?? (album && this.#most(album, 'genre'))
    return catalogued ? naiveFold(catalogued) : genre && split(genre)[1]
  }

  #name(owner: string | undefined): string | null {
    if (owner === undefined || owner.startsWith('album:') || owner === 'none') return null
    return this.#artist(owner)?.name ?? (split(this.#most(owner, 'label') ?? 'label:')[1] || null)
  }

  /** How a thing is spelled. */
  label(thing: string): string | null {
    const [kind, id] = split(thing)
    if (kind === 'track') return this.#trackTitle(id)
    return kind === 'album' ? (this.#album(thing)?.title ?? null) : this.#name(thing)
  }

  /** What the catalogue calls a track: of several albums' titles the first by code points; else what most events do. */
  #trackTitle(key: string): string | null {
    const listed = [...this.#facts].flatMap(([album, fact]) => {
      if (fact.kind !== 'album') return []
      const titles = fact.tracks.map(({ id, title }) => [trackKey(id, split(album)[1]), title] as const)
      return titles.filter(([track], i) => track === key && titles.findIndex(([other]) => other === key) === i)
    })
    const [first] = listed.map(([, title]) => title).sort((a, b) => Buffer.from(a).compare(Buffer.from(b)))
    return first ?? (split(this.#most(`track:${key}`, 'label') ?? 'label:')[1] || null)
  }

  /** With what is known of a track, an album or an artist. */
  row(kind: TrendingQuestion['kind'], key: string, place: Omit<TrendingRow, 'type' | 'id'>): TrendingRow {
    if (kind === 'artists') {
      const id = split(key)[1]
      return {
        ...place,
        id: key === `name:${id}` ? key : id,
        entityId: id,
        type: 'artist',
        name: this.#name(key),
        profileImage: null,
      } as TrendingRow
    }
    const nothing = { coverImage: null, url: null, title: null }
    if (kind === 'albums') {
      const artistName = this.#name(this.owner(`album:${key}`))
      const title = this.#album(`album:${key}`)?.title ?? null
      return { ...place, ...nothing, title, id: key, albumId: key, type: 'album', artistName } as TrendingRow
    }
    const album = this.#most(`track:${key}`, 'album')
    const ofAlbum = album && this.owner(album)
    const name = this.#most(`track:${key}`, 'name')
    const artist = this.#most(`track:${key}`, 'artist') ?? name
    const ofTrack = artist && this.owner(artist)
    const albumId = album ? split(album)[1] : null
    return {
      ...place,
      ...nothing,
      id: key,
      trackId: albumId && (key.startsWith(`${albumId}_`) ? key.slice(`${albumId}_`.length) : key),
      albumId,
      type: 'track',
      title: this.#trackTitle(key),
      artistName: this.#name(ofAlbum && !ofAlbum.startsWith('album:') ? ofAlbum : ofTrack),
    } as TrendingRow
  }

  /** What most events named together with a thing, of a kind; the smaller id where that is equal. */
  #most(thing: string, kind: string): string | undefined {
    const counts = new Map<string, number>()
    for (const { from, to } of this.#events.flatMap(({ associations }) => associations)) {
      if (from === thing && split(to)[0] === kind) counts.set(to, (counts.get(to) ?? 0) + 1)
    }
    return [...counts].sort(([a, x], [b, y]) => y - x || naiveOrder(split(a)[1], split(b)[1]))[0]?.[0]
  }
}

/** Whether the catalogue named an artist, with an album or by another form of its id. */
function namesArtist(fact: CatalogueRecord, artist: string): boolean {
  return fact.kind !== 'artist' && artist === `artist:${fact.artistId}`
}

/** Whether an album or a name was named with an artist; a track alone makes nobody known. */
const isNamed = (from: string, to: string, artist: string): boolean => to === artist && !from.startsWith('track:')

function split(thing: string): [string, string] {
  const [kind, ...id] = thing.split(':')
  return [kind as string, id.join(':')]
}

interface Tally {
  count: number
  last: number
}

type Tallies = Map<string, Tally>

function tally(events: readonly NaiveEvent[], keysOf: (event: NaiveEvent) => string[], range: NaiveRange): Tallies {
  const tallies: Tallies = new Map()
  for (const event of within(events, range)) {
    for (const key of keysOf(event)) {
      const { count, last } = tallies.get(key) ?? { count: 0, last: event.at }
      tallies.set(key, { count: count + event.by, last: Math.max(last, event.at) })
    }
  }
  return tallies
}

function byCount([a, x]: readonly [string, Tally], [b, y]: readonly [string, Tally]): number {
  const id = (key: string) => key.replace(/^(artist|name):/, '')
  return y.count - x.count || y.last - x.last || naiveOrder(id(a), id(b)) || naiveOrder(a, b)
}

/** The events, where only the first of several artists of an event or an order line counts; money is that of all. */
const once = (events: readonly NaiveEvent[]): NaiveEvent[] =>
  events.map(event => ({
    ...event,
    credits: event.credits.map(credit => (credit.part === 0 ? credit : { ...credit, by: 0 })),
  }))

type Shown = (events: readonly NaiveEvent[], currency: string) => KpiValues

function kpisOf(
  events: readonly NaiveEvent[],
  question: SeriesQuestion,
  { defaultCurrency, now }: KpiSettings,
  shown: Shown,
): Kpis | 'too_many_points' {
  const { startDate, endDate, interval, compare } = question
  const tz = question.tz ?? 'UTC'
  const range = naiveRange(startDate, endDate, tz)
  const inRange = within(events, range)
  const figures = shown(inRange, defaultCurrency)
  const last = Math.max(...inRange.map(({ at }) => at))
  const seriesOf = (points: readonly NaiveRange[]) =>
    points.map(point => ({
      start: iso(point.from, tz),
      end: iso(point.to, tz),
      ...shown(within(events, point), defaultCurrency),
    }))
  const answer: Kpis = {
    period: startDate || endDate ? period(range, tz) : null,
    ...figures,
    lastEventAt: inRange.length > 0 ? iso(last, tz) : null,
  }
  if (interval) {
    const unit = interval as NaiveUnit
    const shownRange = seriesRange(range, inRange, unit, tz, now)
    const points = startDate ? naivePoints(shownRange, unit, tz) : naiveLastPoints(shownRange, unit, tz).points
    if (!points) return 'too_many_points'
    answer.series = seriesOf(points)
    const isShown = ({ at }: NaiveEvent) => points.some(point => at >= point.from && at < point.to)
    if (!inRange.every(isShown)) answer.clipped = true
  }
  if (compare) {
    const before = naivePrevious(range, startDate, endDate, tz, now, compare)
    answer.previous = null
    if (before) {
      const then = shown(within(events, before), defaultCurrency)
      const { revenueByCurrency: _, ...numbers } = then
      const changes = Object.entries(numbers).map(([kpi, earlier]) => {
        const later = Number(figures[kpi as keyof typeof numbers])
        return [kpi, Number(earlier) === 0 ? null : Math.round((later / Number(earlier) - 1) * 10_000) / 100]
      })
      answer.previous = { period: period(before, tz), ...then, change: Object.fromEntries(changes) }
      if (interval) answer.previous.series = seriesOf(naivePoints(before, interval as NaiveUnit, tz) ?? [])
    }
  }
  return answer
}

export function within(events: readonly NaiveEvent[], { from, to }: NaiveRange): NaiveEvent[] {
  return events.filter(({ at }) => at >= from && at < to)
}

/** Signed sums of events by measure and currency: what the days of a year add up to. */
export function signed(events: readonly NaiveEvent[]): Map<string, number> {
  const sums = new Map<string, number>()
  const add = (field: string, by: number) => sums.set(field, (sums.get(field) ?? 0) + by)
  for (const { measure, by, revenue } of events.flatMap(({ credits }) => credits)) {
    add(measure, by)
    if (revenue) add(`revenue ${revenue.currency}`, revenue.minor)
  }
  return sums
}

function shown(events: readonly NaiveEvent[], defaultCurrency: string): KpiValues {
  const sums = signed(events)
  const count = (field: string) => Math.max(0, sums.get(field) ?? 0)
  const major = (currency: string) => count(`revenue ${currency}`) / 10 ** (NAIVE_DECIMALS[currency] as number)
  const currencies = Object.keys(NAIVE_DECIMALS).filter(currency => count(`revenue ${currency}`) > 0)
  const listeners = events.filter(({ measure }) => measure === 'plays').map(({ listener }) => listener)
  return {
    plays: count('plays'),
    uniqueListeners: new Set(listeners.filter(listener => listener !== undefined)).size,
    likes: count('likes'),
    follows: count('follows'),
    purchases: count('purchases'),
    revenue: major(defaultCurrency),
    revenueByCurrency: Object.fromEntries(currencies.map(currency => [currency, major(currency)])),
  }
}

/** The finite range of a series; empty where there is nothing to show. */
export function seriesRange(
  range: NaiveRange,
  events: readonly NaiveEvent[],
  unit: NaiveUnit,
  tz: string,
  now: number,
): NaiveRange {
  let { from, to } = range
  const times = events.map(({ at }) => at)
  if (from === Number.NEGATIVE_INFINITY) {
    if (times.length === 0) return { from: 0, to: 0 }
    from = naivePoint(Math.min(...times), unit, tz).from
  }
  const tomorrow = now + 86_400_000
  if (to === Number.POSITIVE_INFINITY) to = naivePoint(Math.min(tomorrow, Math.max(now, ...times)), unit, tz).to
  return { from, to }
}

export function iso(instant: number, tz: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(tz)
  const isWritable = tz !== 'UTC' && /^[+-]\d\d:\d\d$/.test(local.offset)
  return isWritable
    ? local.toString({ timeZoneName: 'never', smallestUnit: 'millisecond' })
    : new Date(instant).toISOString()
}

export function period({ from, to }: NaiveRange, tz: string): string {
  return `${from === Number.NEGATIVE_INFINITY ? '..' : iso(from, tz)}/${to === Number.POSITIVE_INFINITY ? '..' : iso(to, tz)}`
}
