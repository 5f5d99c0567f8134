/** `verify`: makes the figures again from the log, beside the live ones, and reports every difference. */
import { toCatalogueRow } from '../catalogue/catalogue-record.ts'
import { project, RECORDS } from '../facts/projector.ts'
import type { KeepSetAside } from '../ingestion/set-aside.ts'
import { CATALOGUE_RECORDS } from '../storage/collections.ts'
import { beginComparable, compare, type Differences, LIVE, RECOMPUTED } from '../storage/duckdb/comparison.ts'
import { type Contents, ReadOnlyFigures, unusable } from '../storage/duckdb/read-only-figures.ts'
import type { Figures } from '../storage/figures.ts'
import type { DocumentsSince, FiguresSource, LogReader, Seq, StoredDocument } from '../storage/storage.ts'
import { type FiguresSettings, hasCheckpoint, openFigures } from './open-figures.ts'

export type { Difference, Differences } from '../storage/duckdb/comparison.ts'

export interface Verification {
  /** Where the live figures are: no process may write them meanwhile. */
  folder: string
  /** May go on growing. */
  log: LogReader
  documents: DocumentsSince
  /** An empty folder, which is filled. */
  scratch: string
  settings: FiguresSettings
  /** Differences that are given one by one, at most, beside their number. */
  shown: number
  /** Gets the entries that no figures can contain. */
  keepSetAside: KeepSetAside
  /** Gets how many of how many entries are done. */
  onProgress: (done: Seq, all: Seq) => void
}

/**
 * Compares the figures of a folder with what the log gives up to their checkpoint.
 * @throws StoreMissing where the figures can't be read, or are not of this log
 */
export async function verify(verification: Verification): Promise<Differences> {
  const { folder, log, scratch, settings } = verification
  const files = await ReadOnlyFigures.open(scratch, settings)
  try {
    // Open from the beginning: a copy may be removed before all is recomputed.
    const contents = await files.attach(folder, LIVE)
    if (!(await hasCheckpoint(log, contents.checkpoint))) throw unusable(folder, 'they are those of another event log')
    await beginComparable(files, scratch, folder)
    await recompute(verification, contents, files)
    await files.attach(scratch, RECOMPUTED)
    return await compare(files, contents, scratch, verification.shown)
  } finally {
    files.close()
  }
}

async function recompute(verification: Verification, { checkpoint, recordsUpTo }: Contents, files: ReadOnlyFigures) {
  const { log, documents, scratch, settings, keepSetAside, onProgress } = verification
  // Several instances share the log, but each has its own documents.
  const source: FiguresSource = {
    readLog: (after, limit) => log.readLog(after, limit),
    documentsSince: (collection, after, limit) => documents.documentsSince(collection, after, limit),
  }
  const figures = await openFigures({ dataDir: scratch, mongo: null }, settings, source)
  try {
    await applyRecordsOfLive(documents, figures, files, recordsUpTo)
    const onApplied = (done: Seq) => onProgress(done, checkpoint.seq)
    await project(log, figures, checkpoint.seq, { keepSetAside, onApplied })
  } finally {
    await figures.close()
  }
}

/** Applies what the catalogue had said up to the record of order `upTo`, the last one that the live figures contain. */
async function applyRecordsOfLive(
  documents: DocumentsSince,
  figures: Figures,
  files: ReadOnlyFigures,
  upTo: number,
): Promise<void> {
  for await (const page of recordPages(documents)) {
    const contained = page.filter(({ order }) => order <= upTo)
    const rows = contained.map(toCatalogueRow)
    if (rows.length > 0) await figures.applyRecords(rows, contained.at(-1)!.order)
    // A newer record has replaced the one that the live figures contain: theirs can't be checked, and is taken as it is.
    const replaced = page.filter(({ order }) => order > upTo).map(({ id }) => id)
    const known = replaced.length > 0 ? await files.recordsOf(LIVE, replaced) : []
    if (known.length > 0) await figures.applyRecords(known, figures.recordsUpTo)
  }
}

async function* recordPages(documents: DocumentsSince): AsyncGenerator<StoredDocument[]> {
  let page = await documents.documentsSince(CATALOGUE_RECORDS, 0, RECORDS)
  while (page.length > 0) {
    yield page
    page = await documents.documentsSince(CATALOGUE_RECORDS, page.at(-1)!.order, RECORDS)
  }
}
