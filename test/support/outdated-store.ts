/** Stores whose figures were made by another version of the service. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gunzipSync } from 'node:zlib'
import type { TableSpec } from '../../src/storage/storage.ts'

const DATABASE = 'undersounds-stats.db'
const FIXTURE = join(import.meta.dirname, '../fixtures/store-of-lower-case.db.gz')

/**
 * Unpacks a store of version 0.1.0 as it was while names were compared in lower case. Its 19 events name artists in two
 * spellings or three, which its figures keep apart, and so do its edges: the catalogue taught that Straßenkatzen are
 * artist 1, µTune 2 and Πάνος 3.
 */
export async function unpackStoreOfLowerCase(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true })
  await writeFile(join(dataDir, DATABASE), gunzipSync(await readFile(FIXTURE)))
}

/** Makes an embedded store, or the replica in a folder, look as if its tables were laid out by an earlier version. */
export function makeOutdated(folder: string): void {
  inDatabase(folder, database => {
    const { specs } = database.prepare('SELECT specs FROM projection_layout').get() as { specs: string }
    const older = (JSON.parse(specs) as TableSpec[]).map(spec => ({ ...spec, version: spec.version - 1 }))
    database.prepare('UPDATE projection_layout SET specs = ?').run(JSON.stringify(older))
  })
}

/** The last entry of the log that the figures contain. */
export function checkpointOf(folder: string): number {
  return inDatabase(folder, database => (database.prepare('SELECT seq FROM checkpoint').get() as { seq: number }).seq)
}

/** Opens the database beside whoever else has it open. */
export function inDatabase<T>(folder: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(join(folder, DATABASE), { timeout: 5_000 })
  try {
    return work(database)
  } finally {
    database.close()
  }
}
