/** A list has at most two albums or tracks of one artist. */
import type { Model } from '../model/model.ts'

const MOST_OF_ARTIST = 2

export interface Capped {
  /** In their order. */
  within: number[]
  /** Items of artists who have two others before; in their order. */
  beyond: number[]
}

/** Divides items, the best first. An item whose artist nobody knows is as if it had an artist of its own. */
export function capByArtist(items: readonly number[], artists: Model['artists']): Capped {
  const counts = new Map<string, number>()
  const capped: Capped = { within: [], beyond: [] }
  for (const item of items) {
    const artist = artists[item]
    const count = artist ? (counts.get(artist) ?? 0) : 0
    if (count < MOST_OF_ARTIST) capped.within.push(item)
    else capped.beyond.push(item)
    if (artist) counts.set(artist, count + 1)
  }
  return capped
}
