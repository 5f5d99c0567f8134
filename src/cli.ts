/** The command line: maintenance of the store. */
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { ConfigError, loadConfig } from './config.ts'
import { withProgressBar } from './progress-bar.ts'
import { rebuild } from './projections/rebuild.ts'
import { TABLES } from './projections/registry.ts'
import { verify } from './projections/verify.ts'
import { openReader, openStorage, type StoreLocation } from './storage/open-storage.ts'
import { ProjectionsOutdated, StoreInUse, StoreUnavailable } from './storage/storage.ts'

/** Differences printed one by one; beyond, they are only counted. */
const SHOWN = 100

const program = new Command('undersounds-stats').description('Maintenance of the statistics store')

program
  .command('rebuild')
  .description('empty the projections and fold the whole event log again (the service must be stopped)')
  .action(async () => {
    const storage = openStorage(location(), TABLES, 'rebuild')
    const events = await withProgressBar('rebuilding', 'events', onProgress => rebuild(storage, onProgress))
    await storage.close()
    console.log(`rebuilt from ${events} events`)
  })

program
  .command('verify')
  .description('recompute the projections from the event log and report every difference (the service may run)')
  .action(async () => {
    const live = openReader(location(), TABLES)
    const directory = await mkdtemp(join(location().dataDir, 'verify-'))
    try {
      const found = await withProgressBar('recomputing', 'events', onProgress =>
        live.snapshot(async reads => {
          const scratch = openStorage({ dataDir: directory }, TABLES)
          let count = 0
          for await (const { table, cell, live: is, recomputed } of verify(reads, scratch, TABLES, onProgress)) {
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
      await rm(directory, { recursive: true })
    }
  })

function location(): StoreLocation {
  return { dataDir: loadConfig().dataDir }
}

/** What an operator can do something about is told in one line. */
const EXPECTED = [ConfigError, StoreInUse, StoreUnavailable, ProjectionsOutdated]

try {
  await program.parseAsync()
} catch (error) {
  if (!EXPECTED.some(kind => error instanceof kind)) throw error
  console.error((error as Error).message)
  process.exitCode = 1
}
