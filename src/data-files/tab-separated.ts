/** Reads files of tab-separated columns with a heading, as public data sets of listening have them. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DataFileError } from './findings.ts'

export interface TabSeparatedRow {
  /** 1 for the heading. */
  line: number
  cells: string[]
}

/**
 * The rows below the heading, without empty ones. They may have more columns.
 * @throws DataFileError where a line has fewer columns; an error of the file system where the file can't be read
 */
export async function readTabSeparated(folder: string, file: string, columns: number): Promise<TabSeparatedRow[]> {
  const lines = decode(await readFile(join(folder, file))).split(/\r?\n/)
  const rows: TabSeparatedRow[] = []
  for (const [i, text] of lines.entries()) {
    if (i === 0 || text === '') continue
    const cells = text.split('\t')
    if (cells.length < columns) throw new DataFileError(file, { line: i + 1 }, `${columns} columns were expected`)
    rows.push({ line: i + 1, cells })
  }
  return rows
}

/** Some of the files are UTF-8, some Latin-1, and none says which. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('latin1').decode(bytes)
  }
}
