/** Cursors of lists that are sorted by a number, then by an instant, then by an id. */
import type { Instant } from '../storage/storage.ts'

/** After which row a page begins: the number descends, of equal ones the instant, and then the id ascends. */
export interface Position {
  value: number
  latest: Instant
  id: string
}

/** Every text of this pattern is a cursor: two doubles and an id, in base64url. */
export const POSITION_CURSOR = String.raw`[\w-]{22,}`

/** Before the first row. */
const START: Position = { value: Number.MAX_SAFE_INTEGER, latest: Number.MAX_SAFE_INTEGER, id: '' }

const DOUBLE_BYTES = 8

/** The value is written to its last bit: a rounded one would name a position between two rows. */
export function formatCursor({ value, latest, id }: Position): string {
  return Buffer.concat([Buffer.from(Float64Array.of(value, latest).buffer), Buffer.from(id)]).toString('base64url')
}

/** Absent or empty: the position before the first row. */
export function parseCursor(cursor: string | undefined): Position {
  if (!cursor) return START
  const bytes = Buffer.from(cursor, 'base64url')
  return {
    value: bytes.readDoubleLE(0),
    latest: bytes.readDoubleLE(DOUBLE_BYTES),
    id: bytes.toString('utf8', 2 * DOUBLE_BYTES),
  }
}
