/** Which figures are used, and which are begun anew. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleEvents } from '../../test/support/arrived-events.ts'
import { noneSetAside } from '../../test/support/none-set-aside.ts'
import { ref } from '../../test/support/ref.ts'
import { withFolder, withStorage } from '../../test/support/store-folder.ts'
import { SMALL } from '../../test/support/temp-store.ts'
import { writeRecords } from '../catalogue/catalogue-record.ts'
import { toLogEntry } from '../events/event.ts'
import { catchUp } from '../facts/projector.ts'
import type { Storage } from '../storage/storage.ts'
import { openFigures } from './open-figures.ts'

/** Why the figures of a folder are begun anew; null where they are used. */
async function begunAnew(dataDir: string, source: Pick<Storage, 'readLog' | 'documentsSince'>): Promise<string | null> {
  const figures = await openFigures({ dataDir, mongo: null }, SMALL, source)
  await figures.close()
  return figures.begunAnew
}

test('opens figures whose last entry and last record the store has, and begins all others anew', () =>
  withFolder(dataDir =>
    withStorage(dataDir, async storage => {
      await storage.append(sampleEvents(3).map(toLogEntry))
      await writeRecords(storage.documents, [
        [ref('artist:4'), { kind: 'artist', at: 5, name: 'DJ Beats', genre: null }],
      ])
      const figures = await openFigures({ dataDir, mongo: null }, SMALL, storage)
      await catchUp(storage, figures, noneSetAside)
      await figures.close()
      const readLog = storage.readLog.bind(storage)
      const documentsSince = storage.documentsSince.bind(storage)
      assert.equal(await begunAnew(dataDir, { readLog, documentsSince }), null)

      // As it is where an older state of the documents was put back.
      const withoutRecords = { readLog, documentsSince: async () => [] }
      assert.match((await begunAnew(dataDir, withoutRecords)) ?? '', /another event log/)
    }),
  ))
