/** Opening the figures of a store: the only place that knows which engine they are in. */
import { resolve } from '../attribution/resolver.ts'
import { openDuckdbFigures } from '../storage/duckdb/duckdb-figures.ts'
import { type FiguresSettings, removeFigures } from '../storage/duckdb/figures-file.ts'
import type { Checkpoint, Figures } from '../storage/figures.ts'
import { folderOf, type StoreLocation } from '../storage/open-storage.ts'
import type { LogReader } from '../storage/storage.ts'

export type { FiguresSettings }

/**
 * Opens the figures beside the log that they are made from. What can't be gone on with is begun anew; `damage` says that
 * they can't, and why.
 */
export function openFigures(
  location: StoreLocation,
  settings: FiguresSettings,
  log: LogReader,
  damage?: string,
): Promise<Figures> {
  const folder = folderOf(location)
  if (damage !== undefined) removeFigures(folder)
  return openDuckdbFigures(folder, { ...settings, resolve, isOf: checkpoint => hasCheckpoint(log, checkpoint) })
}

/** Whether the entry that the figures end with is in the log, and is the same one. */
async function hasCheckpoint(log: LogReader, { seq, eventId }: Checkpoint): Promise<boolean> {
  if (seq === 0) return true
  const [entry] = await log.readLog(seq - 1, 1)
  return entry?.seq === seq && entry.id === eventId
}
