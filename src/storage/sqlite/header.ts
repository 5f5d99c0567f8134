/**
 * The header of a database's file. Some of its fields have few values that SQLite knows: where one of them has another, SQLite
 * refuses the whole file, or only reads it, though all the rest of it is there. So such a field is put right.
 */
import { closeSync, constants, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import { StoreDamaged } from '../storage.ts'

interface Field {
  at: number
  /** How long it is. */
  bytes: number
  /** The values that SQLite knows, that of this service's files first. */
  known: readonly [number, ...number[]]
}

const FIELDS: readonly Field[] = [
  ...[...Buffer.from('SQLite format 3\0')].map((byte, at): Field => ({ at, bytes: 1, known: [byte] })),
  // The size of a page; 1 stands for 65536.
  { at: 16, bytes: 2, known: [4096, 1, 512, 1024, 2048, 8192, 16384, 32768] },
  // What writes and what reads the file has to know: a write-ahead log, or none.
  { at: 18, bytes: 1, known: [2, 1] },
  { at: 19, bytes: 1, known: [2, 1] },
  // Parts of a page that one entry may take.
  { at: 21, bytes: 1, known: [64] },
  { at: 22, bytes: 1, known: [32] },
  { at: 23, bytes: 1, known: [32] },
  // The format of the schema, and how texts are encoded.
  { at: 44, bytes: 4, known: [4, 1, 2, 3] },
  { at: 56, bytes: 4, known: [1, 2, 3] },
]
/** What the first page of a store has in its schema; the files of others are left alone. */
const OWN = 'CREATE TABLE events'
const PAGE = 4_096
/** Where more fields are wrong, it is no damaged header, but another file. */
const MOST_WRONG = 8

/**
 * To be called while this process does not have the file open: closing it would give SQLite's locks up.
 * @throws StoreDamaged where fields of the header of a store's file are wrong
 */
export function requireHeader(file: string): void {
  const wrong = wrongFields(file)
  if (wrong.length > 0) throw new StoreDamaged(`the header is wrong at ${placesOf(wrong)}`)
}

/** Puts the header right for good, and gives the places that were wrong, such as `byte 18`; null where none was. As `requireHeader`. */
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
  return placesOf(wrong)
}

function wrongFields(file: string): Field[] {
  const page = firstBytes(file, PAGE)
  if (page?.length !== PAGE || !page.includes(OWN)) return []
  const wrong = FIELDS.filter(({ at, bytes, known }) => !known.includes(page.readUIntBE(at, bytes)))
  return wrong.length > MOST_WRONG ? [] : wrong
}

/** The first bytes of a file; null where there is none. */
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

const placesOf = (fields: readonly Field[]): string => `byte ${fields.map(({ at }) => at).join(', ')}`
