/**
 * JSON whose whole numbers keep all of their digits.
 *
 * `JSON.parse` alone gives the nearest double: 9007199254740993 becomes 9007199254740992, and 1e400 becomes Infinity,
 * which `JSON.stringify` writes as null. Here whole numbers beyond 2^53 that are written in digits, and numbers beyond
 * every double, stay the text that they were; numbers with a point or an exponent are doubles, as everywhere.
 */
import { randomUUID } from 'node:crypto'

/** A number that no JavaScript number holds, as its text. `JSON.stringify` writes it as it came. */
export interface ExactNumber {
  readonly rawJSON: string
}

declare global {
  interface JSON {
    rawJSON(text: string): ExactNumber
    isRawJSON(value: unknown): value is ExactNumber
  }
}

export function isExactNumber(value: unknown): value is ExactNumber {
  return JSON.isRawJSON(value)
}

/** The fields of a JSON object. */
export type Fields = Record<string, unknown>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value)
}

/** The exact number of these digits, which may begin with a minus and zeros; an ordinary one where that holds it. */
export function wholeNumber(digits: string): number | ExactNumber {
  const number = Number(digits)
  return Number.isSafeInteger(number) ? number : JSON.rawJSON(String(BigInt(digits)))
}

/** The digits of a whole number; undefined where it is none, or too large for JavaScript to have kept its digits. */
export function digitsOf(number: number | ExactNumber): string | undefined {
  if (typeof number === 'number') return Number.isSafeInteger(number) ? String(number) : undefined
  return WHOLE.test(number.rawJSON) ? number.rawJSON : undefined
}

const WHOLE = /^-?\d+$/

/** Stands before the digits while they are a string. No client can guess it, so that no string of its own is taken for one. */
const MARK = `exact number ${randomUUID()} `

/**
 * Like `JSON.parse`, but a number that would change its digits becomes an `ExactNumber`. Where there may be one, it marks
 * them in the text and parses it again: a reviver, which gets the digits too, takes thirty times as long as the parser.
 * @throws SyntaxError where the text is not JSON
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  if (!holdsLargeNumber(value)) return value
  const marked = markInexact(text)
  return marked === text ? value : unmark(JSON.parse(marked))
}

/** Every event passes here. Without recursion, for the value may be nested deeply. */
function holdsLargeNumber(value: unknown): boolean {
  const open = isSuspect(value) ? [value] : []
  while (open.length > 0) {
    const at = open.pop()
    if (typeof at === 'number') return true
    // With the indices of an array, for…in would make a string of each.
    if (Array.isArray(at)) {
      for (const item of at) if (isSuspect(item)) open.push(item)
    } else {
      const fields = at as Record<string, unknown>
      for (const key in fields) if (isSuspect(fields[key])) open.push(fields[key])
    }
  }
  return false
}

/** Whether it may be, or hold, a number that is not what the text says. */
function isSuspect(value: unknown): boolean {
  if (typeof value === 'number') return value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER
  return typeof value === 'object' && value !== null
}

const QUOTE = 34
const BACKSLASH = 92
/** The shortest number beyond every double is 1e309. */
const SHORTEST = 5

/** The text, which must be JSON, with inexact numbers as marked strings. */
function markInexact(text: string): string {
  let marked = ''
  let copied = 0
  let at = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    const end = code === QUOTE ? endOfString(text, at) : endOfNumber(text, at)
    if (code !== QUOTE && end - at >= SHORTEST) {
      const number = text.slice(at, end)
      if (isInexact(number)) {
        marked += `${text.slice(copied, at)}"${MARK}${number}"`
        copied = end
      }
    }
    at = Math.max(end, at + 1)
  }
  return marked + text.slice(copied)
}

function endOfString(text: string, quote: number): number {
  let at = quote + 1
  for (let code = text.charCodeAt(at); code !== QUOTE; code = text.charCodeAt(at)) at += code === BACKSLASH ? 2 : 1
  return at + 1
}

/** Where the number that begins here ends: here, where none does. */
function endOfNumber(text: string, start: number): number {
  let at = start
  if (!isDigit(text.charCodeAt(at)) && text[at] !== '-') return at
  while (isInNumber(text.charCodeAt(at))) at++
  return at
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** Digits, `+`, `-`, `.`, `e` and `E`; other characters than these end a number of JSON. */
function isInNumber(code: number): boolean {
  return isDigit(code) || code === 43 || code === 45 || code === 46 || code === 69 || code === 101
}

function isInexact(number: string): boolean {
  const value = Number(number)
  return WHOLE.test(number) ? !Number.isSafeInteger(value) : !Number.isFinite(value)
}

/** Replaces marked strings by exact numbers; without recursion, for the value may be nested deeply. */
function unmark(value: unknown): unknown {
  const root = [value]
  const open: object[] = [root]
  const exact = (field: unknown): unknown => {
    if (typeof field === 'string' && field.startsWith(MARK)) return JSON.rawJSON(field.slice(MARK.length))
    if (typeof field === 'object' && field !== null) open.push(field)
    return field
  }
  while (open.length > 0) {
    const at = open.pop() as Record<string, unknown>
    if (Array.isArray(at)) for (let i = 0; i < at.length; i++) at[i] = exact(at[i])
    // An own key `__proto__`, as JSON.parse makes it, is assigned like any other.
    else for (const key in at) at[key] = exact(at[key])
  }
  return root[0]
}
