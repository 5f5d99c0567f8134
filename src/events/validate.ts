/**
 * The rules of an event: what clients send becomes a normalised event, or the list of all the rules that it breaks.
 *
 * Every event passes here, so the usual case makes no paths, no messages and no copies.
 */
import type { Fault } from '../errors.ts'
import type { Instant } from '../storage/storage.ts'
import { EVENT_TYPES, type EventType, type Json, type Metadata, type OrderItem, type RuledEvent } from './event.ts'
import { currencyDecimals, MAX_MINOR_UNITS, minorUnits, normalisePrice, type PriceFault } from './money.ts'
import { parseTimestamp } from './timestamp.ts'

export const MAX_ID_LENGTH = 256
export const MAX_TEXT_LENGTH = 1000
/** How deep objects and arrays may lie in each other, the metadata itself being the first. */
export const MAX_DEPTH = 20
export const MAX_ITEMS = 1000
export const MAX_ARTISTS = 100
export const MAX_QUANTITY = 1e6
/** Faults beyond it are not reported: an answer and a dead letter stay small, whatever is sent. */
export const MAX_FAULTS = 100

/** The path of faults of the id that came in the HTTP header. */
const ID_HEADER = 'Idempotency-Key'

export interface ValidationContext {
  /** The id in the request's `Idempotency-Key` header; empty is absent. */
  id?: string
  now: Instant
  defaultCurrency: string
  playMinSeconds: number
  /** Makes the id of an event that has none. */
  newId: () => string
}

export type Validation =
  | { ok: true; ruled: RuledEvent }
  /** `id`: the event's own if it can be used, else a new one. */
  | { ok: false; id: string; faults: [Fault, ...Fault[]] }

/** What is gathered while one event is read. */
interface Reading {
  faults: Fault[]
  defaultCurrency: string
  /** Some price names no currency. */
  needsCurrency: boolean
}

type Fields = Record<string, unknown>

/** Checks and normalises one event as a client sent it. Never throws for what `JSON.parse` gives. */
export function validateEvent(raw: unknown, context: ValidationContext): Validation {
  const reading: Reading = { faults: [], defaultCurrency: context.defaultCurrency, needsCurrency: false }
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
  const userId = readId(raw.userId, '', 'userId', reading)
  const anonymous = readFlag(raw.anonymous, reading)
  const metadata = readMetadata(raw.metadata, reading)
  const eventId = id ?? context.newId()
  if (eventType === undefined || timestamp === undefined || entityId === undefined || reading.faults.length > 0) {
    return refusal(reading, eventId)
  }
  const ruled: RuledEvent = { event: { eventId, eventType, timestamp, entityId }, ruling: {} }
  const { event, ruling } = ruled
  if (entityType !== undefined) event.entityType = entityType
  if (userId !== undefined && userId !== 'anonymous') event.userId = userId
  if (anonymous) event.anonymous = true
  if (metadata !== undefined) event.metadata = metadata
  if (metadata !== undefined && eventType === 'track.played' && isSkip(metadata, context)) ruling.skipped = true
  if (reading.needsCurrency) ruling.currency = context.defaultCurrency
  return { ok: true, ruled }
}

function isSkip({ durationMs, playedMs }: Metadata, { playMinSeconds }: ValidationContext): boolean {
  if (durationMs === undefined || playedMs === undefined) return false
  return playedMs < playMinSeconds * 1000 && playedMs < durationMs / 2
}

function refusal({ faults }: Reading, id: string): Validation {
  return { ok: false, id, faults: faults as [Fault, ...Fault[]] }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

function report(reading: Reading, parent: string, key: string, code: string, message: string): void {
  if (reading.faults.length < MAX_FAULTS) reading.faults.push({ path: join(parent, key), code, message })
}

function join(parent: string, key: string): string {
  const name = key.length > MAX_ID_LENGTH ? `${key.slice(0, MAX_ID_LENGTH)}…` : key
  return (parent && name ? `${parent}.${name}` : parent || name).toWellFormed()
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

function readFlag(value: unknown, reading: Reading): boolean {
  if (typeof value === 'boolean') return value
  if (!isAbsent(value)) report(reading, '', 'anonymous', 'wrong_type', 'must be true or false')
  return false
}

/** An id: a string, or an integer, which becomes its decimal string. Null and the empty string are absent. */
function readId(value: unknown, parent: string, key: string, reading: Reading): string | undefined {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return String(value)
    report(reading, parent, key, 'number_invalid', 'must be an integer of at most 9007199254740991, or a string')
    return undefined
  }
  if (typeof value === 'string' || isAbsent(value)) return readText(value, MAX_ID_LENGTH, parent, key, reading)
  report(reading, parent, key, 'wrong_type', 'must be a string or an integer')
  return undefined
}

/** Text of at most `max` characters. Null and the empty string are absent. */
function readText(value: unknown, max: number, parent: string, key: string, reading: Reading): string | undefined {
  if (typeof value !== 'string') {
    if (!isAbsent(value)) report(reading, parent, key, 'wrong_type', 'must be a string')
    return undefined
  }
  if (value === '') return undefined
  const clean = checkText(value, parent, key, reading)
  if (value.length <= max) return clean ? value : undefined
  report(reading, parent, key, 'too_long', `must have at most ${max} characters`)
  return undefined
}

/** No store keeps NUL or half a surrogate pair unchanged. */
function isCleanText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

function checkText(text: string, parent: string, key: string, reading: Reading): boolean {
  if (isCleanText(text)) return true
  report(reading, parent, key, 'text_invalid', 'must not contain NUL or lone surrogates')
  return false
}

/** Refuses the keys that mean something to a store or to JavaScript. */
function checkKey(key: string, parent: string, reading: Reading): boolean {
  const isPrototype = key === '__proto__' || key === 'constructor' || key === 'prototype'
  if (isPrototype || key.charCodeAt(0) === 36 || key.includes('.')) {
    report(reading, parent, key, 'key_forbidden', 'names must not begin with $, contain a dot, or name a prototype')
    return false
  }
  return checkText(key, parent, key, reading)
}

function readMetadata(value: unknown, reading: Reading): Metadata | undefined {
  if (!isFields(value)) {
    if (!isAbsent(value)) report(reading, '', 'metadata', 'wrong_type', 'must be an object')
    return undefined
  }
  const metadata: Metadata = {}
  const currency = readCurrency(value.currency, 'metadata', reading)
  let isEmpty = true
  for (const key in value) {
    const field = readMetadataField(value[key], key, currency, reading)
    if (field === undefined) continue
    metadata[key] = field
    isEmpty = false
  }
  return isEmpty ? undefined : metadata
}

/** The normalised value of a field; undefined where it is absent or refused. */
function readMetadataField(
  value: unknown,
  key: string,
  currency: Currency,
  reading: Reading,
): Json | OrderItem[] | undefined {
  switch (key) {
    case 'durationMs':
    case 'playedMs':
      return readDuration(value, key, reading)
    case 'items':
      return readItems(value, currency, reading)
    case 'currency':
      return currency.own
    default:
      return readNamingField(value, 'metadata', key, currency, 1, reading)
  }
}

/** The fields that metadata and the items of an order have in common. */
function readNamingField(
  value: unknown,
  parent: string,
  key: string,
  currency: Currency,
  depth: number,
  reading: Reading,
): Json | undefined {
  switch (key) {
    case 'albumId':
    case 'artistId':
      return readId(value, parent, key, reading)
    case 'artist':
    case 'artistName':
    case 'title':
    case 'genre':
      return readText(value, MAX_TEXT_LENGTH, parent, key, reading)
    case 'artistIds':
      return readArtistIds(value, parent, reading)
    case 'price':
      return readPrice(value, parent, currency, reading)
    default:
      if (checkKey(key, parent, reading)) checkJson(value, depth + 1, parent, key, reading)
      // The checks keep `__proto__` from being assigned: a refused key comes with a fault, and the event is dropped.
      return key === '__proto__' ? undefined : (value as Json | undefined)
  }
}

function readDuration(value: unknown, key: string, reading: Reading): number | undefined {
  if (isAbsent(value)) return undefined
  if (typeof value !== 'number') report(reading, 'metadata', key, 'wrong_type', 'must be a number of milliseconds')
  else if (value >= 0 && value < Number.POSITIVE_INFINITY) return value + 0
  else report(reading, 'metadata', key, 'number_invalid', 'must be a finite number, not negative')
  return undefined
}

function readArtistIds(value: unknown, parent: string, reading: Reading): string[] | undefined {
  if (isAbsent(value)) return undefined
  if (!Array.isArray(value)) {
    report(reading, parent, 'artistIds', 'wrong_type', 'must be an array of ids')
    return undefined
  }
  if (value.length > MAX_ARTISTS) {
    report(reading, parent, 'artistIds', 'too_many', `must have at most ${MAX_ARTISTS} entries`)
    return undefined
  }
  const path = join(parent, 'artistIds')
  const ids: string[] = []
  for (let i = 0; i < value.length; i++) {
    const id = readId(value[i], path, String(i), reading)
    if (id !== undefined) ids.push(id)
  }
  return ids.length > 0 ? ids : undefined
}

function readItems(value: unknown, currency: Currency, reading: Reading): OrderItem[] | undefined {
  if (isAbsent(value)) return undefined
  if (!Array.isArray(value)) {
    report(reading, 'metadata', 'items', 'wrong_type', 'must be an array of objects')
    return undefined
  }
  if (value.length > MAX_ITEMS) {
    report(reading, 'metadata', 'items', 'too_many', `must have at most ${MAX_ITEMS} entries`)
    return undefined
  }
  const items: OrderItem[] = []
  for (let i = 0; i < value.length; i++) {
    const item: unknown = value[i]
    if (isFields(item)) items.push(readItem(item, `metadata.items.${i}`, currency, reading))
    else report(reading, 'metadata.items', String(i), 'wrong_type', 'must be an object')
  }
  return items.length > 0 ? items : undefined
}

/** An item lies in the items, which lie in the metadata. */
const ITEM_DEPTH = 3

function readItem(raw: Fields, path: string, ofOrder: Currency, reading: Reading): OrderItem {
  const item: OrderItem = {}
  const own = readCurrency(raw.currency, path, reading)
  const currency = isAbsent(raw.currency) ? { ...ofOrder, own: undefined } : own
  for (const key in raw) {
    const field = readItemField(raw[key], path, key, currency, reading)
    if (field !== undefined) item[key] = field
  }
  checkLineTotal(item, path, currency, reading)
  return item
}

function readItemField(value: unknown, path: string, key: string, currency: Currency, reading: Reading) {
  if (key === 'quantity') return readQuantity(value, path, reading)
  if (key === 'currency') return currency.own
  return readNamingField(value, path, key, currency, ITEM_DEPTH, reading)
}

function readQuantity(value: unknown, path: string, reading: Reading): number | undefined {
  if (isAbsent(value)) return undefined
  if (typeof value !== 'number') report(reading, path, 'quantity', 'wrong_type', 'must be an integer')
  else if (Number.isInteger(value) && value >= 1 && value <= MAX_QUANTITY) return value
  else report(reading, path, 'quantity', 'number_invalid', `must be an integer from 1 to ${MAX_QUANTITY}`)
  return undefined
}

function checkLineTotal({ price, quantity }: OrderItem, path: string, currency: Currency, reading: Reading): void {
  if (price === undefined || quantity === undefined) return
  if (minorUnits(price, currency.applies ?? reading.defaultCurrency) * quantity <= MAX_MINOR_UNITS) return
  report(reading, path, 'price', 'price_too_large', PRICE_MESSAGES.price_too_large)
}

/** The currency of prices in an object. */
interface Currency {
  /** What the object itself names. */
  own: string | undefined
  /** What its prices are in; undefined: the default currency. */
  applies: string | undefined
  /** False where it names one that does not exist. */
  known: boolean
}

const UNNAMED: Currency = { own: undefined, applies: undefined, known: true }
const UNKNOWN: Currency = { own: undefined, applies: undefined, known: false }

function readCurrency(value: unknown, parent: string, reading: Reading): Currency {
  if (isAbsent(value)) return UNNAMED
  if (typeof value !== 'string') report(reading, parent, 'currency', 'wrong_type', 'must be a string')
  else {
    const code = value.length === 3 ? value.toUpperCase() : value
    if (currencyDecimals(code) !== undefined) return { own: code, applies: code, known: true }
    report(reading, parent, 'currency', 'currency_unknown', 'must be an ISO 4217 currency code')
  }
  return UNKNOWN
}

const PRICE_MESSAGES: Record<PriceFault, string> = {
  price_invalid: 'must be a number or a decimal string',
  price_negative: 'must not be negative',
  price_too_precise: 'must not have more decimals than its currency',
  price_too_large: `must not exceed ${MAX_MINOR_UNITS} of the smallest unit, times the quantity`,
}

function readPrice(value: unknown, parent: string, currency: Currency, reading: Reading): string | undefined {
  if (isAbsent(value)) return undefined
  if (typeof value !== 'number' && typeof value !== 'string') {
    report(reading, parent, 'price', 'wrong_type', PRICE_MESSAGES.price_invalid)
    return undefined
  }
  const result = normalisePrice(value, currency.applies ?? reading.defaultCurrency)
  if (!result.ok) {
    // Without its currency, nobody knows how precise or large a price may be.
    const isCertain = currency.known || result.fault === 'price_invalid' || result.fault === 'price_negative'
    if (isCertain) report(reading, parent, 'price', result.fault, PRICE_MESSAGES[result.fault])
    return undefined
  }
  if (currency.applies === undefined) reading.needsCurrency = true
  return result.price
}

/** Checks a value that is kept as it came. */
function checkJson(value: unknown, depth: number, parent: string, key: string, reading: Reading): void {
  switch (typeof value) {
    case 'string':
      checkText(value, parent, key, reading)
      return
    case 'number':
      if (!Number.isFinite(value)) report(reading, parent, key, 'number_invalid', 'must be a finite number')
      return
    case 'object':
      if (value !== null) checkNested(value, depth, parent, key, reading)
      return
    case 'boolean':
    case 'undefined':
      return
    default:
      report(reading, parent, key, 'wrong_type', 'must be a JSON value')
  }
}

function checkNested(value: object, depth: number, parent: string, key: string, reading: Reading): void {
  if (depth > MAX_DEPTH) {
    report(reading, parent, key, 'too_deep', `must not be nested more than ${MAX_DEPTH} deep`)
    return
  }
  const path = join(parent, key)
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) checkJson(value[i], depth + 1, path, String(i), reading)
    return
  }
  for (const name in value) {
    if (checkKey(name, path, reading)) checkJson((value as Fields)[name], depth + 1, path, name, reading)
  }
}
