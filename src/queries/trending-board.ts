/** The counts that rankings are made of. */
import { foldText } from '../events/fold-text.ts'
import { ALBUM_PLAYS, entityCounts, SUBJECT_FOLLOWS, TRACK_PLAYS } from '../projections/entity-counts.ts'
import type { Interval, Reads, TableSpec, Totals } from '../storage/storage.ts'
import { type Bindings, compareThings } from './bindings.ts'
import { type Board, type Tally, tallyOf } from './ranking.ts'
import { cut, loggedEvents } from './time-pieces.ts'

export type TrendingKind = 'tracks' | 'albums' | 'artists'

const KINDS: Record<TrendingKind, { table: TableSpec; field: string }> = {
  tracks: { table: TRACK_PLAYS, field: 'plays' },
  albums: { table: ALBUM_PLAYS, field: 'plays' },
  artists: { table: SUBJECT_FOLLOWS, field: 'follows' },
}

/**
 * What was counted for everything of a kind in a window and the one before it, exact to the millisecond. Of artists
 * `withId` only those who have one, and no names.
 */
export async function trendingBoard(
  reads: Reads,
  bindings: Bindings,
  question: { kind: TrendingKind; genre?: string; withId?: boolean },
  both: [Interval, Interval],
): Promise<Board> {
  const kind = KINDS[question.kind]
  const quarters = both.map(window => cut(window).quarters!)
  const totalsOf = (among?: ReadonlySet<string>) =>
    reads.totals(kind.table.name, { field: kind.field, latest: 'last' }, quarters, among)
  const edges = await edgeTallies(reads, kind.table, both)
  if (question.kind === 'artists') {
    const merged = await mergeByOwner(bindings, added(await totalsOf(), edges))
    const artists = [...merged].filter(([owner]) => !question.withId || owner.startsWith('artist:'))
    return boardOf(new Map(artists))
  }
  if (question.genre !== undefined) return boardOf(await ofGenre(bindings, question.genre, totalsOf, edges))
  const totals = await totalsOf()
  const rows = edges.size > 0 ? added(await totalsOf(new Set(edges.keys())), new Map()) : new Map<string, Tally>()
  const overrides = [...edges].map(([key, edge]) => {
    const row = rows.get(key)
    return [key, { row, tally: row ? sum(row, edge) : edge }] as const
  })
  return { totals, overrides: new Map(overrides), compareKeys: compareThings }
}

/** What the events at the windows' edges, within a quarter, add to each key. */
async function edgeTallies(reads: Reads, table: TableSpec, both: readonly Interval[]): Promise<Map<string, Tally>> {
  const tallies = new Map<string, Tally>()
  for (const [window, interval] of both.entries()) {
    for (const edge of cut(interval).edges) {
      for await (const event of loggedEvents(reads, edge)) {
        for (const change of entityCounts.fold(event)) {
          if (change.table !== table.name) continue
          const tally = tallies.get(change.key) ?? nothing()
          if (change.op === 'increment') tally.counts[window as 0 | 1] += change.by
          else tally.latest[window as 0 | 1] = Math.max(tally.latest[window as 0 | 1], change.at)
          tallies.set(change.key, tally)
        }
      }
    }
  }
  return tallies
}

const nothing = (): Tally => ({ counts: [0, 0], latest: [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY] })

function sum(a: Tally, b: Tally): Tally {
  return {
    counts: [a.counts[0] + b.counts[0], a.counts[1] + b.counts[1]],
    latest: [Math.max(a.latest[0], b.latest[0]), Math.max(a.latest[1], b.latest[1])],
  }
}

/** All rows by key, the edges added. */
function added(totals: Totals, edges: ReadonlyMap<string, Tally>): Map<string, Tally> {
  const tallies = new Map(edges)
  for (let row = 0; row < totals.length; row++) {
    const key = totals.key(row)
    const edge = edges.get(key)
    tallies.set(key, edge ? sum(tallyOf(totals, row), edge) : tallyOf(totals, row))
  }
  return tallies
}

/** Artists and names that are bound to none; albums of nobody and what names nobody are no artists. */
async function mergeByOwner(
  bindings: Bindings,
  tallies: ReadonlyMap<string, Tally>,
): Promise<ReadonlyMap<string, Tally>> {
  const owners = await bindings.ownersOf(tallies.keys())
  const merged = new Map<string, Tally>()
  for (const [subject, tally] of tallies) {
    const owner = owners.get(subject)!
    if (!owner.startsWith('artist:') && !owner.startsWith('name:')) continue
    const before = merged.get(owner)
    merged.set(owner, before ? sum(before, tally) : tally)
  }
  return merged
}

async function ofGenre(
  bindings: Bindings,
  genre: string,
  totalsOf: (among: ReadonlySet<string>) => Promise<Totals>,
  edges: ReadonlyMap<string, Tally>,
): Promise<ReadonlyMap<string, Tally>> {
  const folded = foldText(genre)
  const candidates = new Set(await bindings.genreCandidates(folded))
  const ownEdges = [...edges].filter(([key]) => candidates.has(key))
  const tallies = added(await totalsOf(candidates), new Map(ownEdges))
  const genres = await bindings.genresOf([...tallies.keys()])
  return new Map([...tallies].filter(([key]) => genres.get(key) === folded))
}

function boardOf(tallies: ReadonlyMap<string, Tally>): Board {
  const keys = [...tallies.keys()]
  const all = [...tallies.values()]
  const column = (pick: (tally: Tally) => number) => Float64Array.from(all, pick)
  const totals: Board['totals'] = {
    length: keys.length,
    key: row => keys[row]!,
    sums: [column(({ counts }) => counts[0]), column(({ counts }) => counts[1])],
    latest: [column(({ latest }) => latest[0]), column(({ latest }) => latest[1])],
  }
  return { totals, overrides: new Map(), compareKeys: compareThings }
}
