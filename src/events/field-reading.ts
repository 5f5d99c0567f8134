/** Reading one field of an event: its normalised value, or a fault that names the field and the rule. */
import { cutText } from '../cut-text.ts'
import type { Fault } from '../errors.ts'
import { FAULTS_CUT } from '../ingestion/cut-faults.ts'
import { digitsOf, type ExactNumber, isExactNumber } from './exact-json.ts'

export const MAX_ID_LENGTH = 256
export const MAX_TEXT_LENGTH = 1000
/** Of a whole number that is kept as it came: as many as a decimal of MongoDB, and so a data file, holds. */
export const MAX_DIGITS = 34
/** How deep objects and arrays may lie in each other, the metadata itself being the first. */
export const MAX_DEPTH = 20
/** Faults beyond it are not reported, which the last one says: an answer and a dead letter stay small, whatever is sent. */
export const MAX_FAULTS = 100
/** Characters of a path, whose beginning and end are told where it is longer. */
const MAX_PATH = 600

/** What is gathered while one event is read. */
export interface Reading {
  faults: Fault[]
  /** Characters that faults may still have; what is beyond is told by `FAULTS_CUT` alone. */
  faultRoom: number
  defaultCurrency: string
  /** Some price names no currency. */
  needsCurrency: boolean
  /** The event takes an order back, so that `partial` means something. */
  isRefund: boolean
}

export type Fields = Record<string, unknown>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value)
}

export function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

export function report(reading: Reading, parent: string, key: string, code: string, message: string): void {
  const { faults } = reading
  if (faults.at(-1) === FAULTS_CUT) return
  if (faults.length === MAX_FAULTS - 1 || reading.faultRoom < 0) faults.push(FAULTS_CUT)
  else {
    const path = join(parent, key)
    reading.faultRoom -= path.length + message.length
    faults.push({ path, code, message })
  }
}

export function join(parent: string, key: string): string {
  const name = key.length > MAX_ID_LENGTH ? `${cutText(key.slice(0, 2 * MAX_ID_LENGTH), MAX_ID_LENGTH)}…` : key
  const path = (parent && name ? `${parent}.${name}` : parent || name).toWellFormed()
  if (path.length <= MAX_PATH) return path
  return `${cutText(path, MAX_ID_LENGTH)}…${path.slice(-MAX_ID_LENGTH)}`.toWellFormed()
}

/** An id: a string, or an integer, which becomes its decimal string. Null and the empty string are absent. */
export function readId(value: unknown, parent: string, key: string, reading: Reading): string | undefined {
  if (typeof value === 'string' || isAbsent(value)) return readText(value, MAX_ID_LENGTH, parent, key, reading)
  if (typeof value !== 'number' && !isExactNumber(value)) {
    report(reading, parent, key, 'wrong_type', 'must be a string or an integer')
    return undefined
  }
  const digits = digitsOf(value)
  if (digits !== undefined) return readText(digits, MAX_ID_LENGTH, parent, key, reading)
  report(reading, parent, key, 'number_invalid', 'must be a string, or an integer in digits alone')
  return undefined
}

/** Text of at most `max` characters. Null and the empty string are absent. */
export function readText(
  value: unknown,
  max: number,
  parent: string,
  key: string,
  reading: Reading,
): string | undefined {
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

/** True or false. Null is absent. */
export function readFlag(value: unknown, parent: string, key: string, reading: Reading): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (!isAbsent(value)) report(reading, parent, key, 'wrong_type', 'must be true or false')
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
export function checkKey(key: string, parent: string, reading: Reading): boolean {
  const isPrototype = key === '__proto__' || key === 'constructor' || key === 'prototype'
  if (isPrototype || key.charCodeAt(0) === 36 || key.includes('.')) {
    report(reading, parent, key, 'key_forbidden', 'names must not begin with $, contain a dot, or name a prototype')
    return false
  }
  return checkText(key, parent, key, reading)
}

/** Checks a value that is kept as it came. */
export function checkJson(value: unknown, depth: number, parent: string, key: string, reading: Reading): void {
  switch (typeof value) {
    case 'string':
      checkText(value, parent, key, reading)
      return
    case 'number':
      if (!Number.isFinite(value)) report(reading, parent, key, 'number_invalid', 'must be a finite number')
      return
    case 'object':
      if (isExactNumber(value)) checkExactNumber(value, parent, key, reading)
      else if (value !== null) checkNested(value, depth, parent, key, reading)
      return
    case 'boolean':
    case 'undefined':
      return
    default:
      report(reading, parent, key, 'wrong_type', 'must be a JSON value')
  }
}

function checkExactNumber(value: ExactNumber, parent: string, key: string, reading: Reading): void {
  const digits = digitsOf(value)?.replace('-', '')
  if (digits !== undefined && digits.length <= MAX_DIGITS) return
  const message = digits === undefined ? 'must be a finite number' : `must have at most ${MAX_DIGITS} digits`
  report(reading, parent, key, 'number_invalid', message)
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
