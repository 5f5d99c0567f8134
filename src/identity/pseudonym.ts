/** Names for listeners that say nothing of who they are. */
import { createHmac } from 'node:crypto'
import type { EntityRef } from './entity-ref.ts'

/** Crockford's base 32: without letters that look like digits or like each other. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'
/** 50 bits: of a million listeners of an artist, two share a pseudonym with a probability of 1 in 2,000. */
const LENGTH = 10

/**
 * A listener of an artist, such as `listener-7k2m9x4q0c`: always the same for this artist, and another one for every other
 * artist. Nobody without the secret can tell whose it is, not even by trying all users.
 */
export function listenerPseudonym(secret: string, artist: EntityRef, userId: string): string {
  const digest = createHmac('sha256', secret)
    .update(JSON.stringify([artist, userId]))
    .digest()
  return `listener-${[...digest.subarray(0, LENGTH)].map(byte => DIGITS[byte % DIGITS.length]).join('')}`
}
