/** `mongoexport`: writes the dump of a store: its events, the figures of its artists, and what the catalogue taught. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readEntry } from '../events/credited-entry.ts'
import type { KpiSettings } from '../queries/artist-kpis.ts'
import type { Reads, Seq, StorageReader } from '../storage/storage.ts'
import { bindingPages } from './binding-document.ts'
import { eventDocument } from './event-document.ts'
import { kpiPages } from './kpi-document.ts'
import { FORMS } from './read-documents.ts'
import { readVersion, writeVersion } from './versions.ts'
import { discard, type FileForm, formName, publish, writeDocuments } from './write-documents.ts'

const PAGE = 500

export interface ExportOptions {
  /** Where the dump goes; made where it is missing. */
  folder: string
  /** Where `dbmeta.json` and `dbmeta_local.json` are; made where it is missing. */
  configFolder: string
  form: FileForm
  settings: KpiSettings
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
 * Writes the dump of what the figures contain at one moment, and raises the version. The files take the place of the
 * ones before when all of them are complete; where it is interrupted earlier, the dump of before is whole.
 */
export async function exportDump(
  store: Pick<StorageReader, 'snapshot'>,
  options: ExportOptions,
): Promise<ExportReport> {
  const { folder, configFolder, form, settings, onProgress = () => {} } = options
  // A version file that can't be read is told before the work, not after it.
  const versions = [
    await readVersion(configFolder, 'dbmeta.json'),
    await readVersion(configFolder, 'dbmeta_local.json'),
  ]
  await mkdir(folder, { recursive: true })
  const fileOf = (collection: string) => join(folder, collection + formName(form))
  // The events last: until they are in place, the others go with the dump of before as well.
  const files = ['bindings', 'artist_kpis', 'events'].map(fileOf)
  try {
    const counts = await store.snapshot(async reads => ({
      events: await writeDocuments(fileOf('events'), eventPages(reads, onProgress), form),
      artists: await writeDocuments(fileOf('artist_kpis'), kpiPages(reads, settings), form),
      bindings: await writeDocuments(fileOf('bindings'), bindingPages(reads), form),
    }))
    for (const file of files) await publish(file)
    await removeOtherForms(folder, formName(form))
    const dbVersion = Math.max(0, ...versions.map(version => version ?? 0)) + 1
    await writeVersion(configFolder, 'dbmeta.json', dbVersion)
    await writeVersion(configFolder, 'dbmeta_local.json', dbVersion)
    return { ...counts, dbVersion }
  } finally {
    for (const file of files) await discard(file)
  }
}

/** The events that the figures contain, in the order of their arrival. */
async function* eventPages(reads: Reads, onProgress: (done: Seq, all: Seq) => void): AsyncGenerator<object[]> {
  const upTo = await reads.checkpoint()
  let after = 0
  while (after < upTo) {
    const entries = (await reads.readLog(after, PAGE)).filter(({ seq }) => seq <= upTo)
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
