/** What comes to the ingestion, and what it answers. */
import type { Fault } from '../errors.ts'
import { parseJson } from '../events/exact-json.ts'

/** Why a text that is not JSON was rejected. */
export const MALFORMED_JSON = 'malformed_json'

/** What arrived: JSON as `parseJson` gives it, or a text that is not JSON. `letter`: the dead letter that it comes from. */
export type RawEvent = ({ value: unknown } | { text: string }) & { letter?: { id: string } }

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

/** One line of NDJSON as it arrives. */
export function parseLine(line: string): RawEvent {
  try {
    return { value: parseJson(line) }
  } catch {
    return { text: line }
  }
}
