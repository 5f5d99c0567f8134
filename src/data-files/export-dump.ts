/** `mongoexport`: writes a store as a dump: its events, the figures of its artists, and its catalogue records. */
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readEntry } from '../attribution/credited-entry.ts'
import { makeFolder } from '../files.ts'
import type { KpiSettings } from '../statistics/kpis.ts'
import type { Figures } from '../storage/figures.ts'
import type { DocumentsSince, LogReader, Seq } from '../storage/storage.ts'
import { PAGE } from './batches.ts'
import { bindingDocuments } from './bindings-file.ts'
import { eventDocument } from './event-document.ts'
import { DataFileError } from './findings.ts'
import { kpiDocuments } from './kpi-file.ts'
import { EXTENSIONS, type OnProgress, readDocuments } from './read-documents.ts'
import { readVersion, VERSION_FILES, writeVersion } from './versions.ts'
import { discard, extensionOf, type FileForm, publish, writeDocuments } from './write-documents.ts'

/** From the one written first: the events come last, so that none are beside figures that lack them. */
const COLLECTIONS = ['bindings', 'artist_kpis', 'events']

/** What is exported. The log and the documents may grow meanwhile; the figures must not change. */
export interface Exported {
  storage: LogReader & DocumentsSince
  figures: Pick<Figures, 'ask' | 'checkpoint'>
}

export interface ExportOptions {
  /** Where the dump goes; made where it is missing. */
  folder: string
  /** Where `dbmeta.json` and `dbmeta_local.json` are; made where it is missing. */
  configFolder: string
  form: FileForm
  settings: KpiSettings
  /** Replaces a dump with events by one without. */
  force?: boolean
  /** In events of the log. */
  onProgress?: OnProgress
}

export interface ExportReport {
  events: number
  artists: number
  bindings: number
  dbVersion: number
}

/**
 * Writes all that the figures contain, and raises the version. Each file is written under a temporary name, and all of them
 * are renamed when the last one is complete: an export that is interrupted before leaves the dump of before as it was.
 * @throws DataFileError where a dump with events would be replaced by one without, and `force` is false
 */
export async function exportDump({ storage, figures }: Exported, options: ExportOptions): Promise<ExportReport> {
  const { folder, configFolder, form, settings, force = false, onProgress = () => {} } = options
  // Read first, so that a damaged version file is reported before the work, not after it.
  const versions = [
    await readVersion(configFolder, 'dbmeta.json'),
    await readVersion(configFolder, 'dbmeta_local.json'),
  ]
  const dbVersion = Math.max(0, ...versions.map(version => version ?? 0)) + 1
  makeFolder(folder)
  const fileOf = (collection: string) => join(folder, collection + extensionOf(form))
  const files = COLLECTIONS.map(fileOf)
  const versionFiles = VERSION_FILES.map(name => join(configFolder, name))
  try {
    const counts = {
      events: await writeDocuments(fileOf('events'), eventDocuments(storage, figures.checkpoint.seq, onProgress), form),
      artists: await writeDocuments(fileOf('artist_kpis'), kpiDocuments(figures, settings), form),
      bindings: await writeDocuments(fileOf('bindings'), bindingDocuments(storage), form),
    }
    if (counts.events === 0 && !force) await refuseToEmpty(folder)
    for (const name of VERSION_FILES) await writeVersion(configFolder, name, dbVersion)
    for (const file of files) await publish(file)
    await removeOthers(folder, extensionOf(form))
    for (const file of versionFiles) await publish(file)
    return { ...counts, dbVersion }
  } finally {
    for (const file of [...files, ...versionFiles]) await discard(file)
  }
}

/** An empty store was probably given by mistake. @throws DataFileError where the dump may hold events */
async function refuseToEmpty(folder: string): Promise<void> {
  for (const extension of EXTENSIONS) {
    const file = join(folder, `events${extension}`)
    if (await mayHoldEvents(file)) {
      throw new DataFileError(
        file,
        null,
        'stays as it is, for it holds events and the store has none; --force replaces it',
      )
    }
  }
}

/** True also where it can't be read, for it may hold events then. */
async function mayHoldEvents(file: string): Promise<boolean> {
  const { size } = await stat(file).catch(() => ({ size: 0 }))
  if (size === 0) return false
  try {
    for await (const _ of readDocuments(file)) return true
    return false
  } catch (error) {
    if (error instanceof DataFileError) return true
    throw error
  }
}

/** The events that the figures contain, in the order of their arrival. */
async function* eventDocuments(log: LogReader, upTo: Seq, onProgress: OnProgress): AsyncGenerator<object> {
  let after = 0
  while (after < upTo) {
    const entries = (await log.readLog(after, PAGE)).filter(({ seq }) => seq <= upTo)
    after = entries.at(-1)?.seq ?? upTo
    for (const entry of entries) {
      const ingested = readEntry(entry)
      // An entry that can't be read is left out; `verify` reports it.
      if (ingested !== null) yield eventDocument(ingested)
    }
    onProgress(after, upTo)
  }
}

/** Removes the files of an older dump with other extensions: an import could not know which to take. */
async function removeOthers(folder: string, written: string): Promise<void> {
  for (const collection of COLLECTIONS) {
    for (const extension of EXTENSIONS) {
      if (extension !== written) await rm(join(folder, collection + extension), { force: true })
    }
  }
}
