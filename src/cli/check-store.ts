/** The command `check-store`: looks through the log and the documents, also beside the service. */
import type { Command } from 'commander'
import { checkStore, requireStore } from '../opening/open-storage.ts'
import { loadConfig } from '../settings/config.ts'
import { withProgressBar } from './progress-bar.ts'

export function addCheckStore(program: Command): void {
  program
    .command('check-store')
    .description(
      'check every entry of the event log, the index of its ids and the documents (the service may run; it takes a while)',
    )
    .action(async () => {
      const config = loadConfig()
      requireStore(config)
      const report = await withProgressBar('checking', 'entries', async onProgress => checkStore(config, onProgress))
      for (const problem of report.problems) console.error(problem)
      const unchecked =
        report.unchecked > 0 ? `, ${report.unchecked} of them of an earlier version, without checksums` : ''
      console.log(`${report.entries} entries are as they were written${unchecked}`)
      console.log(report.count === 0 ? 'nothing is damaged' : `${report.count} problems: start the service anew`)
      process.exitCode = report.count === 0 ? 0 : 1
    })
}
