import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sampleEvents } from '../../test/support/arrived-events.ts'
import { noneSetAside } from '../../test/support/none-set-aside.ts'
import { withFolder, withStore } from '../../test/support/store-folder.ts'
import { toLogEntry } from '../events/event.ts'
import { catchUp } from '../facts/projector.ts'
import type { Figures } from '../storage/figures.ts'
import { readCopy } from './read-copy.ts'

const factsOf = (figures: Pick<Figures, 'ask'>) =>
  figures.ask(async reads => (await reads.rows<{ n: number }>('SELECT count(*) AS n FROM facts'))[0]!.n)

/** A store with facts, and the folder of a copy of its figures. */
const withCopy = (work: (parts: { figures: Figures; folder: string; add: () => Promise<void> }) => Promise<void>) =>
  withFolder(dataDir =>
    withStore(dataDir, async ({ storage, figures }) => {
      const events = sampleEvents(200).map(toLogEntry)
      const add = async () => {
        await storage.append(events.splice(0, 100))
        await catchUp(storage, figures, noneSetAside)
      }
      await add()
      const folder = join(dataDir, 'copy')
      await figures.copyTo(folder)
      await work({ figures, folder, add })
    }),
  )

test('all questions to a copy see what it had when it was made, and it is removed at the end', () =>
  withCopy(async ({ figures, folder, add }) => {
    const before = await factsOf(figures)
    const read = async (copy: Pick<Figures, 'ask'>) => {
      const first = await factsOf(copy)
      await add()
      return [first, await factsOf(copy)]
    }
    assert.deepEqual(await readCopy(folder, read, new AbortController().signal), [before, before])
    assert.ok((await factsOf(figures)) > before)
    assert.ok(!existsSync(folder))
  }))

test('a reading that is given up asks nothing more, and removes the copy', () =>
  withCopy(async ({ folder }) => {
    const given = new AbortController()
    const read = async (copy: Pick<Figures, 'ask'>) => {
      await factsOf(copy)
      given.abort(new Error('the service stops'))
      await factsOf(copy)
    }
    await assert.rejects(readCopy(folder, read, given.signal), /the service stops/)
    assert.ok(!existsSync(folder))
  }))
