/** The artists whom everybody likes: what is recommended where nothing is known of a listener. */
import { SUBJECT_KPIS } from '../projections/subject-kpis.ts'
import { Bindings, compareIds, idOf } from '../queries/bindings.ts'
import { bestOf } from '../queries/ranking.ts'
import { windows } from '../queries/trending.ts'
import { trendingBoard } from '../queries/trending-board.ts'
import { ALWAYS, type Instant, type Interval, QUARTER_MS, type Reads } from '../storage/storage.ts'

/** Survives a structured clone. */
export interface PopularArtist {
  id: string
  name: string | null
  /** Net follows, or counted plays; above zero. */
  count: number
  countOf: 'follows' | 'plays'
}

const YEAR_MS = 365 * 86_400_000

/**
 * At most `limit` artists: first those with most net follows (ties as in the rankings), then those without who were
 * played most (ties: the smaller id). Only who has an id can be recommended: names bound to no artist are left out.
 * @param now the last 365 days up to this instant; null: all of time.
 */
export async function popularArtists(reads: Reads, now: Instant | null, limit: number): Promise<PopularArtist[]> {
  const bindings = new Bindings(reads)
  const followed = await followedArtists(reads, bindings, now, limit)
  const without = new Set(followed.map(({ key }) => key))
  const window = now === null ? ALWAYS : lastYear(now)
  const played = await playedArtists(reads, bindings, window, limit - followed.length, without)
  const labels = await bindings.labelsOf([...followed, ...played].map(({ key }) => key))
  const artists = (ranked: readonly Ranked[], countOf: PopularArtist['countOf']) =>
    ranked.map(({ key, count }): PopularArtist => ({ id: idOf(key), name: labels.get(key) ?? null, count, countOf }))
  return [...artists(followed, 'follows'), ...artists(played, 'plays')]
}

interface Ranked {
  /** `artist:<id>` */
  key: string
  count: number
}

async function followedArtists(
  reads: Reads,
  bindings: Bindings,
  now: Instant | null,
  limit: number,
): Promise<Ranked[]> {
  const both: [Interval, Interval] = now === null ? [ALWAYS, ALWAYS] : windows('year', now)
  const board = await trendingBoard(reads, bindings, { kind: 'artists', withId: true }, both)
  return bestOf(board, count => count, limit).map(({ key, value }) => ({ key, count: value }))
}

/** In whole quarters of an hour: nobody's place in this list is worth reading the log for. */
function lastYear(now: Instant): Interval {
  const quarter = (instant: number) => Math.ceil(instant / QUARTER_MS) * QUARTER_MS
  return { from: quarter(now + 1 - YEAR_MS), to: quarter(now + 1) }
}

async function playedArtists(
  reads: Reads,
  bindings: Bindings,
  window: Interval,
  limit: number,
  without: ReadonlySet<string>,
): Promise<Ranked[]> {
  if (limit === 0) return []
  const plays = await playsByOwner(reads, bindings, window)
  return [...plays]
    .filter(([owner]) => owner.startsWith('artist:') && !without.has(owner))
    .sort(([a, x], [b, y]) => y - x || compareIds(idOf(a), idOf(b)))
    .slice(0, limit)
    .map(([key, count]) => ({ key, count }))
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
