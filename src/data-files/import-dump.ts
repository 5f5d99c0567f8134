/**
 * `mongoimport`: takes the dump of a folder into a store. All files are read and checked to their end before anything
 * is written. Then the events are appended, which is idempotent by their ids: interrupted, it is resumed by running it
 * again, and what is there already is a duplicate.
 */
import type { NamedFact } from '../content/facts.ts'
import type { Fault } from '../errors.ts'
import { DeadLetters } from '../events/dead-letters.ts'
import { toLogEntry } from '../events/event.ts'
import { catchUp } from '../projections/projector.ts'
import type { Instant, LogEntry, Storage } from '../storage/storage.ts'
import { readBinding, teach } from './binding-document.ts'
import { DataFileError } from './data-file-error.ts'
import { type EventSettings, readEventDocument } from './event-document.ts'
import { compareKpis, type KpiDifference, readKpis, type StatedKpis } from './kpi-document.ts'
import { QUIET } from './quiet.ts'
import { findDataFile, type OnBytes, readDocuments } from './read-documents.ts'
import { readVersion, writeVersion } from './versions.ts'

const BATCH = 1_000
/** Conflicts and differences that are listed; the others are only counted. */
export const LISTED = 100

/** Shows how far a step is while it runs. */
export type Step = <T>(title: string, unit: string, work: (onProgress: OnBytes) => Promise<T>) => Promise<T>

export interface ImportOptions {
  folder: string
  /** Where `dbmeta.json` and `dbmeta_local.json` are, if anywhere. */
  configFolder: string
  settings: EventSettings
  /** At most so many dead letters are kept. */
  deadLetterMax: number
  clock: () => Instant
  step?: Step
}

/** How many there were, and the first of them. */
export interface Listed<T> {
  count: number
  first: T[]
}

export interface ImportReport {
  events: { accepted: number; duplicates: number; conflicts: Listed<string> }
  /** `changed`: those that the store did not know, or knew from earlier. */
  bindings: { read: number; changed: number }
  /** null: the dump has no `artist_kpis`. */
  differences: Listed<KpiDifference> | null
  /** What `dbmeta_local.json` says now; null: there is none. */
  dbVersion: number | null
}

const QUIETLY: Step = (_title, _unit, work) => work(() => {})

interface Files {
  events: string
  bindings: string | null
  kpis: string | null
}

/**
 * Imports the dump. @throws DataFileError where there is none, or one of its files is damaged or holds an invalid
 * document: nothing was written then. @throws StoreUnavailable where the store can't be written: run it again later.
 */
export async function importDump(storage: Storage, options: ImportOptions): Promise<ImportReport> {
  const { folder, configFolder, clock, step = QUIETLY } = options
  const version = await readVersion(configFolder, 'dbmeta.json')
  const local = await readVersion(configFolder, 'dbmeta_local.json')
  const files = await findFiles(folder)
  await check(files, options, step)

  // Before as well as after: whatever interrupts it, the old events that came so far alert nobody.
  await keepQuiet(storage, clock())
  const events = await append(storage, files.events, options, step)
  await step('counting', 'events', onProgress => project(storage, options, onProgress))
  const bindings = files.bindings ? await learn(storage, files.bindings) : { read: 0, changed: 0 }
  const differences = files.kpis ? await compare(storage, files.kpis, options) : null
  await keepQuiet(storage, clock())

  const dbVersion = version === null ? local : Math.max(version, local ?? version)
  if (dbVersion !== null && dbVersion !== local) await writeVersion(configFolder, 'dbmeta_local.json', dbVersion)
  return { events, bindings, differences, dbVersion }
}

async function findFiles(folder: string): Promise<Files> {
  const events = await findDataFile(folder, 'events')
  if (events === null) throw new DataFileError(folder, null, 'holds no events.json')
  return { events, bindings: await findDataFile(folder, 'bindings'), kpis: await findDataFile(folder, 'artist_kpis') }
}

/** Reads all files to their end. @throws DataFileError */
async function check({ events, bindings, kpis }: Files, { settings }: ImportOptions, step: Step): Promise<void> {
  await step('checking', 'bytes', async onBytes => {
    for await (const _ of readEntries(events, settings, onBytes));
  })
  if (bindings) for await (const _ of readAll(bindings, readBinding));
  if (kpis) for await (const _ of readAll(kpis, readKpis));
}

async function append(storage: Storage, file: string, { settings }: ImportOptions, step: Step) {
  const counts = { accepted: 0, duplicates: 0, conflicts: { count: 0, first: [] as string[] } }
  const write = async (entries: readonly LogEntry[]) => {
    for (const [i, outcome] of (await storage.append(entries)).entries()) {
      if (outcome === 'accepted') counts.accepted++
      else if (outcome === 'duplicate') counts.duplicates++
      else list(counts.conflicts, entries[i]!.id)
    }
  }
  await step('importing', 'bytes', async onBytes => {
    for await (const batch of inBatches(readEntries(file, settings, onBytes))) await write(batch)
  })
  return counts
}

async function* readEntries(file: string, settings: EventSettings, onBytes: OnBytes): AsyncGenerator<LogEntry> {
  for await (const { fields, line } of readDocuments(file, onBytes)) {
    const read = readEventDocument(fields, settings)
    if (!read.ok) throw new DataFileError(file, line, read.faults.slice(0, 5).map(faultText).join('; '))
    yield toLogEntry(read.ruled)
  }
}

const faultText = ({ path, code, message }: Fault): string => `${path} ${message} (${code})`

async function* readAll<T extends object>(
  file: string,
  read: (fields: Readonly<Record<string, unknown>>) => T | string,
): AsyncGenerator<T> {
  for await (const { fields, line } of readDocuments(file)) {
    const value = read(fields)
    if (typeof value === 'string') throw new DataFileError(file, line, value)
    yield value
  }
}

async function* inBatches<T>(items: AsyncIterable<T>): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function project(storage: Storage, { deadLetterMax, clock }: ImportOptions, onProgress: OnBytes): Promise<void> {
  const letters = new DeadLetters(storage.documents, { max: deadLetterMax, onDropped: () => {} })
  const from = await storage.snapshot(reads => reads.checkpoint())
  const all = (await storage.lastSeq()) - from
  await catchUp(storage, from, {
    keepSetAside: found => letters.keepSetAside(found, clock()),
    onApplied: checkpoint => onProgress(checkpoint - from, all),
  })
}

async function learn(storage: Storage, file: string): Promise<{ read: number; changed: number }> {
  const counts = { read: 0, changed: 0 }
  for await (const facts of inBatches<NamedFact>(readAll(file, readBinding))) {
    counts.read += facts.length
    counts.changed += await teach(storage.documents, facts)
  }
  return counts
}

function compare(storage: Storage, file: string, { settings, clock }: ImportOptions): Promise<Listed<KpiDifference>> {
  const { defaultCurrency } = settings
  return storage.snapshot(async reads => {
    const found: Listed<KpiDifference> = { count: 0, first: [] }
    const stated = readAll<StatedKpis>(file, readKpis)
    for await (const difference of compareKpis(reads, stated, { defaultCurrency, now: clock() }))
      list(found, difference)
    return found
  })
}

function list<T>(listed: Listed<T>, item: T): void {
  if (++listed.count <= LISTED) listed.first.push(item)
}

async function keepQuiet(storage: Storage, until: Instant): Promise<void> {
  const { collection, id, group } = QUIET
  await storage.documents.put(collection, [{ id, group, value: String(until) }], Number.POSITIVE_INFINITY)
}
