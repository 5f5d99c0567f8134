/**
 * JSON whose numbers keep all of their digits: a dead letter must be shown, repaired and sent again as it came, and 2^53 + 1
 * is no number that JavaScript has.
 */

/** The library's types lack the third parameter of a reviver: the text of the value. */
type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown

/** A number with so many digits, or with an exponent, may change its digits by being read. Inside a string it does no harm. */
const SUSPECT = /\d{16}|\d[eE]/

/** Like `JSON.parse`. A browser that does not know the text of a number reads it as the nearest one that it has. */
export function parseExact(text: string): unknown {
  return SUSPECT.test(text) ? JSON.parse(text, keepDigits as Parameters<typeof JSON.parse>[1]) : JSON.parse(text)
}

/** `JSON.stringify` writes raw JSON as it is. */
const keepDigits: Reviver = (_key, value, { source } = {}) =>
  typeof value === 'number' && source !== undefined && String(value) !== source && 'rawJSON' in JSON
    ? JSON.rawJSON(source)
    : value
