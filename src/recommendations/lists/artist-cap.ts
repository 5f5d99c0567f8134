/** A list has at most two albums or tracks of one artist. */

const MOST_OF_ARTIST = 2

export interface Capped<Item> {
  /** In their order. */
  within: Item[]
  /** Items of artists who have two others before; in their order. */
  beyond: Item[]
}

/** Divides items, the best first. An item whose artist nobody knows is as if it had an artist of its own. */
export function capByArtist<Item>(
  items: readonly Item[],
  artistOf: (item: Item) => string | null | undefined,
): Capped<Item> {
  const counts = new Map<string, number>()
  const capped: Capped<Item> = { within: [], beyond: [] }
  for (const item of items) {
    const artist = artistOf(item)
    const count = artist ? (counts.get(artist) ?? 0) : 0
    if (count < MOST_OF_ARTIST) capped.within.push(item)
    else capped.beyond.push(item)
    if (artist) counts.set(artist, count + 1)
  }
  return capped
}
