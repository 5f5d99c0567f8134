/** MongoDB Extended JSON (v2), canonical and relaxed, as far as events and figures need it. */
import { type ExactNumber, isExactNumber, wholeNumber } from '../events/exact-json.ts'
import type { Instant } from '../storage/storage.ts'

/** The years that relaxed Extended JSON writes as text. */
const FIRST_TEXT = Date.parse('1970-01-01T00:00:00Z')
const LAST_TEXT = Date.parse('9999-12-31T23:59:59.999Z')

/** A date as Extended JSON writes it. */
export function dateOf(instant: Instant): { $date: string | { $numberLong: string } } {
  const isText = instant >= FIRST_TEXT && instant <= LAST_TEXT
  return { $date: isText ? new Date(instant).toISOString() : { $numberLong: String(instant) } }
}

/** An id as Extended JSON writes it: what looks like an ObjectId was one, or can be. */
export function idDocument(id: string): string | { $oid: string } {
  return /^[0-9a-f]{24}$/.test(id) ? { $oid: id } : id
}

/** The value as Extended JSON writes it: whole numbers that no double holds as long ones, or decimal ones beyond 64 bits. */
export function extendedValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (isExactNumber(value)) {
    return isLong(value.rawJSON) ? { $numberLong: value.rawJSON } : { $numberDecimal: value.rawJSON }
  }
  if (Array.isArray(value)) return value.map(extendedValue)
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, extendedValue(field)]))
}

/**
 * The plain value of what `parseJson` gave: ids and dates become text (hexadecimal, ISO 8601), numbers become numbers;
 * decimal ones become text, except whole ones that no long holds. What is no such value stays as it is, so that whoever
 * reads the field can name it. Objects are changed in place.
 */
export function plainValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  // An own key `__proto__`, as JSON.parse makes it, is assigned like any other.
  const fields = value as Record<string, unknown>
  for (const key in fields) {
    const field = fields[key]
    if (typeof field === 'object' && field !== null) fields[key] = plainValue(field)
  }
  return Array.isArray(value) ? value : wrapped(fields)
}

function wrapped(fields: Record<string, unknown>): unknown {
  let name: string | undefined
  for (const key in fields) {
    if (name !== undefined) return fields
    name = key
  }
  if (name === undefined || name.charCodeAt(0) !== 36) return fields
  const read = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined
  return read?.(fields[name]) ?? fields
}

/** Each gives undefined for what the type can't be. */
const TYPES: Record<string, (value: unknown) => string | number | ExactNumber | undefined> = {
  $oid: value => (typeof value === 'string' && /^[0-9a-f]{24}$/i.test(value) ? value.toLowerCase() : undefined),
  $date: readDate,
  $numberInt: readInteger,
  $numberLong: readInteger,
  $numberDouble: readDouble,
  $numberDecimal: readDecimal,
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

/** Decimals become text, but whole ones that no long holds: `extendedValue` writes such numbers as decimals. */
function readDecimal(value: unknown): string | number | ExactNumber | undefined {
  if (typeof value !== 'string') return undefined
  return /^-?\d{19,34}$/.test(value) && !isLong(value) ? wholeNumber(value) : value
}

function isLong(digits: string): boolean {
  const number = BigInt(digits)
  return BigInt.asIntN(64, number) === number
}

function readDouble(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  const isNumber = /^([+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|-?Infinity|NaN)$/i.test(value)
  return isNumber ? Number(value) : undefined
}
