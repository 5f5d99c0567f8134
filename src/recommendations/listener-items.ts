/** What one listener played, liked, followed and bought, each thing with its net numbers and its weight. */
import type { Measure } from '../events/credits.ts'
import { tasteTable } from '../projections/listener-taste.ts'
import { type Bindings, compareThings } from '../queries/bindings.ts'
import type { Reads } from '../storage/storage.ts'

export interface ListenerItem {
  /** `track:<key>`, `album:<id>`, or `artist:<id>` by the id that the artist goes by. */
  thing: string
  /** Net numbers, none below zero. */
  counts: Record<Measure, number>
  /** How much it says about the listener's taste; above zero. */
  weight: number
}

/**
 * What one step of each kind weighs: the rarer and the dearer it is, the more it says. A like takes a decision, a follow
 * asks for more of the same, a purchase costs money.
 */
const WEIGHTS: Record<Exclude<Measure, 'plays'>, number> = { likes: 3, follows: 4, purchases: 5 }

const MEASURES: readonly Measure[] = ['plays', 'likes', 'follows', 'purchases']

/**
 * The listener's items, strongest first, ties by id. What was taken back as often as it was done is none, nor is what
 * names nobody or a name that is bound to no artist.
 */
export async function listenerItems(reads: Reads, bindings: Bindings, listener: string): Promise<ListenerItem[]> {
  const rows = await Promise.all(MEASURES.map(measure => rowOf(reads, measure, listener)))
  const names = rows.flatMap(row => [...row.keys()]).filter(thing => /^(artist|name):/.test(thing))
  const owners = await bindings.ownersOf(names)
  const sums = new Map<string, Record<Measure, number>>()
  for (const [i, row] of rows.entries()) {
    for (const [field, count] of row) {
      const thing = owners.get(field) ?? field
      const counts = sums.get(thing) ?? { plays: 0, likes: 0, follows: 0, purchases: 0 }
      counts[MEASURES[i]!] += count
      sums.set(thing, counts)
    }
  }
  return [...sums]
    .filter(([thing]) => /^(track|album|artist):/.test(thing))
    .map(([thing, counts]) => itemOf(thing, counts))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || compareThings(a.thing, b.thing))
}

/** log2(1 + plays) + 3 likes + 4 follows + 5 purchases: a hundred plays of one track are no hundred times the taste. */
export function weightOf({ plays, likes, follows, purchases }: Record<Measure, number>): number {
  return Math.log2(1 + plays) + WEIGHTS.likes * likes + WEIGHTS.follows * follows + WEIGHTS.purchases * purchases
}

function itemOf(thing: string, net: Record<Measure, number>): ListenerItem {
  const counts = { ...net }
  for (const measure of MEASURES) counts[measure] = Math.max(0, net[measure])
  return { thing, counts, weight: weightOf(counts) }
}

async function rowOf(reads: Reads, measure: Measure, listener: string): Promise<ReadonlyMap<string, number>> {
  const [row] = await reads.rows(tasteTable(measure).name, [listener])
  return row ?? new Map()
}
