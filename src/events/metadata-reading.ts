/** Reading the metadata of an event, and the items of an order in it. */
import { readArtistId, withPlainArtist } from './artist-reading.ts'
import type { Json, Metadata, OrderItem } from './event.ts'
import { isExactNumber } from './exact-json.ts'
import {
  checkJson,
  checkKey,
  type Fields,
  isAbsent,
  isFields,
  join,
  MAX_TEXT_LENGTH,
  type Reading,
  readFlag,
  readId,
  readText,
  report,
} from './field-reading.ts'
import { MAX_MINOR_UNITS, minorUnits } from './money.ts'
import { type Currency, PRICE_MESSAGES, readCurrency, readPrice } from './price-reading.ts'

export const MAX_ITEMS = 200
export const MAX_ARTISTS = 100
export const MAX_QUANTITY = 1e6

/** The normalised metadata; undefined where there is none. */
export function readMetadata(value: unknown, reading: Reading): Metadata | undefined {
  if (!isFields(value)) {
    if (!isAbsent(value)) report(reading, '', 'metadata', 'wrong_type', 'must be an object')
    return undefined
  }
  const metadata: Metadata = {}
  const fields = withPlainArtist(value, 'metadata', reading)
  const currency = readCurrency(fields.currency, 'metadata', reading)
  let isEmpty = true
  for (const key in fields) {
    const field = readMetadataField(fields[key], key, currency, reading)
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
    case 'partial':
      if (reading.isRefund) return readFlag(value, parent, key, reading)
      return readUnknown(value, parent, key, depth, reading)
    default:
      return readUnknown(value, parent, key, depth, reading)
  }
}

/** A field that is kept as it came. */
function readUnknown(value: unknown, parent: string, key: string, depth: number, reading: Reading): Json | undefined {
  if (checkKey(key, parent, reading)) checkJson(value, depth + 1, parent, key, reading)
  // The checks keep `__proto__` from being assigned: a refused key comes with a fault, and the event is dropped.
  return key === '__proto__' ? undefined : (value as Json | undefined)
}

function readDuration(value: unknown, key: string, reading: Reading): number | undefined {
  if (isAbsent(value)) return undefined
  if (typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER) return value + 0
  if (typeof value === 'number' || isExactNumber(value)) {
    report(reading, 'metadata', key, 'number_invalid', `must be a number from 0 to ${Number.MAX_SAFE_INTEGER}`)
  } else report(reading, 'metadata', key, 'wrong_type', 'must be a number of milliseconds')
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
    const id = readArtistId(value[i], path, String(i), reading)
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
  const totals: Totals = new Map()
  for (let i = 0; i < value.length; i++) {
    const item: unknown = value[i]
    if (isFields(item)) items.push(readItem(item, `metadata.items.${i}`, currency, totals, reading))
    else report(reading, 'metadata.items', String(i), 'wrong_type', 'must be an object')
  }
  if (totals.values().some(total => total > MAX_MINOR_UNITS)) {
    report(reading, 'metadata', 'items', 'price_too_large', ORDER_TOO_LARGE)
  }
  return items.length > 0 ? items : undefined
}

/** What the lines of an order come to in each currency, in minor units. */
type Totals = Map<string, number>

const ORDER_TOO_LARGE = `must not come to more than ${MAX_MINOR_UNITS} of the smallest unit of a currency altogether`

/** An item lies in the items, which lie in the metadata. */
const ITEM_DEPTH = 3

function readItem(raw: Fields, path: string, ofOrder: Currency, totals: Totals, reading: Reading): OrderItem {
  const item: OrderItem = {}
  const fields = withPlainArtist(raw, path, reading)
  const own = readCurrency(fields.currency, path, reading)
  const currency = isAbsent(fields.currency) ? { ...ofOrder, own: undefined } : own
  for (const key in fields) {
    const field = readItemField(fields[key], path, key, currency, reading)
    if (field !== undefined) item[key] = field
  }
  addLine(item, path, currency, totals, reading)
  return item
}

function readItemField(value: unknown, path: string, key: string, currency: Currency, reading: Reading) {
  if (key === 'quantity') return readQuantity(value, path, reading)
  if (key === 'currency') return currency.own
  return readNamingField(value, path, key, currency, ITEM_DEPTH, reading)
}

function readQuantity(value: unknown, path: string, reading: Reading): number | undefined {
  if (isAbsent(value)) return undefined
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_QUANTITY) return value
  if (typeof value === 'number' || isExactNumber(value)) {
    report(reading, path, 'quantity', 'number_invalid', `must be an integer from 1 to ${MAX_QUANTITY}`)
  } else report(reading, path, 'quantity', 'wrong_type', 'must be an integer')
  return undefined
}

/** Adds what a line comes to, or reports that it is too much. */
function addLine(item: OrderItem, path: string, currency: Currency, totals: Totals, reading: Reading): void {
  const { price, quantity = 1 } = item
  if (price === undefined) return
  const code = currency.applies ?? reading.defaultCurrency
  const line = minorUnits(price, code) * quantity
  if (line > MAX_MINOR_UNITS) report(reading, path, 'price', 'price_too_large', PRICE_MESSAGES.price_too_large)
  else totals.set(code, (totals.get(code) ?? 0) + line)
}
