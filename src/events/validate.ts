/**
 * The rules of an event: what clients send becomes a normalised event, or the list of all the rules that it breaks.
 *
 * Every event passes here, so the usual case makes no paths, no messages and no copies.
 */

import { countCredits } from '../attribution/credits.ts'
import type { Fault } from '../errors.ts'
import type { Instant } from '../storage/storage.ts'
import { charactersOf, MAX_CHARACTERS, MAX_CREDITS } from './bounds.ts'
import { EVENT_TYPES, type EventType, type IngestedEvent, type Metadata, type StatsEvent } from './event.ts'
import { isExactNumber } from './exact-json.ts'
import {
  checkKey,
  isAbsent,
  isFields,
  MAX_ID_LENGTH,
  type Reading,
  readFlag,
  readId,
  readText,
  report,
} from './field-reading.ts'
import { readMetadata } from './metadata-reading.ts'
import { parseTimestamp } from './timestamp.ts'

/** The path of faults of the id that came in the HTTP header. */
const ID_HEADER = 'Idempotency-Key'

export interface ValidationContext {
  /** The id in the request's `Idempotency-Key` header; empty is absent. */
  id?: string
  now: Instant
  defaultCurrency: string
  playMinSeconds: number
  /** Characters of the faults that are told. */
  faultRoom?: number
  /** Makes the id of an event that has none. */
  newId: () => string
}

export type Validation =
  | { ok: true; ingested: IngestedEvent }
  /** `id`: the event's own if it can be used, else a new one. */
  | { ok: false; id: string; faults: [Fault, ...Fault[]] }

/** Checks and normalises one event as a client sent it. Never throws for what `JSON.parse` gives. */
export function validateEvent(raw: unknown, context: ValidationContext): Validation {
  const reading: Reading = {
    faults: [],
    faultRoom: context.faultRoom ?? Number.POSITIVE_INFINITY,
    defaultCurrency: context.defaultCurrency,
    needsCurrency: false,
    isRefund: false,
  }
  if (!isFields(raw)) {
    report(reading, '', '', 'not_an_object', 'must be a JSON object')
    return refusal(reading, readEventId(undefined, context.id, reading) ?? context.newId())
  }
  for (const key in raw) checkKey(key, '', reading)
  const id = readEventId(raw.eventId, context.id, reading)
  const eventType = readEventType(raw.eventType, reading)
  const timestamp = readTimestamp(raw.timestamp, context.now, reading)
  const entityId = readRequiredId(raw.entityId, reading)
  const entityType = readText(raw.entityType, MAX_ID_LENGTH, '', 'entityType', reading)
  const userId = readUserId(raw.userId, reading)
  const anonymous = readFlag(raw.anonymous, '', 'anonymous', reading)
  reading.isRefund = eventType === 'order.refunded'
  const metadata = readMetadata(raw.metadata, reading)
  const eventId = id ?? context.newId()
  if (eventType === undefined || timestamp === undefined || entityId === undefined || reading.faults.length > 0) {
    return refusal(reading, eventId)
  }
  const ingested: IngestedEvent = { event: { eventId, eventType, timestamp, entityId }, decision: {} }
  const { event, decision } = ingested
  if (entityType !== undefined) event.entityType = entityType
  if (userId !== undefined) event.userId = userId
  if (anonymous) event.anonymous = true
  if (metadata !== undefined) {
    event.metadata = metadata
    checkBounds(event, reading)
    if (reading.faults.length > 0) return refusal(reading, eventId)
  }
  if (metadata !== undefined && eventType === 'track.played' && isSkip(metadata, context)) decision.skipped = true
  if (reading.needsCurrency) decision.currency = context.defaultCurrency
  return { ok: true, ingested }
}

/** What an event holds altogether. Only an order with items can have more credits than each of its fields may name. */
function checkBounds(event: StatsEvent, reading: Reading): void {
  if (event.metadata?.items && countCredits(event) > MAX_CREDITS) {
    report(reading, 'metadata', 'items', 'too_many_credits', CREDITS_MESSAGE)
  }
  if (charactersOf(event.metadata) > MAX_CHARACTERS) report(reading, '', 'metadata', 'too_large', CHARACTERS_MESSAGE)
}

const CREDITS_MESSAGE = `must credit at most ${MAX_CREDITS} artists altogether, those of each item counted by themselves`
const CHARACTERS_MESSAGE = `must have at most ${MAX_CHARACTERS} characters in all of its names and texts`

/** A duration of 0 is what players send of a track whose length they don't know: half of it says nothing. */
function isSkip({ durationMs, playedMs }: Metadata, { playMinSeconds }: ValidationContext): boolean {
  if (playedMs === 0) return true
  if (durationMs === undefined || playedMs === undefined) return false
  return playedMs < playMinSeconds * 1000 && (durationMs === 0 || playedMs < durationMs / 2)
}

/** The user. What the old service wrote for nobody is absent. */
function readUserId(value: unknown, reading: Reading): string | undefined {
  return value === 'anonymous' ? undefined : readId(value, '', 'userId', reading)
}

function refusal({ faults }: Reading, id: string): Validation {
  return { ok: false, id, faults: faults as [Fault, ...Fault[]] }
}

/** The event's id from body or header, undefined where neither gives a usable one. */
function readEventId(value: unknown, header: string | undefined, reading: Reading): string | undefined {
  const fromHeader = header ? readId(header, '', ID_HEADER, reading) : undefined
  if (value === '') report(reading, '', 'eventId', 'required', 'must not be empty; leave it out to get an id')
  const fromBody = readId(value, '', 'eventId', reading)
  if (fromHeader !== undefined && fromBody !== undefined && fromHeader !== fromBody) {
    report(reading, '', 'eventId', 'id_mismatch', `must be the same as the ${ID_HEADER} header`)
  }
  return fromBody ?? fromHeader
}

const KNOWN_TYPES: ReadonlySet<unknown> = new Set(EVENT_TYPES)

function readEventType(value: unknown, reading: Reading): EventType | undefined {
  if (KNOWN_TYPES.has(value)) return value as EventType
  if (isAbsent(value)) report(reading, '', 'eventType', 'required', 'is required')
  else if (typeof value !== 'string') report(reading, '', 'eventType', 'wrong_type', 'must be a string')
  else report(reading, '', 'eventType', 'unknown_event_type', `must be one of ${EVENT_TYPES.join(', ')}`)
  return undefined
}

function readTimestamp(value: unknown, now: Instant, reading: Reading): Instant | undefined {
  if (typeof value === 'string' || typeof value === 'number') {
    const instant = parseTimestamp(value, now)
    if (typeof instant === 'number') return instant
    report(reading, '', 'timestamp', instant, TIMESTAMP_MESSAGES[instant])
  } else if (isAbsent(value)) report(reading, '', 'timestamp', 'required', 'is required')
  else if (isExactNumber(value))
    report(reading, '', 'timestamp', 'timestamp_invalid', TIMESTAMP_MESSAGES.timestamp_invalid)
  else report(reading, '', 'timestamp', 'wrong_type', 'must be a string or a number')
  return undefined
}

const TIMESTAMP_MESSAGES = {
  timestamp_invalid: 'must be an ISO 8601 date-time, a date, or integer epoch milliseconds',
  timestamp_in_future: 'must not be more than 24 hours in the future',
}

function readRequiredId(value: unknown, reading: Reading): string | undefined {
  if (isAbsent(value)) report(reading, '', 'entityId', 'required', 'is required')
  else if (value === '') report(reading, '', 'entityId', 'required', 'must not be empty')
  return readId(value, '', 'entityId', reading)
}
