/** The facts of an artist in pages, the newest first. */
import { KEYS_OF_OWNER } from '../attribution/attribution.ts'
import { invalidInput } from '../errors.ts'
import { albumRef, trackRef } from '../identity/entity-ref.ts'
import type { Measure, Snapshot } from '../storage/figures.ts'
import type { Instant, Interval, Seq } from '../storage/storage.ts'
import { DAY_MS } from '../units.ts'
import { bound } from './kpi-totals.ts'

/** The row that a page ends with: the one with number `shown` among those of entry `seq`. */
interface Position {
  at: Instant
  seq: Seq
  shown: number
}

export interface FactRow {
  seq: Seq
  instant: Instant
  measure: Measure
  counts: 1 | -1 | 0
  track: number | null
  album: number | null
  listener: number | null
  amount: number | null
  currency: string | null
}

/** Every text of this pattern is a cursor: an instant, a position in the log, and how many rows of that entry were shown. */
export const FACT_CURSOR = String.raw`-?\d{1,15}\.\d{1,15}\.\d{1,6}`

const WHOLE_CURSOR = new RegExp(`^${FACT_CURSOR}$`)

/** Before the first row. */
const START: Position = { at: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER, shown: 0 }

export interface FactQuestion {
  /** undefined: of nobody. */
  owner: number | undefined
  range: Interval
  measure?: Measure | undefined
  trackKey?: string | undefined
  albumId?: string | undefined
  cursor?: string | undefined
  limit: number
  now: Instant
}

/** @throws ServiceError 400 `cursor_invalid` */
export async function factPage(
  reads: Snapshot,
  { owner, range, limit, cursor, now, ...named }: FactQuestion,
): Promise<{ rows: FactRow[]; nextCursor: string | null }> {
  const after = cursor ? parseCursor(cursor) : START
  const filter = filterOf(reads, named)
  if (owner === undefined || !filter) return { rows: [], nextCursor: null }
  const found = await rowsAfter(reads, { owner, range, now, filter, after, limit: limit + 1 })
  const rows = found.slice(0, limit)
  return { rows, nextCursor: found.length > limit ? formatCursor(endOf(rows, after)) : null }
}

interface Search {
  owner: number
  filter: Filter
  after: Position
  limit: number
}

interface Filter {
  sql: string
  parameters: Record<string, number | string>
}

/** SQL for the facts that are asked for; undefined where no fact can be, as its track or album has no number. */
function filterOf(
  reads: Snapshot,
  { measure, trackKey, albumId }: Pick<FactQuestion, 'measure' | 'trackKey' | 'albumId'>,
): Filter | undefined {
  const track = trackKey === undefined ? undefined : trackRef(trackKey)
  const album = albumId === undefined ? undefined : albumRef(albumId)
  const asked = [track, album].filter(ref => ref !== undefined)
  const ids = reads.idsOf(asked)
  if (ids.size < asked.length) return undefined
  const filter: Filter = { sql: '', parameters: {} }
  const add = (sql: string, name: string, value: number | string) => {
    filter.sql += ` AND ${sql}`
    filter.parameters[name] = value
  }
  if (measure) add('measure = $measure::measure', 'measure', measure)
  if (track) add('track = $track::INTEGER', 'track', ids.get(track)!)
  if (album) add('album = $album::INTEGER', 'album', ids.get(album)!)
  return filter
}

/** How far back facts are looked for, in milliseconds: most pages of a popular artist are within a day. */
const SPANS = [DAY_MS, 32 * DAY_MS, Number.POSITIVE_INFINITY]

/**
 * The next `limit` facts after a position. To find the newest hundred of a million, DuckDB reads all of them; those of a day
 * are beside each other on disk, and take a tenth of the time.
 */
async function rowsAfter(reads: Snapshot, asked: Search & { range: Interval; now: Instant }): Promise<FactRow[]> {
  const { range, after, now, limit } = asked
  const end = Math.min(range.to, after.at, now)
  let rows: FactRow[] = []
  for (const span of SPANS) {
    const from = Math.max(range.from, end - span)
    rows = await rowsWithin(reads, { from, to: range.to }, asked)
    if (rows.length === limit || from === range.from) break
  }
  return rows
}

/** Sorted by all columns in which rows of one event can differ, so that two pages never divide them in different ways. */
function rowsWithin(
  reads: Snapshot,
  { from, to }: Interval,
  { owner, filter, after, limit }: Search,
): Promise<FactRow[]> {
  return reads.rows<FactRow>(
    `SELECT seq, instant, measure, counts, track, album, listener, amount, currency
     FROM facts
     WHERE key IN ${KEYS_OF_OWNER} AND instant >= $from AND instant < $to${filter.sql}
       AND instant <= $at AND (instant < $at OR seq <= $seq)
     ORDER BY instant DESC, seq DESC, part DESC, key, album, counts, amount, currency
     LIMIT $limit OFFSET $shown`,
    { owner, from: bound(from), to: bound(to), ...filter.parameters, ...after, limit },
  )
}

function endOf(rows: readonly FactRow[], after: Position): Position {
  const { instant: at, seq } = rows.at(-1)!
  const shown = rows.filter(row => row.seq === seq).length
  return { at, seq, shown: seq === after.seq ? after.shown + shown : shown }
}

const formatCursor = ({ at, seq, shown }: Position): string => `${at}.${seq}.${shown}`

function parseCursor(cursor: string): Position {
  if (WHOLE_CURSOR.test(cursor)) {
    const [at, seq, shown] = cursor.split('.').map(Number) as [number, number, number]
    return { at, seq, shown }
  }
  throw invalidInput([{ path: 'cursor', code: 'cursor_invalid', message: 'is no cursor of this list' }])
}
