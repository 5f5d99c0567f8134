/** `verify`: makes the figures again from the log, beside the live ones, and reports every difference. */

import { toCatalogueRow } from '../catalogue/catalogue-record.ts'
import type { KeepSetAside } from '../ingestion/set-aside.ts'
import { type FiguresSettings, hasCheckpoint, openFigures } from '../opening/open-figures.ts'
import { CATALOGUE_RECORDS } from '../storage/collections.ts'
import { beginComparable, compare, type Differences, LIVE, RECOMPUTED } from '../storage/duckdb/comparison.ts'
import { type Contents, ReadOnlyFigures, unusable } from '../storage/duckdb/read-only-figures.ts'
import type { Figures } from '../storage/figures.ts'
import type { DocumentsSince, LogReader, Seq } from '../storage/storage.ts'
import { projectTidily, RECORDS, type Source } from './projector.ts'

export type { Difference, Differences } from '../storage/duckdb/comparison.ts'

export interface Verification {
  /** Where the live figures are: nobody may write them meanwhile. */
  folder: string
  /** May go on growing. */
  log: LogReader
  documents: DocumentsSince
  /** An empty folder, which is filled. */
  scratch: string
  settings: FiguresSettings
  /** How many differences are given one by one, beside their number. */
  shown: number
  /** Hears of what neither figures can contain. */
  keepSetAside: KeepSetAside
  /** Hears how many of how many entries are done. */
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
  const source: Source = {
    readLog: (after, limit) => log.readLog(after, limit),
    documentsSince: (collection, after, limit) => documents.documentsSince(collection, after, limit),
  }
  const figures = await openFigures({ dataDir: scratch, mongo: null }, settings, source)
  try {
    await learnAsLive(documents, figures, files, recordsUpTo)
    const onApplied = (done: Seq) => onProgress(done, checkpoint.seq)
    await projectTidily(log, figures, checkpoint.seq, { keepSetAside, onApplied })
  } finally {
    await figures.close()
  }
}

/** Takes in what the catalogue had said when the live figures took it in last. */
async function learnAsLive(
  documents: DocumentsSince,
  figures: Figures,
  files: ReadOnlyFigures,
  upTo: number,
): Promise<void> {
  for (;;) {
    const found = await documents.documentsSince(CATALOGUE_RECORDS, figures.recordsUpTo, RECORDS)
    const then = found.filter(({ order }) => order <= upTo)
    if (then.length === 0) break
    await figures.applyRecords(
      then.map(({ id, value }) => toCatalogueRow(id, value)),
      then.at(-1)!.order,
    )
  }
  // What it has said since has taken the place of what it had said: there, the live figures are taken at their word.
  let after = upTo
  for (;;) {
    const found = await documents.documentsSince(CATALOGUE_RECORDS, after, RECORDS)
    if (found.length === 0) return
    after = found.at(-1)!.order
    const known = await files.recordsOf(
      LIVE,
      found.map(({ id }) => id),
    )
    if (known.length > 0) await figures.applyRecords(known, figures.recordsUpTo)
  }
}
