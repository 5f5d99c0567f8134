/**
 * `mongoimport`: takes the dump of a folder into a store. The files that something is written from are read to their end
 * before anything is. Then the events are appended, which is idempotent by their ids: interrupted, it is resumed by running
 * it again, and what is there already is a duplicate.
 */
import { join } from 'node:path'
import { suppressAlerts } from '../alerts/alert-suppression.ts'
import { catchUp } from '../facts/projector.ts'
import { DeadLetters } from '../ingestion/dead-letters.ts'
import type { Figures } from '../storage/figures.ts'
import type { Instant, Storage } from '../storage/storage.ts'
import { type BindingCounts, checkBindings, importBindings } from './binding-import.ts'
import { compareKpiFile, type KpiComparison } from './compare-kpi-file.ts'
import { DataFileError } from './data-file-error.ts'
import type { EventSettings } from './event-document.ts'
import { checkEvents, type EventCounts, importEvents } from './import-events.ts'
import { findDataFile, type OnBytes } from './read-documents.ts'
import { readVersion, writeVersion } from './versions.ts'
import { publish } from './write-documents.ts'

/** The writing side of a store: its log, its documents and its figures. */
export interface Store {
  storage: Storage
  figures: Figures
}

/** Shows how far a step is while it runs. */
export type Step = <T>(title: string, unit: string, work: (onProgress: OnBytes) => Promise<T>) => Promise<T>

export interface ImportOptions {
  folder: string
  /** Where `dbmeta.json` and `dbmeta_local.json` are, if anywhere. */
  configFolder: string
  settings: Omit<EventSettings, 'now'>
  /** Dead letters that the store keeps at most. */
  deadLetterMax: number
  /** Refuses the dump where a document in it is no event or no binding; otherwise what is none is set aside. */
  strict?: boolean
  clock: () => Instant
  step?: Step
}

export interface ImportReport {
  events: EventCounts
  bindings: BindingCounts
  /** null: the dump has no `artist_kpis`. */
  kpis: KpiComparison | null
  /** What `dbmeta_local.json` says now; null: there is none. */
  dbVersion: number | null
}

const QUIETLY: Step = (_title, _unit, work) => work(() => {})

/**
 * Imports the dump. @throws DataFileError where there is none, or its events or bindings are damaged: nothing was written
 * then. @throws StoreUnavailable where the store can't be written: run it again later.
 */
export async function importDump({ storage, figures }: Store, options: ImportOptions): Promise<ImportReport> {
  const { folder, configFolder, strict = false, clock, deadLetterMax, step = QUIETLY } = options
  const version = await readVersion(configFolder, 'dbmeta.json')
  const local = await readVersion(configFolder, 'dbmeta_local.json')
  const file = await findDataFile(folder, 'events')
  if (file === null) throw new DataFileError(folder, null, 'holds no events.json')
  const bindingFile = await findDataFile(folder, 'bindings')
  const source = { file, settings: { ...options.settings, now: clock() }, deadLetterMax }
  await step('checking', 'bytes', onBytes => checkEvents(source, strict, onBytes))
  if (bindingFile) await checkBindings(bindingFile, strict)

  // Before as well as after: whatever interrupts it, the old events that came so far alert nobody.
  await suppressAlerts(storage.documents, clock())
  const events = await step('importing', 'bytes', onBytes => importEvents(storage, source, onBytes))
  const bindings = await importBindings(storage.documents, bindingFile)
  await step('counting', 'events', onProgress => count({ storage, figures }, options, onProgress))
  const { defaultCurrency } = options.settings
  const kpis = await compareKpiFile(figures, folder, { defaultCurrency, now: clock() })
  await suppressAlerts(storage.documents, clock())

  const dbVersion = version === null ? local : Math.max(version, local ?? version)
  if (dbVersion !== null && dbVersion !== local) {
    await writeVersion(configFolder, 'dbmeta_local.json', dbVersion)
    await publish(join(configFolder, 'dbmeta_local.json'))
  }
  return { events, bindings, kpis, dbVersion }
}

async function count(
  { storage, figures }: Store,
  { deadLetterMax, clock }: ImportOptions,
  onProgress: OnBytes,
): Promise<void> {
  const letters = new DeadLetters(storage.documents, { max: deadLetterMax, onDropped: () => {} })
  const from = figures.checkpoint.seq
  const all = (await storage.lastSeq()) - from
  await catchUp(storage, figures, {
    keepSetAside: found => letters.keepSetAside(found, clock()),
    onApplied: checkpoint => onProgress(checkpoint - from, all),
  })
}
