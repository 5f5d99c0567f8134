/** How much one event may hold altogether: of what clients send, and of what the log has from earlier versions. */
import { isExactNumber } from './exact-json.ts'

/** Artists that an order credits, those of each item by themselves: 200 items of two artists are 400. */
export const MAX_CREDITS = 500
/** Of an event's metadata: as many characters as the body of a request may have bytes. */
export const MAX_CHARACTERS = 65_536

/**
 * What an entry of the log may hold to be counted: far more, for earlier versions let in orders of 1,000 items and, in
 * dumps, events of a million characters. What has more is set aside, so that no single entry can take all memory: ten
 * thousand credits take some 5 MB while they are counted.
 */
export const MAX_COUNTED_CREDITS = 10_000
export const MAX_COUNTED_CHARACTERS = 2 ** 20

/** The characters of all names and texts in a value, any other value as one. Its depth has to be checked before. */
export function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 1
  if (isExactNumber(value)) return value.rawJSON.length
  let characters = 1
  if (Array.isArray(value)) for (const item of value) characters += charactersOf(item)
  else for (const key in value) characters += key.length + charactersOf((value as Record<string, unknown>)[key])
  return characters
}
