/** The commands `backup` and `restore` of the embedded store. */
import { constants, setPriority } from 'node:os'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { backUpStore, restoreStore } from '../opening/back-up-store.ts'
import { loadConfig } from '../settings/config.ts'
import { withProgressBar } from './progress-bar.ts'

export function addBackUp(program: Command): void {
  program
    .command('backup')
    .description('copy the event log and the documents into a folder, and check the copy (the service may run)')
    .argument('<folder>', 'where the back-up goes: one that is empty, or not there')
    .action(async (folder: string) => {
      const config = loadConfig()
      // The service beside comes first.
      setPriority(constants.priority.PRIORITY_LOW)
      const { lastSeq, bytes } = await withProgressBar('copying', 'pages', onCopied =>
        backUpStore(config, resolve(folder), { onCopied, onChecked: () => {} }),
      )
      console.log(`backed up: ${lastSeq} entries of the event log, ${bytes} bytes, checked`)
    })

  program
    .command('restore')
    .description('put the store of a back-up into an empty data directory (the service must be stopped)')
    .argument('<folder>', 'where the back-up is')
    .action(async (folder: string) => {
      const config = loadConfig()
      const { lastSeq, made } = await withProgressBar('checking', 'entries', onChecked =>
        restoreStore(config, resolve(folder), onChecked),
      )
      console.log(`restored: ${lastSeq} entries of the event log, as of ${made}. The next start counts them`)
    })
}
