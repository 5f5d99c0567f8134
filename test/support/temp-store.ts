/** A real embedded store in a folder of its own, with faults on demand. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { TABLES } from '../../src/projections/registry.ts'
import { openEmbedded } from '../../src/storage/open-storage.ts'
import type { Documents, Storage } from '../../src/storage/storage.ts'

/** Opens a store that is removed after the tests of the file. */
export function openTempStore(): Storage {
  const dataDir = mkdtempSync(join(tmpdir(), 'undersounds-stats-'))
  const storage = openEmbedded(dataDir, TABLES)
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
