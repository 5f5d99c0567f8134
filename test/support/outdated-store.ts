/** Stores that an earlier version of the service made. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gunzipSync } from 'node:zlib'

const DATABASE = 'undersounds-stats.db'

/** Stores of version 0.1.0, which kept its figures as pages in the database of the log. */
export const FIXTURES = {
  /**
   * As it was while names were compared in lower case. Its 19 events name artists in two spellings or three, which its
   * figures keep apart, and so do its edges: the catalogue taught that Straßenkatzen are artist 1, µTune 2 and Πάνος 3.
   */
  lowerCase: 'store-of-lower-case',
  /** Made by the import of a play of 2025 and one of 9999-12-31, which ended the version of that day for good. */
  farFuture: 'store-with-far-future-play',
  /**
   * Orders that ended the version of that day for good: 1,000 of 1,000 empty items, ten of which name artist 4 and come to
   * 1,000 euros; one of 1,000 items that all belong to a hundred artists; an event of a type of the future; and two plays.
   */
  manyItems: 'store-with-many-items',
} as const

/** Unpacks an earlier version's store into a data directory. */
export async function unpackStore(fixture: keyof typeof FIXTURES, dataDir: string): Promise<void> {
  const packed = join(import.meta.dirname, `../fixtures/${FIXTURES[fixture]}.db.gz`)
  await mkdir(dataDir, { recursive: true })
  await writeFile(join(dataDir, DATABASE), gunzipSync(await readFile(packed)))
}

/** Opens the database of the log beside whoever else has it open. */
export function inDatabase<T>(folder: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(join(folder, DATABASE), { timeout: 5_000 })
  try {
    return work(database)
  } finally {
    database.close()
  }
}
