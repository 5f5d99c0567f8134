/** Popular items at the end of a list, and for listeners of whom nothing is known. */
import type { Model } from '../model/model.ts'
import { capByArtist } from './artist-cap.ts'
import type { ScoredItem } from './best-items.ts'
import { shortlist } from './shortlist.ts'

export interface PopularFill {
  within: ScoredItem[]
  /** Of artists who have two items before. */
  beyond: ScoredItem[]
}

/**
 * At most `size` items with the most decayed plays, without those in `excluded`; `listed` counts for the cap of artists.
 * score = plays / greatest number of plays. After other items, of which the least score is `below`, it is
 * below × plays / (1 + greatest number), which is less than `below`.
 */
export function popularFill(
  model: Pick<Model, 'popularity' | 'artists'>,
  excluded: ReadonlySet<number>,
  listed: readonly number[],
  { size, below }: { size: number; below: number | undefined },
): PopularFill {
  const { popularity, artists } = model
  const popular = shortlist(popularity, item => excluded.has(item), artists, size)
  const greatest = popularity[popular.within[0]!] ?? 1
  const scored = (item: number): ScoredItem => {
    const plays = popularity[item]!
    return { item, score: below === undefined ? plays / greatest : (below * plays) / (1 + greatest) }
  }
  const capped = capByArtist([...listed, ...popular.within], item => artists[item])
  return {
    within: capped.within.slice(listed.length).map(scored),
    beyond: [...capped.beyond, ...popular.beyond].map(scored),
  }
}
