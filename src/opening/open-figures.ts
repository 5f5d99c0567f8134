/** Opening the figures of a store: the only place that knows which engine they are in. */

import { resolve } from '../attribution/resolver.ts'
import type { Source } from '../facts/projector.ts'
import { CATALOGUE_RECORDS } from '../storage/collections.ts'
import { openDuckdbFigures } from '../storage/duckdb/duckdb-figures.ts'
import type { FiguresSettings } from '../storage/duckdb/figures-file.ts'
import { removeFigures } from '../storage/duckdb/file-names.ts'
import type { Checkpoint, Figures } from '../storage/figures.ts'
import type { LogReader } from '../storage/storage.ts'
import { folderOf, type StoreLocation } from './open-storage.ts'

export type { FiguresSettings }

/** Opens the figures beside the log that they are made from; what can't be gone on with is begun anew. */
export function openFigures(location: StoreLocation, settings: FiguresSettings, source: Source): Promise<Figures> {
  return openDuckdbFigures(folderOf(location), {
    ...settings,
    resolve,
    isOf: async (checkpoint, recordsUpTo) =>
      (await hasCheckpoint(source, checkpoint)) && hasRecords(source, recordsUpTo),
  })
}

/** As `openFigures`, but throws away what is there. */
export function beginAnew(location: StoreLocation, settings: FiguresSettings, source: Source): Promise<Figures> {
  removeFigures(folderOf(location))
  return openFigures(location, settings, source)
}

/** Whether the entry that the figures end with is in the log, and is the same one. */
export async function hasCheckpoint(log: LogReader, { seq, eventId }: Checkpoint): Promise<boolean> {
  if (seq === 0) return true
  const [entry] = await log.readLog(seq - 1, 1)
  // Where that entry is lost, the figures end with a position alone.
  return entry !== undefined && (entry.seq === seq ? entry.id : null) === eventId
}

/**
 * Whether the records that the figures contain are there, or newer ones in their place: an older state of the store, put back
 * from a back-up, gives out orders again that were given out before.
 */
async function hasRecords(documents: Source, recordsUpTo: number): Promise<boolean> {
  return recordsUpTo === 0 || (await documents.documentsSince(CATALOGUE_RECORDS, recordsUpTo - 1, 1)).length > 0
}
