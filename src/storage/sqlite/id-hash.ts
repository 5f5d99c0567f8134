/** Hashes of event ids. */

/**
 * The id as a whole number of 48 bits: multiply-and-mix over its code units in two lanes of 32 bits, finished as in
 * MurmurHash3. With a secret `seed`, nobody can choose ids that have one hash.
 */
export function idHash(id: string, seed: number): number {
  let low = seed | 0
  let high = ~seed | 0
  for (let i = 0; i < id.length; i++) {
    const unit = id.charCodeAt(i)
    low = Math.imul(low ^ unit, 0x9e3779b1)
    low ^= low >>> 15
    high = Math.imul(high ^ unit, 0x85ebca77)
    high ^= high >>> 13
  }
  low = finish(low ^ Math.imul(high, 0xc2b2ae35))
  high = finish(high ^ low)
  return (high >>> 16) * 2 ** 32 + (low >>> 0)
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
