/** What a store keeps in its folder is in the folder itself: a link could lead a write to anything. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { StoreUnusable } from '../storage.ts'

const FILES = /^(?:lock|undersounds-stats\.db|figures\.duckdb|strings\.db|damage\.json|last-entry)(?:$|[-.])/
const FOLDERS = /^(?:copies|spill|replica)$/

/**
 * Also a pipe in the place of a file is refused: opening one waits for ever.
 * @throws StoreUnusable naming the first one that is a link, or something else than it should be
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
