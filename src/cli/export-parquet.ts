/** `export --parquet`: the figures as files that other programs read. */
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { discard, publish, temporary } from '../data-files/write-documents.ts'
import type { AtRest } from '../storage/duckdb/at-rest.ts'
import { quoted } from '../storage/duckdb/figures-file.ts'
import { VIEWS } from '../storage/duckdb/views.ts'

/**
 * Writes each of the views into a file of its own, beside what was there: all of them take their places when all are
 * complete. Gives the number of rows of each.
 */
export async function exportParquet(files: AtRest, folder: string): Promise<Map<string, number>> {
  const target = resolve(folder)
  await mkdir(target, { recursive: true })
  // The file system is closed to SQL, but for this folder.
  await files.seal(target)
  const written = VIEWS.map(view => ({ view, file: join(target, `${view}.parquet`) }))
  const rows = new Map<string, number>()
  try {
    for (const { view, file } of written) {
      const [row] = await files.reading.rows<{ Count: number }>(
        `COPY (FROM ${view}) TO ${quoted(temporary(file))} (FORMAT parquet, COMPRESSION zstd)`,
      )
      rows.set(view, row!.Count)
    }
    for (const { file } of written) await publish(file)
    return rows
  } finally {
    for (const { file } of written) await discard(file)
  }
}
