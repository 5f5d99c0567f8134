/** What a listener has of a kind: bought, liked, followed, or played more than a few times. */
import type { Snapshot } from '../storage/figures.ts'
import type { ItemKind } from './item-kind.ts'
import { listenerHistory } from './listener-history.ts'

/** Passes between threads by structured clone. */
export interface HadItems {
  ids: Set<string>
  /** Albums that were bought; where tracks are asked for, their tracks are had too. */
  albums: Set<string>
}

export async function hadItems(reads: Snapshot, kind: ItemKind, userId: string): Promise<HadItems> {
  const { entries, elsewhere } = await listenerHistory(reads, kind, userId)
  const had = entries.filter(({ isHad }) => isHad).map(({ id }) => id)
  return kind === 'track'
    ? { ids: new Set(had), albums: new Set(elsewhere) }
    : { ids: new Set([...had, ...elsewhere]), albums: new Set() }
}
