/** The artists whom everybody likes: what is recommended where nothing is known of a listener. */
import { SUBJECT_KPIS } from '../projections/subject-kpis.ts'
import { Bindings, compareIds, idOf } from '../queries/bindings.ts'
import { trending } from '../queries/trending.ts'
import { type Instant, type Interval, QUARTER_MS, type Reads } from '../storage/storage.ts'

/** Survives a structured clone. */
export interface PopularArtist {
  id: string
  name: string | null
  /** Net follows, or counted plays, of the last 365 days; above zero. */
  count: number
  countOf: 'follows' | 'plays'
}

const YEAR_MS = 365 * 86_400_000

/**
 * At most `limit` artists: first those with most net follows (ties as in the rankings), then those without who were
 * played most (ties: the smaller id). Only who has an id can be recommended: names bound to no artist are left out.
 */
export async function popularArtists(reads: Reads, now: Instant, limit: number): Promise<PopularArtist[]> {
  const rows = await trending(reads, { kind: 'artists', period: 'year', limit }, now)
  const followed = rows.flatMap((row): PopularArtist[] => {
    if (row.type !== 'artist' || !row.key.startsWith('artist:')) return []
    return [{ id: row.id, name: row.name, count: row.count, countOf: 'follows' }]
  })
  if (followed.length >= limit) return followed
  const without = new Set(followed.map(({ id }) => `artist:${id}`))
  return [...followed, ...(await playedArtists(reads, lastYear(now), limit - followed.length, without))]
}

/** In whole quarters of an hour: nobody's place in this list is worth reading the log for. */
function lastYear(now: Instant): Interval {
  const quarter = (instant: number) => Math.ceil(instant / QUARTER_MS) * QUARTER_MS
  return { from: quarter(now + 1 - YEAR_MS), to: quarter(now + 1) }
}

async function playedArtists(
  reads: Reads,
  window: Interval,
  limit: number,
  without: ReadonlySet<string>,
): Promise<PopularArtist[]> {
  const bindings = new Bindings(reads)
  const plays = await playsByOwner(reads, bindings, window)
  const ranked = [...plays]
    .filter(([owner]) => owner.startsWith('artist:') && !without.has(owner))
    .sort(([a, x], [b, y]) => y - x || compareIds(idOf(a), idOf(b)))
    .slice(0, limit)
  const labels = await bindings.labelsOf(ranked.map(([owner]) => owner))
  return ranked.map(([owner, count]) => {
    return { id: idOf(owner), name: labels.get(owner) ?? null, count, countOf: 'plays' }
  })
}

async function playsByOwner(reads: Reads, bindings: Bindings, window: Interval): Promise<Map<string, number>> {
  const totals = await reads.totals(SUBJECT_KPIS.name, { field: 'plays', latest: 'last' }, [window])
  const plays = new Map<string, number>()
  for (let row = 0; row < totals.length; row++) {
    const count = totals.sums[0]![row]!
    if (count > 0) plays.set(totals.key(row), count)
  }
  const merged = new Map<string, number>()
  for (const [subject, owner] of await bindings.ownersOf(plays.keys())) {
    merged.set(owner, (merged.get(owner) ?? 0) + plays.get(subject)!)
  }
  return merged
}
