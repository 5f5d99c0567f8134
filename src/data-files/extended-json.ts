/**
 * MongoDB Extended JSON, as `mongoexport` writes it: version 2, canonical and relaxed, and of version 1 the forms that
 * differ. A value that JSON lacks is an object there whose first name begins with `$` and says the type.
 *
 * The driver's `EJSON` reads less exactly: it rounds or wraps long numbers, takes `5x` for 5 and `1 Jan 2020` for a date,
 * ignores other fields beside `$oid`, and throws where a dump should give a dead letter.
 */

import { MAX_DIGITS } from '../events/bounds.ts'
import { digitsOf, type ExactNumber, isExactNumber, wholeNumber } from '../events/exact-json.ts'
import type { Instant } from '../storage/storage.ts'
import { plainDecimal } from './decimal.ts'

/** The years that relaxed Extended JSON writes as text. */
const FIRST_TEXT = Date.parse('1970-01-01T00:00:00Z')
const LAST_TEXT = Date.parse('9999-12-31T23:59:59.999Z')

/** A date as Extended JSON writes it. */
export function dateDocument(instant: Instant): { $date: string | { $numberLong: string } } {
  const isText = instant >= FIRST_TEXT && instant <= LAST_TEXT
  return { $date: isText ? new Date(instant).toISOString() : { $numberLong: String(instant) } }
}

/** An id as Extended JSON writes it: what looks like an ObjectId was one, or can be. */
export function idDocument(id: string): string | { $oid: string } {
  return /^[0-9a-f]{24}$/.test(id) ? { $oid: id } : id
}

type Fields = Record<string, unknown>

/** The value as Extended JSON writes it: a whole number that no double holds is a `$numberLong`, beyond 64 bits a `$numberDecimal`. */
export function extendedValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (isExactNumber(value)) {
    return isLong(value.rawJSON) ? { $numberLong: value.rawJSON } : { $numberDecimal: value.rawJSON }
  }
  if (Array.isArray(value)) return value.map(extendedValue)
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, extendedValue(field)]))
}

/**
 * The plain value of what `parseJson` gave: ids, UUIDs and dates become text (hexadecimal, ISO 8601), numbers become
 * numbers; decimals become text, except whole ones beyond 64 bits; undefined becomes null. What has no plain form (NaN, a
 * regular expression, a reference) stays as it is: `validateEvent` refuses it in a field that it reads, and `unreadValue`
 * makes text of it elsewhere. Objects are changed in place.
 */
export function plainValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  // Such as 1e999.
  if (isExactNumber(value) && digitsOf(value) === undefined) return { $numberDouble: String(Number(value.rawJSON)) }
  // An own key `__proto__`, as JSON.parse makes it, is assigned like any other.
  const fields = value as Fields
  for (const key in fields) {
    const field = fields[key]
    if (typeof field === 'object') fields[key] = plainValue(field)
  }
  return Array.isArray(value) ? value : unwrap(fields)
}

/**
 * A plain value that no rule reads: what has no plain form becomes text, so that it can't be refused. The text is the one
 * inside (`NaN`, the code of a function, the base64 of binary data) where there is only one, else the Extended JSON itself.
 * Objects are changed in place.
 */
export function unreadValue(plain: unknown): unknown {
  if (typeof plain !== 'object' || plain === null) return plain
  if (isExactNumber(plain)) return plain.rawJSON.replace('-', '').length > MAX_DIGITS ? plain.rawJSON : plain
  const fields = plain as Fields
  const name = typeName(fields)
  if (name !== undefined) return asText(fields, name)
  for (const key in fields) {
    const field = fields[key]
    if (typeof field === 'object') fields[key] = unreadValue(field)
  }
  return fields
}

/** `plainValue` of a field that is a number: a decimal becomes one where a double holds it (`2.0` is 2), else stays text. */
export function plainNumber(value: unknown): unknown {
  const plain = plainValue(value)
  const wasWrapped = typeof plain === 'string' && typeof value === 'object'
  return wasWrapped ? (doubleOf(plain) ?? plain) : plain
}

/** The number of a decimal text; undefined where a double would round it. */
function doubleOf(text: string): number | undefined {
  const shortest = text.includes('.') ? text.replace(/\.?0+$/, '') : text
  const number = Number(shortest)
  return String(number) === shortest ? number : undefined
}

/** A decimal as Extended JSON writes it: a number, or a `$numberDecimal` where a double would round it. */
export function decimalDocument(text: string): number | { $numberDecimal: string } {
  return doubleOf(text) ?? { $numberDecimal: text }
}

/** The plain value of a wrapped one; the object itself where it is not wrapped, or has no plain form. */
export function unwrap(fields: Fields): unknown {
  const name = typeName(fields)
  if (name === undefined) return fields
  const others = Object.keys(fields).length - 1
  // Version 1 writes binary data as {"$binary": "…", "$type": "04"}.
  const isOldBinary = name === '$binary' && others === 1 && fields.$type !== undefined
  const value = isOldBinary ? { base64: fields.$binary, subType: fields.$type } : fields[name]
  const plain = others === 0 || isOldBinary ? TYPES.get(name)?.(value) : undefined
  return plain === undefined ? fields : plain
}

/** The name of the type where the first name is one. */
function typeName(fields: Fields): string | undefined {
  for (const key in fields) return key.charCodeAt(0) === 36 && TYPES.has(key) ? key : undefined
  return undefined
}

function asText(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value === 'string' && (Object.keys(fields).length === 1 || name === '$binary')) return value
  const base64 = name === '$binary' && (value as { base64?: unknown } | null)?.base64
  return typeof base64 === 'string' ? base64 : JSON.stringify(fields)
}

/** The plain value; undefined where there is none. */
type Reader = (value: unknown) => string | number | ExactNumber | null | undefined

const NO_PLAIN_FORM: Reader = () => undefined

const TYPES: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['$oid', readOid],
  ['$uuid', readUuid],
  ['$binary', readBinary],
  ['$date', readDate],
  ['$numberInt', readInteger],
  ['$numberLong', readInteger],
  ['$numberDouble', readDouble],
  ['$numberDecimal', readDecimal],
  ['$symbol', value => (typeof value === 'string' ? value : undefined)],
  ['$undefined', () => null],
  ...['$code', '$timestamp', '$regularExpression', '$regex', '$ref', '$dbPointer', '$minKey', '$maxKey'].map(
    name => [name, NO_PLAIN_FORM] as const,
  ),
])

function readOid(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{24}$/i.test(value) ? value.toLowerCase() : undefined
}

function readUuid(value: unknown): string | undefined {
  const isUuid = typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
  return isUuid ? value.toLowerCase() : undefined
}

/** Subtype 4, and 3 of old drivers, are UUIDs; their bytes are in the order of the digits. */
function readBinary(value: unknown): string | undefined {
  const { base64, subType } = (value ?? {}) as Fields
  if (typeof base64 !== 'string' || typeof subType !== 'string' || !/^0?[34]$/.test(subType)) return undefined
  const hex = Buffer.from(base64, 'base64').toString('hex')
  return readUuid(hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'))
}

function readDate(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value !== 'number') return undefined
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

function readInteger(value: unknown): number | ExactNumber | undefined {
  if (typeof value === 'number' || isExactNumber(value)) return value
  return typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? wholeNumber(value) : undefined
}

/** Text, except a whole number beyond 64 bits: `extendedValue` writes such a number as a decimal. */
function readDecimal(value: unknown): string | number | ExactNumber | undefined {
  const text = plainDecimal(value)
  return text !== undefined && /^-?\d{19,34}$/.test(text) && !isLong(text) ? wholeNumber(text) : text
}

function isLong(digits: string): boolean {
  const number = BigInt(digits)
  return BigInt.asIntN(64, number) === number
}

function readDouble(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  const isNumber = typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)
  const number = isNumber ? Number(value) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}
