/** The event as the rest of the service knows it: validated and normalised. */
import type { Instant, LogEntry, StoredEntry } from '../storage/storage.ts'
import { type ExactNumber, parseJson } from './exact-json.ts'

/** What a listener does: it counts in the figures of artists. */
export const COUNTED_TYPES = [
  'track.played',
  'track.liked',
  'track.unliked',
  'artist.followed',
  'artist.unfollowed',
  'order.paid',
  'order.refunded',
] as const

/** What a page says of an item that was recommended: it counts in the figures of recommendations, and in no others. */
export const FEEDBACK_TYPES = ['recommendation.shown', 'recommendation.clicked'] as const

export const EVENT_TYPES = [...COUNTED_TYPES, ...FEEDBACK_TYPES] as const

export type CountedType = (typeof COUNTED_TYPES)[number]
export type FeedbackType = (typeof FEEDBACK_TYPES)[number]
export type EventType = CountedType | FeedbackType

/** Every event is asked: two comparisons cost less than a list of types. */
export const isFeedbackType = (type: EventType | undefined): type is FeedbackType =>
  type === 'recommendation.shown' || type === 'recommendation.clicked'

export type Json = string | number | ExactNumber | boolean | null | Json[] | { [key: string]: Json }

/** One line of an order. `price` is a decimal string such as `9.99`, for one piece; `quantity` is at least 1. */
export interface OrderItem {
  artistId?: string
  artistIds?: string[]
  albumId?: string
  artist?: string
  price?: string
  currency?: string
  quantity?: number
  /** Of a refund: true takes back revenue and not the purchase. */
  partial?: boolean
  [unknown: string]: Json | undefined
}

/** What the service understands of an event's metadata; other fields are kept as they came. */
export interface Metadata {
  albumId?: string
  artistId?: string
  artistIds?: string[]
  /** The artist's name. */
  artist?: string
  /** The artist's name, as follows send it. */
  artistName?: string
  title?: string
  genre?: string
  /** A decimal string without trailing zeros, such as `9.99`. */
  price?: string
  /** ISO 4217, upper case. */
  currency?: string
  durationMs?: number
  playedMs?: number
  items?: OrderItem[]
  /** Of a refund: true takes back revenue and not the purchase, of all its lines. */
  partial?: boolean
  /** What a row of an answer with recommendations carries; see `RecommendationId`. */
  recommendationId?: string
  [unknown: string]: Json | OrderItem[] | undefined
}

/**
 * What the client said, normalised: null and the `userId` `anonymous` are absent, ids are strings. Other texts that stand
 * for a missing id, such as `undefined`, are kept as they were sent, and only attribution takes them as absent: an event
 * that an earlier version stored must stay the same event when it is sent again.
 */
export interface StatsEvent {
  eventId: string
  eventType: EventType
  timestamp: Instant
  entityId: string
  entityType?: string
  userId?: string
  anonymous?: true
  metadata?: Metadata
}

/**
 * What the settings decided when the event arrived. It is kept with the event, so that a changed setting rewrites no
 * history, and apart from the content, so that the same event sent again stays a duplicate.
 */
export interface IngestionDecision {
  /** The play was too short to count. */
  skipped?: true
  /** The currency of prices that name none. */
  currency?: string
}

export interface IngestedEvent {
  event: StatsEvent
  decision: IngestionDecision
}

/** The event as the log keeps it: everything but id and timestamp, in a short form. */
type Content = [EventType, string, string | null, string | null, 0 | 1, Metadata?]

/** The entry that the log keeps. Equal events give equal contents, whatever the order of their fields. */
export function toLogEntry({ event, decision }: IngestedEvent): LogEntry {
  const content: Content = [
    event.eventType,
    event.entityId,
    event.entityType ?? null,
    event.userId ?? null,
    event.anonymous ? 1 : 0,
  ]
  if (event.metadata) content.push(sortKeys(event.metadata) as Metadata)
  return {
    id: event.eventId,
    timestamp: event.timestamp,
    content: JSON.stringify(content),
    decision: decision.skipped || decision.currency ? JSON.stringify(decision) : '',
  }
}

/** The event of a log entry; the inverse of `toLogEntry`. */
export function fromLogEntry(entry: StoredEntry): IngestedEvent {
  const [eventType, entityId, entityType, userId, anonymous, metadata] = parseJson(entry.content) as Content
  const event: StatsEvent = { eventId: entry.id, eventType, timestamp: entry.timestamp, entityId }
  if (entityType !== null) event.entityType = entityType
  if (userId !== null) event.userId = userId
  if (anonymous) event.anonymous = true
  if (metadata) event.metadata = metadata
  return { event, decision: entry.decision ? (JSON.parse(entry.decision) as IngestionDecision) : {} }
}

/** The same value with the keys of all objects in order; the value itself where they are. */
function sortKeys(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || isFlatAndSorted(value)) return value
  if (Array.isArray(value)) return value.map(sortKeys)
  const entries = Object.entries(value).filter(([, field]) => field !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, field]) => [key, sortKeys(field)]))
}

/** Most metadata is: it needs no copy. */
function isFlatAndSorted(value: object): boolean {
  let last = ''
  for (const key in value) {
    const field: unknown = (value as Record<string, unknown>)[key]
    if (key < last || (typeof field === 'object' && field !== null)) return false
    last = key
  }
  return true
}
