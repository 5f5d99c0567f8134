/** Opens the figures of a store: the only module that knows which engine they are in. */
import { resolve } from '../attribution/resolver.ts'
import { CATALOGUE_RECORDS } from '../storage/collections.ts'
import { openDuckdbFigures } from '../storage/duckdb/duckdb-figures.ts'
import type { FiguresSettings } from '../storage/duckdb/figures-file.ts'
import { removeFigures } from '../storage/duckdb/file-names.ts'
import type { Checkpoint, Figures } from '../storage/figures.ts'
import type { FiguresSource, LogReader } from '../storage/storage.ts'
import { folderOf, type StoreLocation } from './open-storage.ts'

export type { FiguresSettings }

/** Opens the figures beside the log that they are made from; unusable ones are begun anew. */
export function openFigures(
  location: StoreLocation,
  settings: FiguresSettings,
  source: FiguresSource,
): Promise<Figures> {
  return openDuckdbFigures(folderOf(location), {
    ...settings,
    resolve,
    isOf: async (checkpoint, recordsUpTo) =>
      (await hasCheckpoint(source, checkpoint)) && hasRecords(source, recordsUpTo),
  })
}

/** As `openFigures`, but throws away the figures that are there. */
export function beginAnew(location: StoreLocation, settings: FiguresSettings, source: FiguresSource): Promise<Figures> {
  removeFigures(folderOf(location))
  return openFigures(location, settings, source)
}

/** Whether the entry that the figures end with is in the log, and is the same one. */
export async function hasCheckpoint(log: LogReader, { seq, eventId }: Checkpoint): Promise<boolean> {
  if (seq === 0) return true
  const [entry] = await log.readLog(seq - 1, 1)
  // Where that entry was lost, the checkpoint is a position without an id.
  return entry !== undefined && (entry.seq === seq ? entry.id : null) === eventId
}

/**
 * Whether the store has the catalogue records that the figures contain, or newer ones instead. An older state of the store
 * that was restored from a back-up has not: it would give the same orders to other records.
 */
async function hasRecords(documents: FiguresSource, recordsUpTo: number): Promise<boolean> {
  return recordsUpTo === 0 || (await documents.documentsSince(CATALOGUE_RECORDS, recordsUpTo - 1, 1)).length > 0
}
