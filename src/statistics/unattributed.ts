/** What is bound to no artist: albums, names, and what names nobody, with their counts. */
import { labelsOf } from '../attribution/attribution.ts'
import { idOf } from '../attribution/ids.ts'
import { invalidInput } from '../errors.ts'
import type { Measure, Snapshot } from '../storage/figures.ts'
import type { Instant } from '../storage/storage.ts'
import { formatInstant } from './calendar.ts'

type Counts = { [measure in Measure]: number }

export interface UnattributedSubject extends Counts {
  /** `none` for what names nobody. */
  subject: string
  kind: 'album' | 'name' | 'none'
  /** The album's id or the folded name; null for what names nobody. */
  id: string | null
  /** How the name is spelled; of an album, the name that it is bound to. */
  name: string | null
  /** What is sorted by: the sum of the counts. Counts are net and never shown below zero. */
  total: number
  lastEventAt: string | null
}

export interface UnattributedPage {
  items: UnattributedSubject[]
  /** For the next page; null on the last one. */
  nextCursor: string | null
}

interface Place {
  total: number
  subject: string
}

interface Row extends Place, Counts {
  kind: UnattributedSubject['kind']
  /** The number of the name that it belongs to, if any. */
  name: number | null
  latest: Instant
}

/** Every text of this pattern is a cursor: a total, and the name of a subject in base64url. */
export const UNATTRIBUTED_CURSOR = String.raw`\d{1,15}\.[\w-]*`

const WHOLE_CURSOR = /^(\d{1,15})\.([\w-]*)$/

/** Before the first place. */
const START: Place = { total: Number.MAX_SAFE_INTEGER, subject: '' }

/**
 * The subjects bound to no artist, those of most events first, then by their name. A cursor names the place after which
 * a page begins, so that pages neither repeat nor skip what has not changed meanwhile.
 * @throws ServiceError 400 `cursor_invalid`.
 */
export async function unattributed(
  reads: Snapshot,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<UnattributedPage> {
  const after = cursor ? parseCursor(cursor) : START
  const found = await unboundSubjects(reads, after, limit + 1)
  const page = found.slice(0, limit)
  const last = page.at(-1)
  const nextCursor = last && found.length > page.length ? formatCursor(last) : null
  return { items: await shown(reads, page), nextCursor }
}

/** The next subjects after a place, compared as texts. */
function unboundSubjects(reads: Snapshot, after: Place, limit: number): Promise<Row[]> {
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
     subjects AS (
       SELECT
         CASE subject.kind WHEN 'none' THEN 'none' ELSE subject.kind || ':' || subject.text END AS subject,
         subject.kind AS kind,
         CASE owner.kind WHEN 'name' THEN owner.id END AS name,
         plays, likes, follows, purchases, plays + likes + follows + purchases AS total, latest
       FROM sums
       LEFT JOIN attribution USING (key)
       JOIN names AS subject ON subject.id = key
       JOIN names AS owner ON owner.id = coalesce(attribution.owner, key)
       WHERE owner.kind <> 'artist'::entity_kind
     )
     FROM subjects
     WHERE total < $total OR (total = $total AND subject > $subject)
     ORDER BY total DESC, subject
     LIMIT $limit`,
    { ...after, limit },
  )
}

async function shown(reads: Snapshot, rows: readonly Row[]): Promise<UnattributedSubject[]> {
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

function formatCursor({ total, subject }: Place): string {
  return `${total}.${Buffer.from(subject).toString('base64url')}`
}

function parseCursor(cursor: string): Place {
  const [, total, subject] = WHOLE_CURSOR.exec(cursor) ?? []
  if (total !== undefined && subject !== undefined) {
    return { total: Number(total), subject: Buffer.from(subject, 'base64url').toString() }
  }
  throw invalidInput([{ path: 'cursor', code: 'cursor_invalid', message: 'is no cursor of this list' }])
}
