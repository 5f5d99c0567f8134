/** The order of a list by a model's scores, with places for small artists and with as much diversity as is asked for. */
import type { Model } from '../model/model.ts'
import { Diversity } from './diversity.ts'
import { Exploration } from './exploration.ts'

export interface ListRules {
  limit: number
  /** Whether places are kept for artists outside the most played tenth. */
  isExploring: boolean
  /** 0: by score alone; 1: as different as can be. */
  diversity: number
}

export interface Place {
  item: number
  /** Whether it came before better ones so that a small artist is in the list. */
  isExploration: boolean
}

/**
 * At most `limit` of the items, which come with falling scores. Each place is decided by those before it alone, so that a shorter
 * list is the beginning of a longer one. Of equal ones, the first in `items` is taken.
 */
export function arrange(model: Model, scores: Float64Array, items: readonly number[], rules: ListRules): Place[] {
  const left = new Set(items)
  const diversity = new Diversity(model, scores, items, rules.diversity)
  const exploration = new Exploration(model)
  const best = (isAllowed: (item: number) => boolean): number | undefined => {
    let found: number | undefined
    for (const item of left) {
      if (!isAllowed(item)) continue
      // With falling scores, the first one is the best.
      if (rules.diversity === 0) return item
      if (found === undefined || diversity.valueOf(item) > diversity.valueOf(found)) found = item
    }
    return found
  }
  const places: Place[] = []
  while (places.length < rules.limit && left.size > 0) {
    const first = best(() => true)!
    const small = rules.isExploring && exploration.isDue ? best(item => exploration.allows(item)) : undefined
    const item = small ?? first
    places.push({ item, isExploration: item !== first })
    left.delete(item)
    diversity.add(item)
    exploration.add(item)
  }
  return places
}
