/** At the start of the service: takes in the dump that everybody shares, where this machine has not got it yet. */
import { type ImportOptions, type ImportReport, importDump, type Store } from './import-dump.ts'
import { findDataFile } from './read-documents.ts'
import { readVersion } from './versions.ts'

/**
 * Imports the dump where `dbmeta.json` says a greater version than `dbmeta_local.json`, or there is no local one, and a
 * dump is there. Without `dbmeta.json` (or its folder) nothing happens. `open` opens the writing side only where
 * there is something to import; it is closed again. Null: there was nothing to import.
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
