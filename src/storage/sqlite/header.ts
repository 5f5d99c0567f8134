/**
 * Corrects the header of a database's file. Some of its fields can have few values. Where a flipped byte gives them another
 * one, SQLite refuses the whole file, or only reads it, although the rest is intact.
 */
import { closeSync, constants, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import { StoreDamaged } from '../storage.ts'

interface Field {
  at: number
  /** Its length. */
  bytes: number
  /** The values that SQLite accepts, that of this service's files first. */
  known: readonly [number, ...number[]]
}

const FIELDS: readonly Field[] = [
  ...[...Buffer.from('SQLite format 3\0')].map((byte, at): Field => ({ at, bytes: 1, known: [byte] })),
  // The size of a page; 1 stands for 65536.
  { at: 16, bytes: 2, known: [4096, 1, 512, 1024, 2048, 8192, 16384, 32768] },
  // The versions for writing and for reading: 2 with a write-ahead log, 1 without.
  { at: 18, bytes: 1, known: [2, 1] },
  { at: 19, bytes: 1, known: [2, 1] },
  // The fractions of a page that one cell may use.
  { at: 21, bytes: 1, known: [64] },
  { at: 22, bytes: 1, known: [32] },
  { at: 23, bytes: 1, known: [32] },
  // The format of the schema, and how texts are encoded.
  { at: 44, bytes: 4, known: [4, 1, 2, 3] },
  { at: 56, bytes: 4, known: [1, 2, 3] },
]
/** A part of the schema in the first page of a store, by which other files are recognised and left alone. */
const OWN = 'CREATE TABLE events'
const PAGE = 4_096
/** With more wrong fields than these it is not a damaged header but another file. */
const MOST_WRONG = 8

/**
 * To be called while this process does not have the file open: closing the file would release SQLite's locks.
 * @throws StoreDamaged where fields of the header of a store's file are wrong
 */
export function requireHeader(file: string): void {
  const wrong = wrongFields(file)
  if (wrong.length > 0) throw new StoreDamaged(`the header is wrong at ${describe(wrong)}`)
}

/** Durably corrects the header, and returns which fields were wrong, such as `byte 18`; null for none. To be called as `requireHeader`. */
export function putHeaderRight(file: string): string | null {
  const wrong = wrongFields(file)
  if (wrong.length === 0) return null
  const opened = openSync(file, constants.O_RDWR | constants.O_NOFOLLOW)
  try {
    for (const { at, bytes, known } of wrong) {
      const value = Buffer.alloc(bytes)
      value.writeUIntBE(known[0], 0, bytes)
      writeSync(opened, value, 0, bytes, at)
    }
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
  return describe(wrong)
}

function wrongFields(file: string): Field[] {
  const page = firstBytes(file, PAGE)
  if (page?.length !== PAGE || !page.includes(OWN)) return []
  const wrong = FIELDS.filter(({ at, bytes, known }) => !known.includes(page.readUIntBE(at, bytes)))
  return wrong.length > MOST_WRONG ? [] : wrong
}

/** The first bytes of a file; null where the file is missing. */
export function firstBytes(file: string, length: number): Buffer | null {
  let opened: number
  try {
    opened = openSync(file, 'r')
  } catch {
    return null
  }
  try {
    const bytes = Buffer.alloc(length)
    return bytes.subarray(0, readSync(opened, bytes, 0, length, 0))
  } finally {
    closeSync(opened)
  }
}

const describe = (fields: readonly Field[]): string => `byte ${fields.map(({ at }) => at).join(', ')}`
