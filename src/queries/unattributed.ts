/** What is bound to no artist: albums, names, and what names nobody, with their counts. */
import { invalidInput } from '../errors.ts'
import { SUBJECT_KPIS } from '../projections/subject-kpis.ts'
import { ALWAYS, type Reads } from '../storage/storage.ts'
import { Bindings, compareIds, idOf } from './bindings.ts'
import { formatInstant } from './calendar.ts'

const MEASURES = ['plays', 'likes', 'follows', 'purchases'] as const

type Counts = { [measure in (typeof MEASURES)[number]]: number }

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

interface Subject {
  subject: string
  counts: Counts
  total: number
  last: number
}

/**
 * The subjects bound to no artist, those of most events first, then by their name. A cursor names the place after which
 * a page begins, so that pages neither repeat nor skip what has not changed meanwhile.
 * @throws ServiceError 400 `cursor_invalid`.
 */
export async function unattributed(
  reads: Reads,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<UnattributedPage> {
  const after = cursor ? parseCursor(cursor) : undefined
  const bindings = new Bindings(reads)
  const subjects = await unboundSubjects(reads, bindings)
  const left = subjects.filter(subject => !after || compare(subject, after) > 0).sort(compare)
  const page = left.slice(0, limit)
  const last = page.at(-1)
  const nextCursor = last && left.length > page.length ? formatCursor(last) : null
  return { items: await shown(bindings, page), nextCursor }
}

async function unboundSubjects(reads: Reads, bindings: Bindings): Promise<Subject[]> {
  const subjects = new Map<string, Subject>()
  let among: Set<string> | undefined
  for (const measure of MEASURES) {
    const totals = await reads.totals(SUBJECT_KPIS.name, { field: measure, latest: 'last' }, [ALWAYS], among)
    // Every counted subject has a `last`, so that the first table names them all.
    if (!among) {
      const keys = Array.from({ length: totals.length }, (_, row) => totals.key(row))
      const owners = await bindings.ownersOf(keys.filter(key => !key.startsWith('artist:')))
      among = new Set([...owners].filter(([, owner]) => !owner.startsWith('artist:')).map(([key]) => key))
    }
    for (let row = 0; row < totals.length; row++) {
      const subject = totals.key(row)
      if (!among.has(subject)) continue
      const count = Math.max(0, totals.sums[0]![row]!)
      const known = subjects.get(subject) ?? { subject, counts: noCounts(), total: 0, last: totals.latest[0]![row]! }
      known.counts[measure] = count
      known.total += count
      subjects.set(subject, known)
    }
  }
  return [...subjects.values()]
}

const noCounts = (): Counts => ({ plays: 0, likes: 0, follows: 0, purchases: 0 })

type Place = Pick<Subject, 'subject' | 'total'>

function compare(a: Place, b: Place): number {
  return b.total - a.total || compareIds(a.subject, b.subject)
}

async function shown(bindings: Bindings, subjects: readonly Subject[]): Promise<UnattributedSubject[]> {
  const owners = await bindings.ownersOf(subjects.map(({ subject }) => subject))
  const labels = await bindings.labelsOf([...owners.values()].filter(owner => owner.startsWith('name:')))
  return subjects.map(({ subject, counts, total, last }) => {
    const kind = subject.startsWith('album:') ? 'album' : subject.startsWith('name:') ? 'name' : 'none'
    const id = kind === 'none' ? null : idOf(subject)
    const name = labels.get(owners.get(subject)!) ?? null
    const lastEventAt = Number.isFinite(last) ? formatInstant(last, 'UTC') : null
    return { subject, kind, id, name, ...counts, total, lastEventAt }
  })
}

function formatCursor({ total, subject }: Place): string {
  return Buffer.from(JSON.stringify([total, subject])).toString('base64url')
}

function parseCursor(cursor: string): Place {
  try {
    const [total, subject] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if (typeof total === 'number' && typeof subject === 'string') return { total, subject }
  } catch {
    // The same answer as for a cursor of another shape.
  }
  throw invalidInput([{ path: 'cursor', code: 'cursor_invalid', message: 'is no cursor of this list' }])
}
