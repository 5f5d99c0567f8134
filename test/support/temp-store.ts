/** A real store in a folder of its own, with faults on demand. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { openFigures } from '../../src/opening/open-figures.ts'
import { openEmbedded } from '../../src/opening/open-storage.ts'
import type { Figures } from '../../src/storage/figures.ts'
import type { Documents, Storage } from '../../src/storage/storage.ts'

/** Little enough for many stores at once. */
export const SMALL = { memory: '128MB', threads: 1 }

/** Opens a store that is removed after the tests of the file. */
export function openTempStore(): Storage {
  return openIn(mkdtempSync(join(tmpdir(), 'undersounds-stats-')))
}

/** Opens a store with its figures, which are removed after the tests of the file. */
export async function openTempFigures(): Promise<{ storage: Storage; figures: Figures }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'undersounds-stats-'))
  const storage = openIn(dataDir)
  const figures = await openFigures({ dataDir, mongo: null }, SMALL, storage)
  after(() => figures.close())
  return { storage, figures }
}

function openIn(dataDir: string): Storage {
  const storage = openEmbedded(dataDir)
  after(async () => {
    await storage.close()
    rmSync(dataDir, { recursive: true })
  })
  return storage
}

/** The documents of a store, whose writes fail while `failure` is set. */
export function failing(documents: Documents): Documents & { failure: Error | undefined } {
  const orFail =
    <Args extends unknown[], Answer>(method: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      if (switched.failure) throw switched.failure
      return method(...args)
    }
  const switched = {
    failure: undefined as Error | undefined,
    put: orFail(documents.put.bind(documents)),
    add: orFail(documents.add.bind(documents)),
    swap: orFail(documents.swap.bind(documents)),
    get: documents.get.bind(documents),
    list: documents.list.bind(documents),
    counts: documents.counts.bind(documents),
    remove: orFail(documents.remove.bind(documents)),
  }
  return switched
}
