/** Folding the whole log again, and checking the figures against it, on the small store. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { toEntries } from './entries.ts'
import { GROUP, orderedGroup } from './generate.ts'
import { PlainTable } from './plain-table.ts'
import { perSecond, Report, whole } from './report.ts'
import type { Sizes } from './sizes.ts'
import { type Filling, filledStore, filledTable, plainFile } from './stores.ts'

const CLI = join(import.meta.dirname, '../src/cli.ts')
const BASELINE_GROUPS = 100

export async function rebuild({ small, large }: Sizes): Promise<Report> {
  const report = new Report('rebuild', 'rebuilding and verifying the figures')
  const filling = { perYear: large, stored: small }
  const dataDir = await filledStore(filling)
  const plain = await plainRate(filling)
  for (const command of ['rebuild', 'verify']) {
    const seconds = await runCli(command, dataDir)
    const rate = small / seconds
    const shown = `${seconds.toFixed(1)} s, ${perSecond(rate, 1)}; ${(rate / plain).toFixed(2)} of inserting into a plain table (${perSecond(plain, 1)})`
    report.note(`${command} of ${whole(small)} events`, shown)
  }
  return report
}

async function plainRate(filling: Filling): Promise<number> {
  const table = new PlainTable(plainFile(await filledTable(filling)), 'measured')
  const first = filling.stored / GROUP
  const rows = Array.from({ length: BASELINE_GROUPS }, (_, i) => toEntries(orderedGroup(first + i, filling)))
  const begun = performance.now()
  for (const entries of rows) table.insert(entries)
  const seconds = (performance.now() - begun) / 1000
  table.close()
  return (BASELINE_GROUPS * GROUP) / seconds
}

/** Seconds. */
async function runCli(command: string, dataDir: string): Promise<number> {
  const begun = performance.now()
  const env = { ...process.env, DATA_DIR: dataDir }
  const child = spawn(process.execPath, [CLI, command], { env, stdio: ['ignore', 'inherit', 'ignore'] })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${command} ended with code ${code}`)
  return (performance.now() - begun) / 1000
}
