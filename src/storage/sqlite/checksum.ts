/** Checksums of what the store writes. They have 32 bits, so that one damage in four thousand million goes unnoticed. */
import { crc32 } from 'node:zlib'
import type { StoredEntry } from '../storage.ts'

const BASIS = 0x811c9dc5

/**
 * The checksum of a row of the log, with its position. The long content goes through CRC-32. The short fields are hashed
 * here into its starting value, because a call of `crc32` costs as much as forty of their characters.
 */
export function entrySum({ seq, id, timestamp, content, decision }: StoredEntry): number {
  const start = mixText(decision, mixText(id, mix(timestamp, mix(seq, BASIS))))
  return crc32(content, start >>> 0) | 0
}

/** The checksum of bytes and of numbers that belong to them. */
export function bytesSum(bytes: Uint8Array, ...numbers: number[]): number {
  return crc32(bytes, numbers.reduce((hash, number) => mix(number, hash), BASIS) >>> 0) | 0
}

/** Hashes a whole number of up to 53 bits. */
function mix(number: number, hash: number): number {
  return step(step(hash, number | 0), Math.floor(number / 2 ** 32) | 0)
}

function mixText(text: string, hash: number): number {
  // SQLite stores half of a surrogate pair as U+FFFD.
  const written = text.isWellFormed() ? text : text.toWellFormed()
  for (let i = 0; i < written.length; i++) hash = step(hash, written.charCodeAt(i))
  return step(hash, ~written.length)
}

/** One step of FNV-1a, with the high bits mixed into the low ones. */
function step(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x01000193)
  return mixed ^ (mixed >>> 15)
}
