/**
 * Turns what clients send into a normalised event, or into the list of all the rules that it breaks.
 *
 * Every event passes here, so the usual case makes no messages and no copies. The schema itself is not what decides: it
 * knows neither lone surrogates nor numbers of any length, and its compiled check before this pass made both slower.
 */
import type { Fault } from '../errors.ts'
import type { Instant } from '../storage/storage.ts'
import { type IngestedEvent, type IngestionDecision, isFeedbackType, type Metadata, type StatsEvent } from './event.ts'
import { type Fields, isFields } from './exact-json.ts'
import { checkFeedback } from './feedback.ts'
import { checkName, parseId } from './field.ts'
import { eventFields } from './schema.ts'
import { EventState, Scope } from './scope.ts'

/** The path of faults of the id that came in the HTTP header. */
const ID_HEADER = 'Idempotency-Key'

export interface ValidationContext {
  /** The id in the request's `Idempotency-Key` header; empty is absent. */
  id?: string
  now: Instant
  /** ISO 4217. */
  defaultCurrency: string
  /** Seconds. */
  playMinSeconds: number
  /** Characters of the faults; more are left out, which the last one says. */
  maxFaultCharacters?: number
  /** Makes the id of an event that has none. */
  newId: () => string
}

export type Validation =
  | ({ ok: true } & IngestedEvent)
  /** `id`: the event's own if it can be used, else a new one. */
  | { ok: false; id: string; faults: [Fault, ...Fault[]] }

/** Checks and normalises one event as a client sent it. Never throws for what `JSON.parse` gives. */
export function validateEvent(raw: unknown, context: ValidationContext): Validation {
  const state = new EventState(context)
  const scope = new Scope(state)
  if (!isFields(raw)) {
    scope.fault('', 'not_an_object', 'must be a JSON object')
    return refusal(state, idFrom(undefined, context.id, scope) ?? context.newId())
  }
  for (const name in raw) if (!Object.hasOwn(eventFields, name)) checkName(name, scope)
  const eventId = idFrom(raw.eventId, context.id, scope) ?? context.newId()
  const event = parseEvent(raw, eventId, scope)
  return event ? { ok: true, event, decision: decisionOn(event, state, context) } : refusal(state, eventId)
}

/** The event; undefined where something is wrong with it, which `scope` has then. */
function parseEvent(raw: Fields, eventId: string, scope: Scope): StatsEvent | undefined {
  const eventType = eventFields.eventType.parse(raw.eventType, 'eventType', scope)
  const timestamp = eventFields.timestamp.parse(raw.timestamp, 'timestamp', scope)
  const entityId = eventFields.entityId.parse(raw.entityId, 'entityId', scope)
  const entityType = eventFields.entityType.parse(raw.entityType, 'entityType', scope)
  const userId = eventFields.userId.parse(raw.userId, 'userId', scope)
  const anonymous = eventFields.anonymous.parse(raw.anonymous, 'anonymous', scope)
  scope.event.isRefund = eventType === 'order.refunded'
  const metadata = eventFields.metadata.parse(raw.metadata, 'metadata', scope)
  if (isFeedbackType(eventType)) checkFeedback(raw, scope)
  const isRefused = scope.event.faults.all.length > 0
  if (isRefused || eventType === undefined || timestamp === undefined || entityId === undefined) return undefined
  const event: StatsEvent = { eventId, eventType, timestamp, entityId }
  if (entityType !== undefined) event.entityType = entityType
  if (userId !== undefined) event.userId = userId
  if (anonymous) event.anonymous = true
  if (metadata !== undefined) event.metadata = metadata
  return event
}

function decisionOn({ eventType, metadata }: StatsEvent, state: EventState, context: ValidationContext) {
  const decision: IngestionDecision = {}
  if (metadata !== undefined && eventType === 'track.played' && isSkip(metadata, context)) decision.skipped = true
  if (state.needsCurrency) decision.currency = context.defaultCurrency
  return decision
}

/** A duration of 0 is what players send of a track whose length they don't know: half of it says nothing. */
function isSkip({ durationMs, playedMs }: Metadata, { playMinSeconds }: ValidationContext): boolean {
  if (playedMs === 0) return true
  if (durationMs === undefined || playedMs === undefined) return false
  return playedMs < playMinSeconds * 1000 && (durationMs === 0 || playedMs < durationMs / 2)
}

function refusal({ faults }: EventState, id: string): Validation {
  return { ok: false, id, faults: faults.all as [Fault, ...Fault[]] }
}

/** The event's id from body or header, undefined where neither gives a usable one. */
function idFrom(value: unknown, header: string | undefined, scope: Scope): string | undefined {
  const fromHeader = header ? parseId(header, ID_HEADER, scope) : undefined
  const fromBody = eventFields.eventId.parse(value, 'eventId', scope)
  if (fromHeader !== undefined && fromBody !== undefined && fromHeader !== fromBody) {
    scope.fault('eventId', 'id_mismatch', `must be the same as the ${ID_HEADER} header`)
  }
  return fromBody ?? fromHeader
}
