/** An event as a document of `events.json`: ours, or one of the old service. */
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { currencyDecimals } from '../currencies.ts'
import type { Fault } from '../errors.ts'
import { MAX_ID_LENGTH } from '../events/bounds.ts'
import type { IngestedEvent, IngestionDecision, Metadata, OrderItem } from '../events/event.ts'
import { digitsOf, type Fields, isExactNumber, isFields } from '../events/exact-json.ts'
import { MetadataSchema, OrderItemSchema } from '../events/metadata.ts'
import { validateBoundedEvent } from '../ingestion/event-bounds.ts'
import type { Instant } from '../storage/storage.ts'
import {
  dateDocument,
  decimalDocument,
  extendedValue,
  idDocument,
  plainNumber,
  plainValue,
  unreadValue,
  unwrap,
} from './extended-json.ts'

/** Hexadecimal digits of a hash: 128 bits, so that no two documents get the same id by chance. */
const MADE_ID_LENGTH = 32

export interface EventSettings {
  /** An event more than 24 hours later is refused. */
  now: Instant
  defaultCurrency: string
  playMinSeconds: number
}

/**
 * The document of an event. `_ruling` is the ingestion decision, made by the settings when the event arrived: an import keeps
 * it, so that other settings there change no figure.
 */
export function eventDocument({ event, decision }: IngestedEvent): object {
  return {
    _id: idDocument(event.eventId),
    eventId: event.eventId,
    eventType: event.eventType,
    timestamp: dateDocument(event.timestamp),
    userId: event.userId,
    anonymous: event.anonymous ?? false,
    entityType: event.entityType,
    entityId: event.entityId,
    metadata: event.metadata && extendedValue(metadataDocument(event.metadata)),
    _ruling: decision,
  }
}

/** An event of another version may have anything in these fields: what has another type stays as it is. */
function metadataDocument(metadata: Metadata): object {
  const { items } = metadata
  return Array.isArray(items) ? { ...withPrice(metadata), items: items.map(withPrice) } : withPrice(metadata)
}

/** With the price as a number, so that other programs can add it up; the fields keep their order. */
function withPrice(fields: Metadata | OrderItem): object {
  const isDecimal = typeof fields?.price === 'string' && /^\d+(\.\d+)?$/.test(fields.price)
  return isDecimal ? { ...fields, price: decimalDocument(fields.price!) } : fields
}

/** A refused event, as a dead letter keeps it: in plain JSON, under an id that is the same each time it is read. */
export interface RefusedEvent {
  ok: false
  id: string
  faults: readonly [Fault, ...Fault[]]
}

/** `plain`: the document as a client would send it. */
export type ReadEvent = { plain: Fields } & ({ ok: true; ingested: IngestedEvent } | RefusedEvent)

/**
 * The event of a document, which is changed in place, by the rules of events that come over HTTP. Its id is `eventId`, else
 * `_id`, else a hash of the whole document: so a dump that is imported twice counts once, and of documents without an id
 * that are equal in all fields, one counts.
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
  // A price without a currency needs one, also where somebody removed it from the document's decision.
  const needed = decision.currency === undefined || given.currency ? {} : { currency: decision.currency }
  return { ok: true, ingested: { event, decision: { ...given, ...needed } }, plain }
}

const RULING_INVALID: Fault = {
  path: '_ruling',
  code: 'ruling_invalid',
  message: 'must be {"skipped": true, "currency": "EUR"} or less',
}

/** MongoDB takes nearly anything as `_id`. One that can be no event's id is hashed with the rest of the document. */
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

/** The fields that the rules of events read; other fields of the metadata and of an order's items are only kept. */
const READ = {
  metadata: new Set(Object.keys(MetadataSchema.properties)),
  item: new Set(Object.keys(OrderItemSchema.properties)),
}
/** Those of them that are numbers. */
const NUMBERS: ReadonlySet<string> = new Set(['price', 'quantity', 'durationMs', 'playedMs'])

/** The document as a client would send the event, in plain JSON. It is changed in place. */
function plainEvent(document: Fields): Fields {
  for (const key in document) if (key !== 'metadata') document[key] = plainValue(document[key])
  if (isNaNValue(document.userId)) document.userId = null
  if (!isFields(document.metadata)) return document
  const metadata = unwrap(document.metadata)
  document.metadata = isFields(metadata) ? plainFields(metadata, READ.metadata) : metadata
  return document
}

/** pandas writes NaN where a value is missing: such an event has no listener. */
function isNaNValue(plain: unknown): boolean {
  return isFields(plain) && (plain.$numberDouble === 'NaN' || plain.$numberDecimal === 'NaN')
}

function plainFields(fields: Fields, read: ReadonlySet<string>): Fields {
  for (const key in fields) {
    const value = fields[key]
    if (!read.has(key)) fields[key] = unreadValue(plainValue(value))
    else if (NUMBERS.has(key)) fields[key] = plainNumber(value)
    else if (key === 'items' && Array.isArray(value)) fields[key] = value.map(plainItem)
    else fields[key] = plainValue(value)
  }
  return fields
}

function plainItem(item: unknown): unknown {
  return isFields(item) ? plainFields(item, READ.item) : plainValue(item)
}
