/** The counted events behind the figures of an artist, so that an artist can check them. No answer names a user. */
import { ownerAskedFor } from '../attribution/attribution.ts'
import { type CountedType, fromLogEntry } from '../events/event.ts'
import { majorUnits } from '../events/money.ts'
import type { EntityRef } from '../identity/entity-ref.ts'
import { listenerPseudonym } from '../identity/pseudonym.ts'
import type { PageQuery } from '../paging.ts'
import type { Measure, Snapshot } from '../storage/figures.ts'
import type { Instant, LogReader, Seq } from '../storage/storage.ts'
import { formatInstant, formatPeriod, parseRange, parseTimeZone } from './calendar.ts'
import { type Album, albumRows, type Keyed, keyOf, NO_NUMBER, type Track, trackRows } from './describe.ts'
import { type FactRow, factPage } from './fact-page.ts'
import type { Money } from './kpi-totals.ts'

export interface ArtistEventsQuestion extends PageQuery {
  artistId: string
  /** ISO 8601, `endDate` included. */
  startDate?: string | undefined
  endDate?: string | undefined
  tz?: string | undefined
  measure?: Measure | undefined
  trackKey?: string | undefined
  albumId?: string | undefined
}

export interface ArtistEventsOptions {
  /** What the pseudonyms are made with. */
  secret: string
  now: Instant
}

/** What an event names. */
export type Release = Keyed & (Track | Album)

/** One credit of an event to the artist. */
export interface CountedEvent {
  /** The event's position in the log: events of several credits have several rows. */
  seq: Seq
  /** ISO 8601 in the zone of the question. */
  at: string
  eventType: CountedType
  measure: Measure
  /** What it adds to the figure: +1, -1, or 0 where it changes revenue alone. */
  counts: 1 | -1 | 0
  /** null for an event that names neither a track nor an album, such as most follows. */
  release: Release | null
  /** The pseudonym of the listener for this artist; null for anonymous events. */
  listener: string | null
  /** Signed; null without a price. */
  amount: Money | null
  currency: string | null
}

export interface ArtistEventsPage {
  artistId: string
  /** `start/end` in ISO 8601, as of KPIs; null for all of time. */
  period: string | null
  /** The newest first. */
  items: CountedEvent[]
  /** null on the last page. */
  nextCursor: string | null
}

/**
 * The credits that make the artist's figures in a range: the sum of `counts` over all pages is the KPI of the same range,
 * before it is cut at zero. Empty for an artist, a track or an album that nothing names.
 *
 * Event ids are not shown: clients choose them, and may make them of the user's id.
 * @throws ServiceError 400 for a wrong date, range, time zone or cursor
 */
export async function artistEvents(
  { reads, log }: { reads: Snapshot; log: LogReader },
  { artistId, ...question }: ArtistEventsQuestion,
  { secret, now }: ArtistEventsOptions,
): Promise<ArtistEventsPage> {
  const tz = parseTimeZone(question.tz)
  const range = parseRange(question, tz)
  const answer = { artistId, period: formatPeriod(range, tz) }
  const owner = await ownerAskedFor(reads, artistId)
  const { rows, nextCursor } = await factPage(reads, { ...question, owner, range, now })
  if (owner === undefined || rows.length === 0) return { ...answer, items: [], nextCursor }
  const [artist] = [...(await reads.entitiesOf([owner])).values()] as [EntityRef]
  const [origins, releases] = await Promise.all([originsOf(log, rows), releasesOf(reads, rows)])
  const items = rows.map(({ seq, instant, measure, counts, track, album, listener, amount, currency }) => {
    const { eventType, userId } = origins.get(seq)!
    return {
      seq,
      at: formatInstant(instant, tz),
      eventType,
      measure,
      counts,
      release: releases.get(track ?? album ?? NO_NUMBER) ?? null,
      listener: listener === null ? null : listenerPseudonym(secret, artist, userId!),
      amount: amount === null ? null : majorUnits(BigInt(amount), currency!),
      currency,
    }
  })
  return { ...answer, items, nextCursor }
}

type Origin = { eventType: CountedType; userId?: string }

/** What the log says of the events of rows. */
async function originsOf(log: LogReader, rows: readonly FactRow[]): Promise<Map<Seq, Origin>> {
  const origins = new Map<Seq, Origin>()
  for (const { seq } of rows) {
    if (origins.has(seq)) continue
    const [entry] = await log.readLog(seq - 1, 1)
    // What has facts is of such a type.
    origins.set(seq, fromLogEntry(entry!).event as Origin)
  }
  return origins
}

/** The tracks of rows and, where they have none, their albums, by their numbers. */
async function releasesOf(reads: Snapshot, rows: readonly FactRow[]): Promise<Map<number, Release>> {
  const tracks = new Set(rows.map(({ track }) => track).filter(id => id !== null))
  const albums = new Set(
    rows
      .filter(({ track }) => track === null)
      .map(({ album }) => album)
      .filter(id => id !== null),
  )
  const refs = await reads.entitiesOf([...tracks, ...albums])
  const entities = (kind: 'tracks' | 'albums', ids: ReadonlySet<number>) =>
    [...ids].map(id => ({ id, entity: refs.get(id)!, row: { key: keyOf(kind, refs.get(id)!), enriched: false } }))
  const ofTracks = entities('tracks', tracks)
  const ofAlbums = entities('albums', albums)
  const described = [...(await trackRows(reads, ofTracks)), ...(await albumRows(reads, ofAlbums))]
  return new Map([...ofTracks, ...ofAlbums].map(({ id }, i) => [id, described[i]!]))
}
