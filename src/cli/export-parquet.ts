/** `export --parquet`: the figures as files that other programs read. */
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { makeFolder, sync } from '../files.ts'
import { quoted } from '../storage/duckdb/figures-file.ts'
import type { ReadOnlyFigures } from '../storage/duckdb/read-only-figures.ts'
import { VIEWS } from '../storage/duckdb/views.ts'

/**
 * Writes each view into a file in a temporary folder, and renames all files when the last one is complete. DuckDB would
 * follow a link of a file's name, so it writes into a folder that no other user can write to. Returns the rows of each view.
 */
export async function exportParquet(files: ReadOnlyFigures, folder: string): Promise<Map<string, number>> {
  const target = resolve(folder)
  makeFolder(target)
  const scratch = await mkdtemp(join(target, 'partial-'))
  const rows = new Map<string, number>()
  try {
    // The file system is closed to SQL, but for this folder.
    await files.seal(scratch)
    for (const view of VIEWS) {
      const file = join(scratch, `${view}.parquet`)
      const [row] = await files.reading.rows<{ Count: number }>(
        `COPY (FROM ${view}) TO ${quoted(file)} (FORMAT parquet, COMPRESSION zstd)`,
      )
      sync(file)
      rows.set(view, row!.Count)
    }
    for (const view of VIEWS) await rename(join(scratch, `${view}.parquet`), join(target, `${view}.parquet`))
    return rows
  } finally {
    await rm(scratch, { recursive: true, force: true })
    sync(target)
  }
}
