/**
 * Fair to the small: of every 20 rows, three are of artists outside the most played tenth. Of the first `p` rows of a block of 20
 * it takes floor(p · 3/20) such artists, so that one comes at the latest in rows 7, 14 and 20, and a shorter list is the beginning of a
 * longer one.
 */
import type { Model } from '../model/model.ts'

const BLOCK = 20
const ARTISTS_OF_BLOCK = 3

/** Counts the artists outside the most played tenth while a list is made. */
export class Exploration {
  readonly #model: Pick<Model, 'isMostPlayed' | 'artists'>
  #rows = 0
  /** The artists of this block; an item whose artist nobody knows stands for itself. */
  #artists = new Set<string | number>()

  constructor(model: Pick<Model, 'isMostPlayed' | 'artists'>) {
    this.#model = model
  }

  /** Whether the next row has to be of a small artist who is not in this block yet. */
  get isDue(): boolean {
    const place = (this.#rows % BLOCK) + 1
    return this.#artists.size < Math.floor((place * ARTISTS_OF_BLOCK) / BLOCK)
  }

  /** Whether an item is of such an artist. */
  allows(item: number): boolean {
    return this.#model.isMostPlayed[item] === 0 && !this.#artists.has(this.#artistOf(item))
  }

  /** Takes the next row. */
  add(item: number): void {
    if (this.#model.isMostPlayed[item] === 0) this.#artists.add(this.#artistOf(item))
    this.#rows++
    if (this.#rows % BLOCK === 0) this.#artists.clear()
  }

  #artistOf(item: number): string | number {
    return this.#model.artists[item] ?? item
  }
}
