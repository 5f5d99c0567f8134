/** MongoDB Extended JSON (v2), canonical and relaxed, as far as events and figures need it. */
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

/**
 * The plain value of what `JSON.parse` gave: ids and dates become text (hexadecimal, ISO 8601), numbers become numbers;
 * long ones that no double holds, and decimal ones, become text. What is no such value stays as it is, so that whoever
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
const TYPES: Record<string, (value: unknown) => string | number | undefined> = {
  $oid: value => (typeof value === 'string' && /^[0-9a-f]{24}$/i.test(value) ? value.toLowerCase() : undefined),
  $date: readDate,
  $numberInt: readInteger,
  $numberLong: readInteger,
  $numberDouble: readDouble,
  $numberDecimal: value => (typeof value === 'string' ? value : undefined),
}

function readDate(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value !== 'number') return undefined
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

function readInteger(value: unknown): number | string | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || !/^-?\d{1,19}$/.test(value)) return undefined
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function readDouble(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  const isNumber = /^([+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|-?Infinity|NaN)$/i.test(value)
  return isNumber ? Number(value) : undefined
}
