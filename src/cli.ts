/** The command line: maintenance of the store. */
import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { type Config, ConfigError, loadConfig } from './config.ts'
import { DataFileError } from './data-files/data-file-error.ts'
import { type ExportReport, exportDump } from './data-files/export-dump.ts'
import { importDump } from './data-files/import-dump.ts'
import { reportLines } from './data-files/report-lines.ts'
import { DeadLetters } from './events/dead-letters.ts'
import type { KeepSetAside, SetAside } from './events/set-aside.ts'
import { withProgressBar } from './progress-bar.ts'
import { LAG_MAX } from './projections/lag.ts'
import { catchUp } from './projections/projector.ts'
import { COUNTED_AGAIN, rebuild } from './projections/rebuild.ts'
import { TABLES } from './projections/registry.ts'
import { verify } from './projections/verify.ts'
import {
  openEmbedded,
  openReader,
  openSharedLog,
  openStorage,
  requireEvents,
  requireStore,
} from './storage/open-storage.ts'
import {
  ForeignReplica,
  ProjectionsOutdated,
  type Storage,
  type StorageReader,
  StoreInUse,
  StoreMissing,
  StoreUnavailable,
} from './storage/storage.ts'
import { LAYOUT } from './store-layout.ts'

/** Differences printed one by one; beyond, they are only counted. */
const SHOWN = 100

const program = new Command('undersounds-stats').description('Maintenance of the statistics store')

program
  .command('rebuild')
  .description('empty the projections and fold the whole event log again (the service must be stopped)')
  .action(async () => {
    const config = loadConfig()
    requireStore(config)
    const storage = await openStorage(config, LAYOUT)
    try {
      const { keepSetAside } = keepingLetters(storage, config)
      const events = await withProgressBar('rebuilding', 'events', onProgress =>
        rebuild(storage, keepSetAside, onProgress),
      )
      console.log(`rebuilt from ${events} events`)
    } finally {
      await storage.close()
    }
  })

program
  .command('verify')
  .description('recompute the projections from the event log and report every difference (the service may run)')
  .action(async () => {
    const config = loadConfig()
    requireStore(config)
    const live = openReader(config, TABLES)
    const sharedLog = await openSharedLog(config)
    const directory = await mkdtemp(join(config.dataDir, 'verify-'))
    removeOnSignal(directory)
    try {
      const found = await withProgressBar('recomputing', 'events', onProgress =>
        live.snapshot(async reads => {
          const scratch = openEmbedded(directory, TABLES)
          let count = 0
          const differences = verify(reads, sharedLog ?? reads, scratch, TABLES, nameSetAside, onProgress)
          for await (const { table, cell, live: is, recomputed } of differences) {
            if (++count <= SHOWN) console.error(`${table} ${JSON.stringify(cell)}: is ${is}, should be ${recomputed}`)
          }
          await scratch.close()
          return count
        }),
      )
      await live.close()
      console.log(found === 0 ? 'no difference' : `${found} differences`)
      process.exitCode = found === 0 ? 0 : 1
    } finally {
      await sharedLog?.close()
      await rm(directory, { recursive: true })
    }
  })

program
  .command('mongoexport')
  .description('write events.json, artist_kpis.json and bindings.json, and raise the dbVersion (the service may run)')
  .argument('[folder]', 'where the dump goes', './data-dump')
  .option('--config <folder>', 'where dbmeta.json and dbmeta_local.json are', './config')
  .option('--ndjson', 'one document a line (.ndjson) instead of a JSON array', false)
  .option('--gzip', 'compressed (.gz)', false)
  .option('--force', 'replace a dump that holds events, though the store has none', false)
  .action(async (folder: string, given: { config: string; ndjson: boolean; gzip: boolean; force: boolean }) => {
    const { defaultCurrency } = loadConfig()
    const store = await openForExport()
    const { ndjson, gzip, force } = given
    const settings = { defaultCurrency, now: Date.now() }
    const options = { folder, configFolder: given.config, form: { ndjson, gzip }, settings, force }
    let report: ExportReport
    try {
      report = await withProgressBar('exporting', 'events', onProgress => exportDump(store, { ...options, onProgress }))
    } finally {
      await store.close()
    }
    const { events, artists, bindings, dbVersion } = report
    console.log(`${events} events, ${artists} artists and ${bindings} bindings exported; dbVersion ${dbVersion}`)
  })

program
  .command('mongoimport')
  .description(
    'take in a dump (the service must be stopped). What is no event is kept as a dead letter: the exit code is 1 then',
  )
  .argument('[folder]', 'where the dump is', './data-dump')
  .option('--config <folder>', 'where dbmeta.json and dbmeta_local.json are', './config')
  .option('--strict', 'take in nothing where a document of the dump is no event or no binding', false)
  .action(async (folder: string, { config, strict }: { config: string; strict: boolean }) => {
    const { defaultCurrency, playMinMs, deadLetterMax } = loadConfig()
    const settings = { defaultCurrency, playMinSeconds: playMinMs / 1000 }
    const limits = { deadLetterMax, strict }
    const options = { folder, configFolder: config, settings, ...limits, clock: Date.now, step: withProgressBar }
    const storage = await openAnnounced(loadConfig())
    try {
      await takeIn(storage)
      const report = await importDump(storage, options)
      const { summary, remarks } = reportLines(report)
      for (const line of remarks) console.error(line)
      for (const line of summary) console.log(line)
      // Figures of the old service are known to differ; an event that the store refuses is somebody's to look at.
      process.exitCode = report.events.letters.kept.count === 0 ? 0 : 1
    } finally {
      await storage.close()
    }
  })

/** A command that a signal ends leaves no scratch folder in the store's. */
function removeOnSignal(directory: string): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      rmSync(directory, { recursive: true, force: true })
      process.exit(128 + constants.signals[signal])
    })
  }
}

/** A store whose figures contain all its events; while the service runs, it keeps them so itself. */
async function openForExport(): Promise<StorageReader> {
  const config = loadConfig()
  await requireEvents(config)
  let storage: Storage
  try {
    storage = await openAnnounced(config)
  } catch (error) {
    if (error instanceof StoreInUse) return openBesideService(config)
    throw error
  }
  try {
    await takeIn(storage)
    await catchUp(storage, await storage.snapshot(reads => reads.checkpoint()), keepingLetters(storage, config))
    return storage
  } catch (error) {
    // An open connection to MongoDB would keep the process alive.
    await storage.close()
    throw error
  }
}

/** Keeps what can't be projected as dead letters, as the service does, and names it. */
function keepingLetters(storage: Storage, { deadLetterMax }: Config): { keepSetAside: KeepSetAside } {
  const letters = new DeadLetters(storage.documents, { max: deadLetterMax, onDropped: () => {} })
  return {
    keepSetAside: async found => {
      await letters.keepSetAside(found, Date.now())
      await nameSetAside(found)
    },
  }
}

/** For each a line: the log has them, but no figure does. */
async function nameSetAside(found: readonly SetAside[]): Promise<void> {
  for (const { entry, fault } of found) {
    console.error(`event ${entry.id} (seq ${entry.seq}) is set aside: ${fault.path} ${fault.message}`)
  }
}

/** Opens the writing side, and says so where all events have to be counted again. */
async function openAnnounced(config: Config): Promise<Storage> {
  const storage = await openStorage(config, LAYOUT)
  if (storage.wasOutdated) console.error(COUNTED_AGAIN)
  return storage
}

/** @throws StoreUnavailable where the service has most of its events still to count, as after an upgrade */
async function openBesideService(config: Config): Promise<StorageReader> {
  const reader = openReader(config, TABLES)
  const left = await reader.snapshot(async reads => reads.readLog((await reads.checkpoint()) + LAG_MAX, 1))
  if (left.length === 0) return reader
  await reader.close()
  throw new StoreUnavailable('the service is still counting its events: try again when it is ready')
}

/** Takes in what other instances have appended. */
async function takeIn(storage: Storage): Promise<void> {
  while (await storage.pull?.());
}

/** What an operator can do something about is told in one line. */
const EXPECTED = [
  ConfigError,
  DataFileError,
  StoreInUse,
  StoreMissing,
  StoreUnavailable,
  ProjectionsOutdated,
  ForeignReplica,
]

try {
  await program.parseAsync()
} catch (error) {
  if (!EXPECTED.some(kind => error instanceof kind)) throw error
  console.error((error as Error).message)
  process.exitCode = 1
}
