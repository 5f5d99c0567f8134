/** Attribution keys that are bound to no artist, with their counts: albums, names, and `none`. */
import { labelsOf } from '../attribution/attribution.ts'
import { invalidInput } from '../errors.ts'
import { type EntityRef, idOf } from '../identity/entity-ref.ts'
import type { Measure, Snapshot } from '../storage/figures.ts'
import type { Instant } from '../storage/storage.ts'
import { formatInstant } from './calendar.ts'

type Counts = { [measure in Measure]: number }

/** Counts are numbers of events, net of those taken back, never below zero. */
export interface UnattributedKey extends Counts {
  /** The attribution key; of events that name no artist, album or name, `none`. */
  subject: EntityRef<'album' | 'name' | 'none'>
  kind: 'album' | 'name' | 'none'
  /** The album's id or the folded name; null for `none`. */
  id: string | null
  /** How the name is spelled; of an album, the name that it is bound to. */
  name: string | null
  /** The sum of the counts, by which the list is sorted. */
  total: number
  lastEventAt: string | null
}

export interface UnattributedPage {
  items: UnattributedKey[]
  /** For the next page; null on the last one. */
  nextCursor: string | null
}

/** A position in the list, by what it is sorted by. */
interface Position {
  total: number
  subject: string
}

interface Row extends Counts, Pick<UnattributedKey, 'subject' | 'kind' | 'total'> {
  /** The number of the name that owns the key, if one does. */
  name: number | null
  latest: Instant
}

/** Every text of this pattern is a cursor: a total, a dot, and an attribution key in base64url. */
export const UNATTRIBUTED_CURSOR = String.raw`\d{1,15}\.[\w-]*`

const WHOLE_CURSOR = /^(\d{1,15})\.([\w-]*)$/

/** Before the first position. */
const START: Position = { total: Number.MAX_SAFE_INTEGER, subject: '' }

/**
 * The keys that are bound to no artist, those of most events first, then in the order of their texts. A cursor names the
 * position after which a page begins, so that pages neither repeat nor skip a key that has not changed meanwhile.
 * @throws ServiceError 400 `cursor_invalid`.
 */
export async function unattributed(
  reads: Snapshot,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<UnattributedPage> {
  const after = cursor ? parseCursor(cursor) : START
  const found = await unboundKeys(reads, after, limit + 1)
  const page = found.slice(0, limit)
  const last = page.at(-1)
  const nextCursor = last && found.length > page.length ? formatCursor(last) : null
  return { items: await shown(reads, page), nextCursor }
}

/** The next keys after a position. Keys are compared as texts. */
function unboundKeys(reads: Snapshot, after: Position, limit: number): Promise<Row[]> {
  return reads.rows<Row>(
    `WITH sums AS (
       SELECT key,
         greatest(sum(counts) FILTER (measure = 'plays'::measure), 0)::BIGINT AS plays,
         greatest(sum(counts) FILTER (measure = 'likes'::measure), 0)::BIGINT AS likes,
         greatest(sum(counts) FILTER (measure = 'follows'::measure), 0)::BIGINT AS follows,
         greatest(sum(counts) FILTER (measure = 'purchases'::measure), 0)::BIGINT AS purchases,
         max(instant) AS latest
       FROM facts GROUP BY key
     ),
     unbound AS (
       SELECT
         CASE own.kind WHEN 'none' THEN 'none' ELSE own.kind || ':' || own.text END AS subject,
         own.kind AS kind,
         CASE owner.kind WHEN 'name' THEN owner.id END AS name,
         plays, likes, follows, purchases, plays + likes + follows + purchases AS total, latest
       FROM sums
       LEFT JOIN attribution USING (key)
       JOIN names AS own ON own.id = key
       JOIN names AS owner ON owner.id = coalesce(attribution.owner, key)
       WHERE owner.kind <> 'artist'::entity_kind
     )
     FROM unbound
     WHERE total < $total OR (total = $total AND subject > $subject)
     ORDER BY total DESC, subject
     LIMIT $limit`,
    { ...after, limit },
  )
}

async function shown(reads: Snapshot, rows: readonly Row[]): Promise<UnattributedKey[]> {
  const names = rows.map(({ name }) => name).filter(name => name !== null)
  const labels = await labelsOf(reads, names)
  return rows.map(({ subject, kind, name, latest, total, plays, likes, follows, purchases }) => ({
    subject,
    kind,
    id: kind === 'none' ? null : idOf(subject),
    name: name === null ? null : (labels.get(name) ?? null),
    plays,
    likes,
    follows,
    purchases,
    total,
    lastEventAt: formatInstant(latest, 'UTC'),
  }))
}

function formatCursor({ total, subject }: Position): string {
  return `${total}.${Buffer.from(subject).toString('base64url')}`
}

function parseCursor(cursor: string): Position {
  const [, total, subject] = WHOLE_CURSOR.exec(cursor) ?? []
  if (total !== undefined && subject !== undefined) {
    return { total: Number(total), subject: Buffer.from(subject, 'base64url').toString() }
  }
  throw invalidInput([{ path: 'cursor', code: 'cursor_invalid', message: 'is no cursor of this list' }])
}
