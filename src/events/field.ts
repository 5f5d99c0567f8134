/** Kinds of fields of an event. Each is defined once: by the schema in the API document and the parser that decides. */
import { Type } from 'typebox'
import { MAX_DEPTH, MAX_DIGITS, MAX_ID_LENGTH, MAX_TEXT_LENGTH } from './bounds.ts'
import type { Json } from './event.ts'
import { digitsOf, type ExactNumber, type Fields, isExactNumber } from './exact-json.ts'
import type { Scope } from './scope.ts'

/** The normalised value of the field `key`; undefined where it is absent, or refused with a fault. */
export type Parse<T = unknown> = (value: unknown, key: string, scope: Scope) => T | undefined

export interface Field<T = unknown> {
  schema: Type.TSchema
  parse: Parse<T>
}

/** A field that may be absent: one of these alternatives. */
export function field<T>(
  alternatives: Type.TSchema[],
  parse: Parse<T>,
  description: string,
  ...examples: unknown[]
): Field<T> {
  const options = examples.length > 0 ? { description, examples } : { description }
  return { schema: Type.Optional(Type.Union(alternatives, options)), parse }
}

export const schemasOf = (fields: Record<string, Field>): Record<string, Type.TSchema> =>
  Object.fromEntries(Object.entries(fields).map(([name, { schema }]) => [name, schema]))

export function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

/** No store keeps NUL unchanged, nor half a surrogate pair, which a pattern can't say. */
export const textSchema = (maxLength: number, options: { minLength?: number } = {}) =>
  Type.String({ ...options, maxLength, pattern: '^[^\\u0000]*$' })

export const Id = Type.Union([textSchema(MAX_ID_LENGTH), Type.Integer(), Type.Null()], {
  description: 'A string, or an integer, which is taken as its decimal string; null or empty is the same as absent.',
})

export const id = (description: string, ...examples: string[]) => field(Id.anyOf, parseId, description, ...examples)

export const text = (description: string, ...examples: string[]) =>
  field([textSchema(MAX_TEXT_LENGTH), Type.Null()], parseText, description, ...examples)

/** An id: a string, or an integer, which becomes its decimal string. Null and the empty string are absent. */
export function parseId(value: unknown, key: string, scope: Scope): string | undefined {
  if (typeof value === 'string') return parseLimitedText(value, MAX_ID_LENGTH, key, scope)
  if (isAbsent(value)) return undefined
  if (typeof value !== 'number' && !isExactNumber(value)) {
    return scope.fault(key, 'wrong_type', 'must be a string or an integer')
  }
  const digits = digitsOf(value)
  if (digits !== undefined) return parseLimitedText(digits, MAX_ID_LENGTH, key, scope)
  return scope.fault(key, 'number_invalid', 'must be a string, or an integer in digits alone')
}

export function parseText(value: unknown, key: string, scope: Scope): string | undefined {
  return parseLimitedText(value, MAX_TEXT_LENGTH, key, scope)
}

/** Text of at most `max` characters. Null and the empty string are absent. */
export function parseLimitedText(value: unknown, max: number, key: string, scope: Scope): string | undefined {
  if (typeof value !== 'string') return isAbsent(value) ? undefined : scope.fault(key, 'wrong_type', 'must be a string')
  if (value === '') return undefined
  const isClean = checkText(value, key, scope)
  if (value.length <= max) return isClean ? value : undefined
  return scope.fault(key, 'too_long', `must have at most ${max} characters`)
}

/** True or false. Null is absent. */
export function parseFlag(value: unknown, key: string, scope: Scope): boolean | undefined {
  if (typeof value === 'boolean' || isAbsent(value)) return value ?? undefined
  return scope.fault(key, 'wrong_type', 'must be true or false')
}

export const milliseconds = (description: string) =>
  field(
    [Type.Number({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), Type.Null()],
    parseMilliseconds,
    description,
    215000,
  )

function parseMilliseconds(value: unknown, key: string, scope: Scope): number | undefined {
  if (isAbsent(value)) return undefined
  // Adding 0 makes 0 of -0.
  if (typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER) return value + 0
  if (typeof value !== 'number' && !isExactNumber(value)) {
    return scope.fault(key, 'wrong_type', 'must be a number of milliseconds')
  }
  return scope.fault(key, 'number_invalid', `must be a number from 0 to ${Number.MAX_SAFE_INTEGER}`)
}

/** Names of fields that mean something to a store or to JavaScript are refused. */
const NAME = String.raw`^(?!\$|(?:__proto__|constructor|prototype)$)[^.\u0000]*$`
const ALLOWED_NAME = new RegExp(NAME)

/** The schema of an object that keeps this rule. */
export const NAMES = { propertyNames: { pattern: NAME } }

export function checkName(name: string, scope: Scope): boolean {
  // NUL is a fault of its own.
  if (ALLOWED_NAME.test(name) || ALLOWED_NAME.test(name.replaceAll('\0', ' '))) return checkText(name, name, scope)
  scope.fault(name, 'key_forbidden', 'names must not begin with $, contain a dot, or name a prototype')
  return false
}

function checkText(value: string, key: string, scope: Scope): boolean {
  if (value.isWellFormed() && !value.includes('\0')) return true
  scope.fault(key, 'text_invalid', 'must not contain NUL or lone surrogates')
  return false
}

/** A field that is kept as it came, which is checked to be safe for stores. */
export function parseUnknown(value: unknown, key: string, scope: Scope): Json | undefined {
  if (checkName(key, scope)) checkJson(value, key, scope)
  // A refused name comes with a fault, so that the event is dropped; until then `__proto__` must not be assigned.
  return key === '__proto__' ? undefined : (value as Json | undefined)
}

function checkJson(value: unknown, key: string, scope: Scope): void {
  switch (typeof value) {
    case 'string':
      checkText(value, key, scope)
      return
    case 'number':
      if (!Number.isFinite(value)) scope.fault(key, 'number_invalid', 'must be a finite number')
      return
    case 'object':
      if (isExactNumber(value)) checkExactNumber(value, key, scope)
      else if (value !== null) checkNested(value, key, scope)
      return
    case 'boolean':
    case 'undefined':
      return
    default:
      scope.fault(key, 'wrong_type', 'must be a JSON value')
  }
}

function checkExactNumber(value: ExactNumber, key: string, scope: Scope): void {
  const digits = digitsOf(value)?.replace('-', '')
  if (digits === undefined) scope.fault(key, 'number_invalid', 'must be a finite number')
  else if (digits.length > MAX_DIGITS) scope.fault(key, 'number_invalid', `must have at most ${MAX_DIGITS} digits`)
}

function checkNested(value: object, key: string, scope: Scope): void {
  if (scope.depth >= MAX_DEPTH) {
    scope.fault(key, 'too_deep', `must not be nested more than ${MAX_DEPTH} deep`)
    return
  }
  const inner = scope.child(key)
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) checkJson(value[i], String(i), inner)
    return
  }
  for (const name in value) if (checkName(name, inner)) checkJson((value as Fields)[name], name, inner)
}
