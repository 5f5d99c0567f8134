/** Where the figures lie in a directory. Apart from what opens them: to remove them, DuckDB need not be loaded. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'

/** The end of the name of DuckDB's write-ahead log. */
export const WAL = '.wal'

export const figuresFile = (directory: string): string => join(directory, 'figures.duckdb')
export const dictionaryFile = (directory: string): string => join(directory, 'strings.db')
export const spillFolder = (directory: string): string => join(directory, 'spill')

/** Removes the figures of a directory, whatever state they are in. */
export function removeFigures(directory: string): void {
  for (const file of [figuresFile(directory), dictionaryFile(directory)]) {
    for (const suffix of ['', WAL, '-wal', '-shm']) rmSync(file + suffix, { force: true })
  }
  rmSync(spillFolder(directory), { recursive: true, force: true })
}
