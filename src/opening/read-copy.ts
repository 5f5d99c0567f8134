/** Reads a copy of the figures while the service goes on with its own. */
import { rm } from 'node:fs/promises'
import { ReadOnlyFigures } from '../storage/duckdb/read-only-figures.ts'
import type { Figures } from '../storage/figures.ts'

/** As little as a reading of many short questions needs: it has time. */
const SETTINGS = { memory: '96MB', threads: 1 }
const NAME = 'figures'

/**
 * Asks the questions of a long reading. They see one state, that of the copy, and have an instance of DuckDB of their own: what it
 * keeps in memory goes with it, where the service's would keep all that was read. The copy is removed at the end.
 * @throws the signal's reason before the next question, once it is aborted
 */
export async function readCopy<T>(
  folder: string,
  read: (figures: Pick<Figures, 'ask'>) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  try {
    const files = await ReadOnlyFigures.open(folder, SETTINGS)
    try {
      await files.attach(folder, NAME)
      await files.connection.run(`USE ${NAME}`)
      return await read({
        async ask(question) {
          signal.throwIfAborted()
          return question(files.reading)
        },
      })
    } finally {
      files.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
