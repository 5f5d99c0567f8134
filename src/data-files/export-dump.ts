/** `mongoexport`: writes the dump of a store: its events, the figures of its artists, and what the catalogue taught. */
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readEntry } from '../attribution/credited-entry.ts'
import { makeFolder } from '../files.ts'
import type { KpiSettings } from '../statistics/artist-kpis.ts'
import type { Figures } from '../storage/figures.ts'
import type { DocumentsSince, LogReader, Seq } from '../storage/storage.ts'
import { bindingPages } from './binding-document.ts'
import { DataFileError } from './data-file-error.ts'
import { eventDocument } from './event-document.ts'
import { kpiPages } from './kpi-document.ts'
import { FORMS, readDocuments } from './read-documents.ts'
import { readVersion, VERSION_FILES, writeVersion } from './versions.ts'
import { discard, type FileForm, formName, publish, writeDocuments } from './write-documents.ts'

const PAGE = 500

/** What is exported. The log and the documents may go on growing, the figures may not. */
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
  /** Replaces a dump that holds events by one that holds none. */
  force?: boolean
  /** Hears how many of how many events are written. */
  onProgress?: (done: Seq, all: Seq) => void
}

export interface ExportReport {
  events: number
  artists: number
  bindings: number
  dbVersion: number
}

/**
 * Writes the dump of what the figures contain at one moment, and raises the version. Everything is written beside what was
 * there, and takes its place when all of it is complete: where it is interrupted earlier, the dump of before is whole.
 * @throws DataFileError where a dump with events would be replaced by one without, unless that is forced
 */
export async function exportDump({ storage, figures }: Exported, options: ExportOptions): Promise<ExportReport> {
  const { folder, configFolder, form, settings, force = false, onProgress = () => {} } = options
  // A version file that can't be read is told before the work, not after it.
  const versions = [
    await readVersion(configFolder, 'dbmeta.json'),
    await readVersion(configFolder, 'dbmeta_local.json'),
  ]
  const dbVersion = Math.max(0, ...versions.map(version => version ?? 0)) + 1
  makeFolder(folder)
  const fileOf = (collection: string) => join(folder, collection + formName(form))
  // The events last: until they are in place, the others go with the dump of before as well.
  const files = ['bindings', 'artist_kpis', 'events'].map(fileOf)
  const versionFiles = VERSION_FILES.map(name => join(configFolder, name))
  try {
    const counts = {
      events: await writeDocuments(fileOf('events'), eventPages(storage, figures.checkpoint.seq, onProgress), form),
      artists: await writeDocuments(fileOf('artist_kpis'), kpiPages(figures, settings), form),
      bindings: await writeDocuments(fileOf('bindings'), bindingPages(storage), form),
    }
    if (counts.events === 0 && !force) await refuseToEmpty(folder)
    for (const name of VERSION_FILES) await writeVersion(configFolder, name, dbVersion)
    for (const file of files) await publish(file)
    await removeOtherForms(folder, formName(form))
    for (const file of versionFiles) await publish(file)
    return { ...counts, dbVersion }
  } finally {
    for (const file of [...files, ...versionFiles]) await discard(file)
  }
}

/** An empty store is rather the wrong one than what the dump should become. @throws DataFileError */
async function refuseToEmpty(folder: string): Promise<void> {
  for (const form of FORMS) {
    const file = join(folder, `events${form}`)
    if (await mayHoldEvents(file)) {
      throw new DataFileError(
        file,
        null,
        'stays as it is, for it holds events and the store has none; --force replaces it',
      )
    }
  }
}

/** Also where it can't be read: whatever it is, it is not known to be empty. */
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
async function* eventPages(
  log: LogReader,
  upTo: Seq,
  onProgress: (done: Seq, all: Seq) => void,
): AsyncGenerator<object[]> {
  let after = 0
  while (after < upTo) {
    const entries = (await log.readLog(after, PAGE)).filter(({ seq }) => seq <= upTo)
    after = entries.at(-1)?.seq ?? upTo
    // An entry that can't be read is no event that a dump could hold; `verify` names it.
    yield entries.flatMap(entry => readEntry(entry) ?? []).map(eventDocument)
    onProgress(after, upTo)
  }
}

/** An older dump in another form would leave in doubt which is meant. */
async function removeOtherForms(folder: string, written: string): Promise<void> {
  for (const collection of ['bindings', 'artist_kpis', 'events']) {
    for (const form of FORMS) if (form !== written) await rm(join(folder, collection + form), { force: true })
  }
}
