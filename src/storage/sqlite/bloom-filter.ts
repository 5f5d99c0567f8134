/** A blocked Bloom filter over 48-bit hashes: seven bits of one 64-byte block, so that a test touches one cache line. */

const BLOCK_BYTES = 64
const BITS_PER_ID = 12
const PROBES = 7
const EMPTY_CAPACITY = 2_048

export class BloomFilter {
  readonly bytes: Uint8Array
  #count: number

  constructor(count = 0, bytes: Uint8Array = sized(EMPTY_CAPACITY)) {
    this.#count = count
    this.bytes = bytes
  }

  static withCapacity(ids: number): BloomFilter {
    return new BloomFilter(0, sized(ids))
  }

  /** Ids added. */
  get count(): number {
    return this.#count
  }

  /** Ids that it holds with about 1 % of false positives. */
  get capacity(): number {
    return Math.floor((this.bytes.length * 8) / BITS_PER_ID)
  }

  copy(): BloomFilter {
    return new BloomFilter(this.#count, this.bytes.slice())
  }

  add(hash: number): void {
    const block = this.#block(hash)
    for (let probe = 0, bits = probes(hash); probe < PROBES; probe++, bits = next(bits)) {
      const bit = bits >>> 23
      this.bytes[block + (bit >>> 3)] = (this.bytes[block + (bit >>> 3)] as number) | (1 << (bit & 7))
    }
    this.#count++
  }

  /** False only where the hash was never added. */
  mayContain(hash: number): boolean {
    const block = this.#block(hash)
    for (let probe = 0, bits = probes(hash); probe < PROBES; probe++, bits = next(bits)) {
      const bit = bits >>> 23
      if (((this.bytes[block + (bit >>> 3)] as number) & (1 << (bit & 7))) === 0) return false
    }
    return true
  }

  #block(hash: number): number {
    return ((hash % 2 ** 32) % (this.bytes.length / BLOCK_BYTES)) * BLOCK_BYTES
  }
}

const sized = (ids: number) => new Uint8Array(Math.ceil((ids * BITS_PER_ID) / 8 / BLOCK_BYTES) * BLOCK_BYTES)

/** The bits inside a block come from a sequence that starts with the whole hash. */
const probes = (hash: number) => next(Math.imul(Math.floor(hash / 2 ** 16), 0x9e3779b1) ^ hash)
const next = (bits: number) => (Math.imul(bits, 0x2c1b3c6d) + 0x297a2d39) | 0
