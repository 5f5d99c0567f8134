/** Checksums of what the store writes: 32 bits, so that damage passes unnoticed once in four thousand million times. */
import { crc32 } from 'node:zlib'
import type { StoredEntry } from '../storage.ts'

const BASIS = 0x811c9dc5

/**
 * Of everything that a row of the log holds, its position included. The long part goes through CRC-32; the short ones make
 * its start, for a call costs as much as forty characters of them.
 */
export function entrySum({ seq, id, timestamp, content, decision }: StoredEntry): number {
  const start = mixText(decision, mixText(id, mix(timestamp, mix(seq, BASIS))))
  return crc32(content, start >>> 0) | 0
}

/** Of bytes, and of the numbers that belong to them. */
export function bytesSum(bytes: Uint8Array, ...numbers: number[]): number {
  return crc32(bytes, numbers.reduce((hash, number) => mix(number, hash), BASIS) >>> 0) | 0
}

/** Whole numbers of up to 53 bits. */
function mix(number: number, hash: number): number {
  return step(step(hash, number | 0), Math.floor(number / 2 ** 32) | 0)
}

function mixText(text: string, hash: number): number {
  // SQLite gives half a character back as a replacement.
  const written = text.isWellFormed() ? text : text.toWellFormed()
  for (let i = 0; i < written.length; i++) hash = step(hash, written.charCodeAt(i))
  return step(hash, ~written.length)
}

/** One step of FNV-1a, its high bits brought down. */
function step(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x01000193)
  return mixed ^ (mixed >>> 15)
}
