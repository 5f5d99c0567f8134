/**
 * `mongoimport`: takes the dump of a folder into a store. Events and catalogue records are read to their end before anything
 * is written. Appending is idempotent by the ids of the events: an import that was interrupted is run again, and what the
 * store has already is a duplicate.
 */
import { join } from 'node:path'
import { suppressAlerts } from '../alerts/alert-suppression.ts'
import { catchUp } from '../facts/projector.ts'
import { DeadLetters } from '../ingestion/dead-letters.ts'
import type { Figures } from '../storage/figures.ts'
import type { Instant, Storage } from '../storage/storage.ts'
import { type BindingCounts, checkBindings, importBindings } from './bindings-file.ts'
import type { EventSettings } from './event-document.ts'
import { DataFileError } from './findings.ts'
import { checkEvents, type EventCounts, importEvents } from './import-events.ts'
import { compareKpiFile, type KpiComparison } from './kpi-file.ts'
import { findDataFile, type OnProgress } from './read-documents.ts'
import { readVersion, writeVersion } from './versions.ts'
import { publish } from './write-documents.ts'

/** The writing side of a store: its log, its documents and its figures. */
export interface Store {
  storage: Storage
  figures: Figures
}

/** Runs a step of the import, and shows its progress. */
export type Step = <T>(title: string, unit: string, work: (onProgress: OnProgress) => Promise<T>) => Promise<T>

export interface ImportOptions {
  folder: string
  /** Where `dbmeta.json` and `dbmeta_local.json` are; may be missing. */
  configFolder: string
  settings: Omit<EventSettings, 'now'>
  /** How many dead letters the store keeps at most. */
  deadLetterMax: number
  /** Refuses the dump where a document is no event or no catalogue record. Otherwise those become dead letters or are left out. */
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

const withoutProgress: Step = (_title, _unit, work) => work(() => {})

/**
 * Imports the dump.
 * @throws DataFileError where there is none, or its events or catalogue records are damaged: nothing was written then
 * @throws StoreUnavailable where the store can't be written: run it again later
 */
export async function importDump({ storage, figures }: Store, options: ImportOptions): Promise<ImportReport> {
  const { folder, configFolder, strict = false, clock, deadLetterMax, step = withoutProgress } = options
  const version = await readVersion(configFolder, 'dbmeta.json')
  const local = await readVersion(configFolder, 'dbmeta_local.json')
  const file = await findDataFile(folder, 'events')
  if (file === null) throw new DataFileError(folder, null, 'holds no events.json')
  const bindingFile = await findDataFile(folder, 'bindings')
  const source = { file, settings: { ...options.settings, now: clock() }, deadLetterMax }
  await step('checking', 'bytes', onProgress => checkEvents(source, strict, onProgress))
  if (bindingFile) await checkBindings(bindingFile, strict)

  // Before as well as after, so that an import that is interrupted raises no alerts for the old events either.
  await suppressAlerts(storage.documents, clock())
  const events = await step('importing', 'bytes', onProgress => importEvents(storage, source, onProgress))
  const bindings = await importBindings(storage.documents, bindingFile)
  await step('counting', 'events', onProgress => project({ storage, figures }, options, onProgress))
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

/**
 * At the start of the service: imports the dump, if there is one, where `dbmeta.json` has a greater version than
 * `dbmeta_local.json`, or there is no local one. Without `dbmeta.json` (or its folder) nothing is imported. `open` is called
 * only where there is something to import, and the store is closed again. Returns null where nothing was imported.
 * @throws DataFileError, StoreInUse and StoreUnavailable as `importDump` and `open`
 */
export async function importWhereOutdated(
  open: () => Promise<Store & { close(): Promise<void> }>,
  options: ImportOptions,
): Promise<ImportReport | null> {
  const shared = await readVersion(options.configFolder, 'dbmeta.json')
  if (shared === null) return null
  const local = await readVersion(options.configFolder, 'dbmeta_local.json')
  if (local !== null && local >= shared) return null
  if ((await findDataFile(options.folder, 'events')) === null) return null
  const store = await open()
  try {
    return await importDump(store, options)
  } finally {
    await store.close()
  }
}

async function project(
  { storage, figures }: Store,
  { deadLetterMax, clock }: ImportOptions,
  onProgress: OnProgress,
): Promise<void> {
  const letters = new DeadLetters(storage.documents, { max: deadLetterMax, onDropped: () => {} })
  const from = figures.checkpoint.seq
  const all = (await storage.lastSeq()) - from
  await catchUp(storage, figures, {
    keepSetAside: found => letters.keepSetAside(found, clock()),
    onApplied: checkpoint => onProgress(checkpoint - from, all),
  })
}
