/** Refuses links in the folder of a store: a write through a link could change any file. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { StoreUnusable } from '../storage.ts'

const FILES = /^(?:lock|undersounds-stats\.db|figures\.duckdb|strings\.db|search\.db|damage\.json|last-entry)(?:$|[-.])/
const FOLDERS = /^(?:copies|spill|replica)$/

/**
 * Pipes and the like are refused too, because opening one waits for ever.
 * @throws StoreUnusable with the name of the first file or folder of the store that is something else
 */
export function requireOwnFiles(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const isWrong = (FILES.test(entry.name) && !entry.isFile()) || (FOLDERS.test(entry.name) && !entry.isDirectory())
    if (!isWrong) continue
    const what = FILES.test(entry.name) ? 'a file' : 'a folder'
    const instead = entry.isSymbolicLink() ? ', not a link to one' : ''
    throw new StoreUnusable(`${join(directory, entry.name)} must be ${what} of its own${instead}: put it right first`)
  }
}
