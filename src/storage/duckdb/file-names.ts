/** The paths of the figures in a directory, and their removal. This file does not load DuckDB. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'

/** The suffix of DuckDB's write-ahead log. */
export const WAL = '.wal'

export const figuresFile = (directory: string): string => join(directory, 'figures.duckdb')
export const dictionaryFile = (directory: string): string => join(directory, 'strings.db')
export const spillFolder = (directory: string): string => join(directory, 'spill')

/** Removes the figures of a directory, in whatever state they are. */
export function removeFigures(directory: string): void {
  for (const file of [figuresFile(directory), dictionaryFile(directory)]) {
    for (const suffix of ['', WAL, '-wal', '-shm']) rmSync(file + suffix, { force: true })
  }
  rmSync(spillFolder(directory), { recursive: true, force: true })
}
