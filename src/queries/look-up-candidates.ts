/** Which albums the catalogue should be asked about. */
import { FACTS, readFact } from '../content/facts.ts'
import { ALBUM_PLAYS } from '../projections/entity-counts.ts'
import { SUBJECT_KPIS } from '../projections/subject-kpis.ts'
import { ALWAYS, type Instant, type Reads } from '../storage/storage.ts'
import { Bindings, compareIds, idOf } from './bindings.ts'

/** Facts read at a time. */
const CHUNK = 2_000

/**
 * Ids of albums that events mention, at most `limit`: first those that the catalogue was never asked about, those bound to
 * nobody before the others, each most active first; then those asked last before `staleBefore`, the longest ago first.
 */
export async function lookUpCandidates(reads: Reads, limit: number, staleBefore: Instant): Promise<string[]> {
  const albums = [...(await albumActivity(reads))].sort(([a, x], [b, y]) => y - x || compareIds(idOf(a), idOf(b)))
  const unasked: string[] = []
  const stale: [string, Instant][] = []
  for (let i = 0; i < albums.length && unasked.length < limit; i += CHUNK) {
    const chunk = albums.slice(i, i + CHUNK).map(([album]) => album)
    const facts = await reads.documents(FACTS, chunk)
    for (const album of chunk) {
      const value = facts.get(album)
      const askedAt = value === undefined ? undefined : readFact(value).at
      if (askedAt === undefined) unasked.push(album)
      else if (askedAt < staleBefore) stale.push([album, askedAt])
    }
  }
  const owners = await new Bindings(reads).ownersOf(unasked)
  const isBound = (album: string) => owners.get(album)!.startsWith('artist:')
  const fresh = [...unasked.filter(album => !isBound(album)), ...unasked.filter(isBound)]
  const outdated = stale.sort(([, a], [, b]) => a - b).map(([album]) => album)
  return [...fresh, ...outdated].slice(0, limit).map(idOf)
}

/** How much happened with each album (`album:<id>`): plays of its tracks, and what was credited to it. */
async function albumActivity(reads: Reads): Promise<Map<string, number>> {
  const activity = new Map<string, number>()
  const sources = [
    [ALBUM_PLAYS.name, 'plays'],
    [SUBJECT_KPIS.name, 'likes'],
    [SUBJECT_KPIS.name, 'purchases'],
  ] as const
  for (const [table, field] of sources) {
    const totals = await reads.totals(table, { field, latest: 'last' }, [ALWAYS])
    for (let row = 0; row < totals.length; row++) {
      const key = totals.key(row)
      if (key.startsWith('album:')) activity.set(key, (activity.get(key) ?? 0) + totals.sums[0]![row]!)
    }
  }
  return activity
}
