/** A blocked Bloom filter over 48-bit hashes: seven bits of one 64-byte block, so that a test touches one cache line. */

const BLOCK_BYTES = 64
const BITS_PER_HASH = 12
const PROBES = 7

export class BloomFilter {
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  /** Makes an empty filter with space for this many hashes. */
  static withCapacity(hashes: number): BloomFilter {
    return new BloomFilter(new Uint8Array(Math.ceil((hashes * BITS_PER_HASH) / 8 / BLOCK_BYTES) * BLOCK_BYTES))
  }

  /** How many hashes it holds with about 1 % of false positives. */
  get capacity(): number {
    return Math.floor((this.bytes.length * 8) / BITS_PER_HASH)
  }

  copy(): BloomFilter {
    return new BloomFilter(this.bytes.slice())
  }

  add(hash: number): void {
    const block = this.#blockOf(hash)
    for (let probe = 0, random = first(hash); probe < PROBES; probe++, random = next(random)) {
      const bit = block + (random >>> 23)
      this.bytes[bit >>> 3]! |= 1 << (bit & 7)
    }
  }

  /** False only where the hash was never added. */
  mayContain(hash: number): boolean {
    const block = this.#blockOf(hash)
    for (let probe = 0, random = first(hash); probe < PROBES; probe++, random = next(random)) {
      const bit = block + (random >>> 23)
      if ((this.bytes[bit >>> 3]! & (1 << (bit & 7))) === 0) return false
    }
    return true
  }

  /** The first bit of the block, which the low bits of the hash choose. */
  #blockOf(hash: number): number {
    return ((hash % 2 ** 32) % (this.bytes.length / BLOCK_BYTES)) * BLOCK_BYTES * 8
  }
}

/** The bits inside a block come from a sequence of random numbers that starts with the whole hash. */
const first = (hash: number): number => next(Math.imul(Math.floor(hash / 2 ** 16), 0x9e3779b1) ^ hash)
const next = (random: number): number => (Math.imul(random, 0x2c1b3c6d) + 0x297a2d39) | 0
