/** Hashes of ids with their entries, in plain columns: a tenth of the memory of a Map, and nothing to collect. */
import type { Seq } from '../storage.ts'

const SMALLEST = 8_192
/** Beyond it, a larger table is faster. */
const FULL = 0.75

/** An open-addressing table; a hash may occur more than once. */
export class UnwrittenIds {
  /** `hash + 1`; 0 is a free place. */
  #hashes = new Float64Array(SMALLEST)
  #seqs = new Float64Array(SMALLEST)
  #size = 0

  get size(): number {
    return this.#size
  }

  add(hash: number, seq: Seq): void {
    if (this.#size >= this.#hashes.length * FULL) this.#grow()
    let place = this.#placeOf(hash)
    while (this.#hashes[place] !== 0) place = this.#after(place)
    this.#hashes[place] = hash + 1
    this.#seqs[place] = seq
    this.#size++
  }

  /** The entries with this hash. */
  find(hash: number): Seq[] {
    const found: Seq[] = []
    for (let place = this.#placeOf(hash); this.#hashes[place] !== 0; place = this.#after(place)) {
      if (this.#hashes[place] === hash + 1) found.push(this.#seqs[place] as Seq)
    }
    return found
  }

  /** All pairs, by hash. */
  sorted(): { hashes: Float64Array; seqs: Float64Array } {
    const places = new Uint32Array(this.#size)
    let n = 0
    for (let place = 0; place < this.#hashes.length; place++) if (this.#hashes[place] !== 0) places[n++] = place
    places.sort((a, b) => (this.#hashes[a] as number) - (this.#hashes[b] as number))
    return {
      hashes: Float64Array.from(places, place => (this.#hashes[place] as number) - 1),
      seqs: Float64Array.from(places, place => this.#seqs[place] as number),
    }
  }

  #placeOf(hash: number): number {
    // The low bits of the hash are as random as any.
    return (hash % 2 ** 32) & (this.#hashes.length - 1)
  }

  #after(place: number): number {
    return (place + 1) & (this.#hashes.length - 1)
  }

  #grow(): void {
    const hashes = this.#hashes
    const seqs = this.#seqs
    this.#hashes = new Float64Array(hashes.length * 2)
    this.#seqs = new Float64Array(hashes.length * 2)
    this.#size = 0
    for (let place = 0; place < hashes.length; place++) {
      if (hashes[place] !== 0) this.add((hashes[place] as number) - 1, seqs[place] as number)
    }
  }
}
