/** An event as it arrives, before it is checked, and what became of it. */
import { isUtf8 } from 'node:buffer'
import { cutText } from '../cut-text.ts'
import type { Fault } from '../errors.ts'
import { MAX_EVENT_BYTES } from '../events/bounds.ts'
import { parseJson } from '../events/exact-json.ts'

/** Characters that a dead letter keeps of an event that is too long to be kept whole. */
export const KEPT_CHARACTERS = 1000

/** JSON as `parseJson` gives it, or a text that is not JSON. */
type ReceivedJson = { value: unknown } | { malformed: string }

/** `oversized`: the beginning of a text that is longer than an event may be. `letter`: the dead letter that is replayed. */
export type RawEvent = (ReceivedJson | { oversized: string }) & { letter?: { id: string } }

/** The event in these bytes: a body, a line of it, or an item of its array. */
export function rawEventOf(bytes: Buffer): RawEvent {
  if (bytes.length <= MAX_EVENT_BYTES) return parseBytes(bytes)
  return { oversized: cutText(withoutMark(bytes).toString('utf8', 0, 4 * KEPT_CHARACTERS), KEPT_CHARACTERS) }
}

/** JSON in UTF-8, which may begin with a byte order mark: editors and exports on Windows write one. */
export function parseBytes(bytes: Buffer): ReceivedJson {
  const text = withoutMark(bytes).toString('utf8')
  if (!isUtf8(bytes)) return { malformed: text }
  try {
    return { value: parseJson(text) }
  } catch {
    return { malformed: text }
  }
}

/** The bytes behind a byte order mark, where they begin with one. */
export function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}

export interface ItemResult {
  id: string
  /** `unavailable`: neither written nor kept as a dead letter; sending it again is safe. */
  status: 'accepted' | 'duplicate' | 'conflict' | 'rejected' | 'unavailable'
  /** The first broken rule. */
  code?: string
  message?: string
  faults?: readonly Fault[]
}

export function rejection(id: string, faults: readonly [Fault, ...Fault[]]): ItemResult {
  const [{ code, path, message }] = faults
  return { id, status: 'rejected', code, message: path ? `${path}: ${message}` : message, faults }
}

/** Why a text that is not JSON was rejected. */
export const MALFORMED_JSON = 'malformed_json'
