/** The tracks with most plays in the last minutes, as events describe them. */
import { compareIds, type EntityRef, idOf } from '../identity/entity-ref.ts'
import { type Keyed, type Track, trackRows } from '../statistics/describe.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant } from '../storage/storage.ts'
import { MINUTE_MS } from '../units.ts'
import type { PlayCounts } from './recent-plays.ts'

export type LiveTrack = Keyed & Track & { plays: number }

const SHOWN = 10
/** How long a description is used: titles and names change seldom. */
const DESCRIBED_MS = MINUTE_MS
/** Texts of tracks that are kept: beyond, all are looked up again. */
const MAX_KEPT = 50_000

/** A track by its number, with its id. */
interface Counted {
  id: number
  trackId: string
  plays: number
}

export class LiveTracks {
  #dictionary = ''
  #refs = new Map<number, EntityRef>()
  #described = new Map<number, Keyed & Track>()
  #describedUntil = 0

  /** Of each the tracks with most plays, most first; of equal ones the smaller id first. */
  async most(
    reads: Snapshot,
    counts: readonly PlayCounts[],
    { dictionary, at }: { dictionary: string; at: Instant },
  ): Promise<LiveTrack[][]> {
    if (dictionary !== this.#dictionary || this.#refs.size > MAX_KEPT) this.forget()
    if (at >= this.#describedUntil) {
      this.#described.clear()
      this.#describedUntil = at + DESCRIBED_MS
    }
    this.#dictionary = dictionary
    const candidates = counts.map(({ tracks }) => candidatesOf(tracks))
    await this.#lookUp(
      reads,
      candidates.flatMap(found => found.map(([id]) => id)),
    )
    const shown = candidates.map(found => this.#sorted(found).slice(0, SHOWN))
    await this.#describe(reads, shown.flat())
    return shown.map(tracks => tracks.map(({ id, plays }) => ({ ...this.#described.get(id)!, plays })))
  }

  forget(): void {
    this.#refs.clear()
    this.#described.clear()
  }

  #sorted(candidates: readonly (readonly [number, number])[]): Counted[] {
    return candidates
      .map(([id, plays]) => ({ id, plays, trackId: idOf(this.#refs.get(id)!) }))
      .sort((a, b) => b.plays - a.plays || compareIds(a.trackId, b.trackId))
  }

  async #lookUp(reads: Snapshot, ids: readonly number[]): Promise<void> {
    const unknown = [...new Set(ids)].filter(id => !this.#refs.has(id))
    for (const [id, ref] of await reads.entitiesOf(unknown)) this.#refs.set(id, ref)
  }

  async #describe(reads: Snapshot, tracks: readonly Counted[]): Promise<void> {
    const ids = [...new Set(tracks.map(({ id }) => id))].filter(id => !this.#described.has(id))
    const entities = ids.map(id => {
      const entity = this.#refs.get(id)!
      return { id, entity, row: { key: idOf(entity), enriched: false } }
    })
    for (const [i, row] of (await trackRows(reads, entities)).entries()) this.#described.set(ids[i]!, row)
  }
}

/** The tracks that can be among the first: those with as many plays as the last of them, or more. */
function candidatesOf(tracks: ReadonlyMap<number, number>): [number, number][] {
  if (tracks.size <= SHOWN) return [...tracks]
  const first: number[] = []
  for (const plays of tracks.values()) {
    if (first.length === SHOWN && plays <= first[SHOWN - 1]!) continue
    first.push(plays)
    first.sort((a, b) => b - a)
    first.length = Math.min(first.length, SHOWN)
  }
  const fewest = first.at(-1)!
  return [...tracks].filter(([, plays]) => plays >= fewest)
}
