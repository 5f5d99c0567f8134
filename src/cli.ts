/** The command line: maintenance of the store. */
import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { addBackUp } from './cli/back-up.ts'
import { addCheckStore } from './cli/check-store.ts'
import { addEvaluate } from './cli/evaluate.ts'
import { exportParquet } from './cli/export-parquet.ts'
import { withProgressBar } from './cli/progress-bar.ts'
import { removeOnSignal, removeScratch } from './cli/scratch.ts'
import { runInput, runText } from './cli/sql-prompt.ts'
import { Statements } from './cli/statements.ts'
import { openAnnounced, openAtRest, openComplete, openToRead, takeIn } from './cli/stores.ts'
import { type ExportReport, exportDump } from './data-files/export-dump.ts'
import { DataFileError } from './data-files/findings.ts'
import { importDump } from './data-files/import-dump.ts'
import { reportLines } from './data-files/report-lines.ts'
import { keepToOwner } from './files.ts'
import { DeadLetters } from './ingestion/dead-letters.ts'
import type { KeepSetAside, SetAside } from './ingestion/set-aside.ts'
import { openSharedLog, openStorage, requireEvents, requireStore } from './opening/open-storage.ts'
import { rebuild } from './opening/rebuild.ts'
import { type Difference, type Differences, verify } from './opening/verify.ts'
import { type Config, ConfigError, loadConfig } from './settings/config.ts'
import { COLLECTIONS } from './storage/collections.ts'
import {
  BackUpFault,
  ForeignReplica,
  type Storage,
  StoreInUse,
  StoreLoss,
  StoreMissing,
  StoreUnavailable,
  StoreUnusable,
} from './storage/storage.ts'

/** So many differences are printed; the others are only counted. */
const SHOWN = 100

const program = new Command('undersounds-stats').description('Maintenance of the statistics store')

program
  .command('rebuild')
  .description('throw the figures away and make them again from the event log (the service must be stopped)')
  .action(async () => {
    const config = loadConfig()
    requireStore(config)
    const storage = await openStorage(config, COLLECTIONS)
    try {
      const { keepSetAside } = keepingLetters(config)(storage)
      const events = await withProgressBar('rebuilding', 'events', onProgress =>
        rebuild(config, config.figures, storage, keepSetAside, onProgress),
      )
      console.log(`rebuilt from ${events} events`)
    } finally {
      await storage.close()
    }
  })

program
  .command('verify')
  .description('make the figures again from the event log, and report every difference (the service may run)')
  .action(async () => {
    const config = loadConfig()
    requireStore(config)
    const { count, first } = await verified(config)
    for (const difference of first) console.error(differenceText(difference))
    console.log(count === 0 ? 'no difference' : `${count} differences`)
    process.exitCode = count === 0 ? 0 : 1
  })

program
  .command('sql')
  .description(
    'ask the figures in SQL (the service may run): a prompt, or what is given as an argument or on standard input',
  )
  .argument('[statements]', 'what to run, such as "SELECT * FROM artists"')
  .action(async (given: string | undefined) => {
    const config = loadConfig()
    await requireEvents(config)
    const { store, files } = await openAtRest(config, keepingLetters(config))
    try {
      await files.seal()
      const statements = new Statements(files.connection)
      const isDone = given === undefined ? runInput(statements, process.stdin) : runText(statements, given)
      process.exitCode = (await isDone) ? 0 : 1
    } finally {
      files.close()
      await store.close()
    }
  })

program
  .command('export')
  .description('write the figures as Parquet files, for other programs (the service may run)')
  .requiredOption('--parquet <folder>', 'where the files go; made where it is missing')
  .action(async ({ parquet }: { parquet: string }) => {
    const config = loadConfig()
    await requireEvents(config)
    const { store, files } = await openAtRest(config, keepingLetters(config))
    try {
      for (const [view, rows] of await exportParquet(files, parquet)) console.log(`${view}: ${rows} rows`)
    } finally {
      files.close()
      await store.close()
    }
  })

addCheckStore(program)
addBackUp(program)
addEvaluate(program)

program
  .command('mongoexport')
  .description('write events.json, artist_kpis.json and bindings.json, and raise the dbVersion (the service may run)')
  .argument('[folder]', 'where the dump goes', './data-dump')
  .option('--config <folder>', 'where dbmeta.json and dbmeta_local.json are', './config')
  .option('--ndjson', 'one document a line (.ndjson) instead of a JSON array', false)
  .option('--gzip', 'compressed (.gz)', false)
  .option('--force', 'replace a dump that holds events, though the store has none', false)
  .action(async (folder: string, given: { config: string; ndjson: boolean; gzip: boolean; force: boolean }) => {
    const config = loadConfig()
    await requireEvents(config)
    const { store, figures } = await openComplete(config, keepingLetters(config))
    const { ndjson, gzip, force } = given
    const settings = { defaultCurrency: config.defaultCurrency, now: Date.now() }
    const options = { folder, configFolder: given.config, form: { ndjson, gzip }, settings, force }
    let report: ExportReport
    try {
      report = await withProgressBar('exporting', 'events', onProgress =>
        exportDump({ storage: store.storage, figures }, { ...options, onProgress }),
      )
    } finally {
      await figures.close()
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
    const store = await openAnnounced(loadConfig())
    try {
      await takeIn(store.storage)
      const report = await importDump(store, options)
      const { summary, remarks } = reportLines(report)
      for (const line of remarks) console.error(line)
      for (const line of summary) console.log(line)
      // Figures of the old service are known to differ; an event that the store refuses is somebody's to look at.
      process.exitCode = report.events.letters.kept.count === 0 ? 0 : 1
    } finally {
      await store.close()
    }
  })

/** Compares the figures of the store, or a copy of those of the service, with the log: that of MongoDB where there is one. */
async function verified(config: Config): Promise<Differences> {
  const store = await openToRead(config)
  try {
    const sharedLog = await openSharedLog(config)
    // Named before it is there, so that no signal comes in between.
    const scratch = join(config.dataDir, `verify-${randomUUID()}`)
    removeOnSignal(scratch)
    await mkdir(scratch)
    try {
      const { folder, storage } = store
      const common = { folder, log: sharedLog ?? storage, documents: storage, scratch, settings: config.figures }
      return await withProgressBar('recomputing', 'events', onProgress =>
        verify({ ...common, shown: SHOWN, keepSetAside: printSetAside, onProgress }),
      )
    } finally {
      await sharedLog?.close()
      await removeScratch(scratch)
    }
  } finally {
    await store.close()
  }
}

function differenceText({ table, row, live, recomputed }: Difference): string {
  const what = live === 0 ? 'is missing' : recomputed === 0 ? 'should not be there' : `is there ${live} times`
  const instead = live === 0 || recomputed === 0 ? '' : ` instead of ${recomputed}`
  return `${table} ${JSON.stringify(row)} ${what}${instead}`
}

/** Keeps entries that can't be projected as dead letters, as the service does, and prints a line of each. */
function keepingLetters({ deadLetterMax }: Config): (storage: Storage) => { keepSetAside: KeepSetAside } {
  return storage => {
    const letters = new DeadLetters(storage.documents, { max: deadLetterMax, onDropped: () => {} })
    return {
      keepSetAside: async found => {
        await letters.keepSetAside(found, Date.now())
        await printSetAside(found)
      },
    }
  }
}

/** Prints a line of each entry that is in the log, but in no figure. */
async function printSetAside(found: readonly SetAside[]): Promise<void> {
  for (const { entry, fault } of found) {
    console.error(`event ${entry.id} (seq ${entry.seq}) is set aside: ${fault.path} ${fault.message}`)
  }
}

/** Errors that an operator can act on: they are printed in one line, without a stack. */
const EXPECTED = [
  ...[ConfigError, DataFileError, BackUpFault],
  ...[StoreInUse, StoreLoss, StoreMissing, StoreUnavailable, StoreUnusable, ForeignReplica],
]

/** An error of the file system is one of these too: its message names the call and the path. */
const isOfFileSystem = (error: unknown) => error instanceof Error && 'errno' in error && 'syscall' in error

keepToOwner()
try {
  await program.parseAsync()
} catch (error) {
  if (!EXPECTED.some(kind => error instanceof kind) && !isOfFileSystem(error)) throw error
  console.error((error as Error).message)
  process.exitCode = 1
}
