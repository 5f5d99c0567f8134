/** How a row of a ranking moved since the period before. */
import type { TrendingRow } from '../../http/trending.ts'

/** `new`: it was not there in the period before. */
export interface Movement {
  direction: 'new' | 'up' | 'down' | 'same'
  /** How many positions. */
  by: number
}

/**
 * Null where the two positions are not of the same ranking: the position of a rising ranking is by growth, and the one
 * before, as the service gives it, is by count.
 */
export function movementOf({ rank, previousRank, growth }: TrendingRow): Movement | null {
  if (previousRank === null) return { direction: 'new', by: 0 }
  if (growth) return null
  const by = previousRank - rank
  return { direction: by > 0 ? 'up' : by < 0 ? 'down' : 'same', by: Math.abs(by) }
}
