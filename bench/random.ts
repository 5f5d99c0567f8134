/** Seeded randomness: the same numbers on every machine, so that every run measures the same events. */

/** sfc32: small, fast, and good enough for any load. */
export class Random {
  #a: number
  #b: number
  #c = 0x9e3779b9
  #counter = 1

  constructor(seed: number, stream: number) {
    this.#a = seed | 0
    this.#b = stream | 0
    for (let i = 0; i < 12; i++) this.bits()
  }

  /** 32 random bits, as a signed integer. */
  bits(): number {
    const sum = (this.#a + this.#b + this.#counter++) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum
    return sum
  }

  /** From 0 up to but without 1. */
  unit(): number {
    return (this.bits() >>> 0) / 2 ** 32
  }

  below(limit: number): number {
    return Math.floor(this.unit() * limit)
  }

  /** A UUID of version 4: the hardest ids for an index, as they come in no order at all. */
  uuid(): string {
    const [a, b, c, d] = [this.bits(), this.bits(), this.bits(), this.bits()]
    const middle = hex(b)
    return `${hex(a)}-${middle.slice(0, 4)}-4${middle.slice(5)}-a${hex(c).slice(1, 4)}-${hex(c).slice(4)}${hex(d)}`
  }
}

/** 32 bits as eight hexadecimal digits. */
export function hex(bits: number): string {
  return (BYTES[bits >>> 24]! + BYTES[(bits >>> 16) & 255]! + BYTES[(bits >>> 8) & 255]! + BYTES[bits & 255]!) as string
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Chooses ranks 0, 1, 2, … with probabilities that fall as 1 / (rank + 1) ^ exponent, each in constant time (Vose). */
export class Zipf {
  #keep: Float64Array
  #otherwise: Int32Array

  constructor(ranks: number, exponent: number) {
    const weights = Float64Array.from({ length: ranks }, (_, rank) => (rank + 1) ** -exponent)
    const mean = weights.reduce((sum, weight) => sum + weight, 0) / ranks
    this.#keep = weights.map(weight => weight / mean)
    this.#otherwise = Int32Array.from({ length: ranks }, (_, rank) => rank)
    this.#pair()
  }

  choose(random: Random): number {
    const rank = random.below(this.#keep.length)
    return random.unit() < this.#keep[rank]! ? rank : this.#otherwise[rank]!
  }

  /** Fills what each rare rank leaves of its share with a part of a frequent one. */
  #pair(): void {
    const rare: number[] = []
    const frequent: number[] = []
    for (const [rank, share] of this.#keep.entries()) (share < 1 ? rare : frequent).push(rank)
    while (rare.length > 0 && frequent.length > 0) {
      const poor = rare.pop()!
      const rich = frequent.at(-1)!
      this.#otherwise[poor] = rich
      this.#keep[rich] = this.#keep[rich]! - (1 - this.#keep[poor]!)
      if (this.#keep[rich]! < 1) rare.push(frequent.pop()!)
    }
    for (const rank of [...rare, ...frequent]) this.#keep[rank] = 1
  }
}
