/**
 * Whom an event is credited to, the facts of these credits, and what it names together: a pure function of the event.
 * The rules are those of `docs/architecture.md`, 'Who an event belongs to'.
 */
import { type CountedType, type IngestedEvent, isFeedbackType, type StatsEvent } from '../events/event.ts'
import { splitMinorUnits } from '../events/money.ts'
import type { AttributionKey, EntityRef } from '../identity/entity-ref.ts'
import type { Association, EventFacts, Fact, Feedback, Measure } from '../storage/figures.ts'
import type { Instant, Seq } from '../storage/storage.ts'
import { associationsOf, associationsOfOrder } from './associations.ts'
import { feedbackOf } from './feedback.ts'
import { attributionKeysOf, entitiesOfEvent, entitiesOfItem, listenerOf, type NamedEntities } from './named-entities.ts'
import { type OrderLine, orderLines, type Revenue } from './order-lines.ts'

/** What one event adds to one attribution key: signed, opposites are negative. */
export interface Credit {
  key: AttributionKey
  measure: Measure
  /** What is added of the measure: +1 or -1; 0 of a partial refund, which takes back revenue alone. */
  by: 1 | -1 | 0
  /**
   * Position among the credits of the order line or, where the event is no order, of the event: 0, 1, 2, … A question
   * that counts an event once, however many artists are credited with it, counts part 0.
   */
  part: number
  /** The album that the event or the order line names. */
  album?: EntityRef<'album'>
  /** Signed; of orders only. */
  revenue?: Revenue
}

export interface CreditedEvent {
  at: Instant
  /** null of feedback, which adds to none. */
  measure: Measure | null
  by: 1 | -1 | 0
  /** False for a skip, which adds nothing to the figures but its associations, and for feedback. */
  counted: boolean
  credits: Credit[]
  /** The `userId`; absent where the event is anonymous. */
  listener?: string
  /** The track that the event names. */
  track?: EntityRef<'track'>
  /** The album that the event names. */
  album?: EntityRef<'album'>
  associations: Association[]
  feedback?: Feedback
}

const MEASURE_OF: Record<CountedType, { measure: Measure; by: 1 | -1 }> = {
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
  const { eventType, timestamp: at } = event
  if (isFeedbackType(eventType)) {
    const feedback = feedbackOf(event, eventType)
    return { at, measure: null, by: 0, counted: false, credits: [], associations: [], feedback }
  }
  const { measure, by } = MEASURE_OF[eventType]
  const metadata = event.metadata ?? {}
  const entities = entitiesOfEvent(event)
  const lines = measure === 'purchases' ? orderLines(metadata, entities, decision.currency) : undefined
  const credited: CreditedEvent = {
    at,
    measure,
    by,
    counted: !decision.skipped,
    credits: lines ? lines.flatMap(line => creditsOfLine(line, by)) : creditsOf(entities, measure, by),
    associations: lines ? associationsOfOrder(entities, metadata, lines) : associationsOf(entities, metadata),
  }
  const listener = listenerOf(event)
  if (listener !== undefined) credited.listener = listener
  if (entities.track !== undefined) credited.track = entities.track
  if (entities.album !== undefined) credited.album = entities.album
  return credited
}

/** How many credits `creditEvent` gives, without making them: an event that gives too many is refused before. */
export function countCredits(event: StatsEvent): number {
  if (isFeedbackType(event.eventType)) return 0
  // Most events have neither list, and so one credit.
  if (!event.metadata?.items && !event.metadata?.artistIds) return 1
  const entities = entitiesOfEvent(event)
  const items = MEASURE_OF[event.eventType].measure === 'purchases' ? (event.metadata.items ?? []) : []
  const lines = items.length === 0 ? [entities] : items.map(item => entitiesOfItem(item, entities))
  return lines.reduce((sum, { artists }) => sum + Math.max(1, artists.length), 0)
}

function creditsOf(entities: NamedEntities, measure: Measure, by: Credit['by']): Credit[] {
  return attributionKeysOf(entities).map((key, part) => {
    const credit: Credit = { key, measure, by, part }
    if (entities.album !== undefined) credit.album = entities.album
    return credit
  })
}

/** The revenue of a line is split among its artists to the minor unit; the first ones take the remainder. */
function creditsOfLine({ entities, revenue, isPartial }: OrderLine, by: 1 | -1): Credit[] {
  // Only a refund can be partial: of an order it means nothing.
  const credits = creditsOf(entities, 'purchases', by === -1 && isPartial ? 0 : by)
  if (!revenue) return credits
  const shares = splitMinorUnits(revenue.minor, credits.length)
  for (const [i, credit] of credits.entries()) {
    credit.revenue = { currency: revenue.currency, minor: signed(shares[i] ?? 0, by) }
  }
  return credits
}

/** The amount times `by`, without the negative zero that the product would give. */
function signed(minor: number, by: 1 | -1): number {
  return by === 1 ? minor : 0 - minor
}

/** What an event adds to the figures. A skip gives no facts; its associations count like those of any other event. */
export function factsOf(seq: Seq, event: CreditedEvent): EventFacts {
  const { counted, associations, feedback } = event
  return { seq, facts: counted ? creditFacts(event) : [], associations, feedback }
}

function creditFacts({ at, listener, track, credits }: CreditedEvent): Fact[] {
  return credits.map(({ key, measure, by, part, album, revenue }) => {
    const fact: Fact = { instant: at, measure, counts: by, key, part }
    // A purchase is of what the order's lines name: they name albums, no tracks.
    if (track !== undefined && measure !== 'purchases') fact.track = track
    if (album !== undefined) fact.album = album
    if (listener !== undefined) fact.listener = listener
    if (revenue) {
      fact.amount = revenue.minor
      fact.currency = revenue.currency
    }
    return fact
  })
}
