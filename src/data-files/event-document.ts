/** An event as a document of `events.json`: ours, or one of the old service. */
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { currencyDecimals } from '../currencies.ts'
import type { Fault } from '../errors.ts'
import { MAX_ID_LENGTH } from '../events/bounds.ts'
import type { IngestedEvent, IngestionDecision, Metadata, OrderItem } from '../events/event.ts'
import { digitsOf, type Fields, isExactNumber } from '../events/exact-json.ts'
import { validateBoundedEvent } from '../ingestion/event-bounds.ts'
import type { Instant } from '../storage/storage.ts'
import { plainEvent } from './event-values.ts'
import { dateOf, decimalDocument, extendedValue, idDocument } from './extended-json.ts'

/** Hexadecimal digits of a hash: so many that no two documents get the same ones by chance. */
const MADE_ID_LENGTH = 32

export interface EventSettings {
  /** What is more than 24 hours after it is refused. */
  now: Instant
  defaultCurrency: string
  playMinSeconds: number
}

/**
 * The document of an event. `_ruling` is what the settings decided when it arrived: an import takes it over, so that
 * other settings there change no figure.
 */
export function eventDocument({ event, decision }: IngestedEvent): object {
  return {
    _id: idDocument(event.eventId),
    eventId: event.eventId,
    eventType: event.eventType,
    timestamp: dateOf(event.timestamp),
    userId: event.userId,
    anonymous: event.anonymous ?? false,
    entityType: event.entityType,
    entityId: event.entityId,
    metadata: event.metadata && extendedValue(metadataDocument(event.metadata)),
    _ruling: decision,
  }
}

/** Of an event of another version nothing is known: what has not the form of these fields stays as it is. */
function metadataDocument(metadata: Metadata): object {
  const { items } = metadata
  return Array.isArray(items) ? { ...withPrice(metadata), items: items.map(withPrice) } : withPrice(metadata)
}

/** The price as a number, which others who read the file can add up; the fields stay in their order. */
function withPrice(fields: Metadata | OrderItem): object {
  const isDecimal = typeof fields?.price === 'string' && /^\d+(\.\d+)?$/.test(fields.price)
  return isDecimal ? { ...fields, price: decimalDocument(fields.price!) } : fields
}

/** A refused event as a dead letter keeps it: in plain JSON, under an id that is the same whenever it is read. */
export interface RefusedEvent {
  ok: false
  id: string
  faults: readonly [Fault, ...Fault[]]
}

/** `plain`: the document as a client would send it. */
export type ReadEvent = { plain: Fields } & ({ ok: true; ingested: IngestedEvent } | RefusedEvent)

/**
 * The event of a document, which is changed in place, by the rules of events that come over HTTP. Its id is `eventId`, else
 * `_id`, else one made from all that the document says: so a dump that is imported twice counts once, and of documents
 * without an id that are the same to the last field, one counts.
 */
export function readEventDocument(document: Fields, settings: EventSettings): ReadEvent {
  const plain = plainEvent(document)
  const eventId = plain.eventId ?? documentId(plain)
  const given = readDecision(plain._ruling)
  const read = validateBoundedEvent(
    { ...plain, eventId },
    {
      now: settings.now,
      defaultCurrency: given?.currency ?? settings.defaultCurrency,
      playMinSeconds: settings.playMinSeconds,
      newId: () => documentId(plain),
    },
  )
  if (!read.ok) return { ...read, plain }
  const { event, decision } = read
  if (given === null) return { ok: false, id: event.eventId, faults: [RULING_INVALID], plain }
  if (!given) return { ok: true, ingested: { event, decision }, plain }
  // A price without a currency needs one, even where the document's decision was edited away.
  const needed = decision.currency === undefined || given.currency ? {} : { currency: decision.currency }
  return { ok: true, ingested: { event, decision: { ...given, ...needed } }, plain }
}

const RULING_INVALID: Fault = {
  path: '_ruling',
  code: 'ruling_invalid',
  message: 'must be {"skipped": true, "currency": "EUR"} or less',
}

/** MongoDB takes nearly anything as `_id`: what is no id of an event is only a part of what the document says. */
function documentId(plain: Fields): string {
  const { _id: id } = plain
  if (typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH) return id
  const digits = typeof id === 'number' || isExactNumber(id) ? digitsOf(id) : undefined
  if (digits !== undefined && digits.length <= MAX_ID_LENGTH) return digits
  return createHash('sha256').update(JSON.stringify(plain)).digest('hex').slice(0, MADE_ID_LENGTH)
}

/** The decision of a document; undefined where it has none, null where it is wrong. */
function readDecision(value: unknown): IngestionDecision | undefined | null {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object') return null
  const { skipped, currency } = value as Record<string, unknown>
  const decision: IngestionDecision = {}
  if (skipped === true) decision.skipped = true
  if (typeof currency === 'string' && currencyDecimals(currency) !== undefined) decision.currency = currency
  return isDeepStrictEqual({ ...value }, { ...decision }) ? decision : null
}
