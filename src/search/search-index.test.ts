/** The index over restarts, late records, and damage. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { noneSetAside } from '../../test/support/none-set-aside.ts'
import { withEvents } from '../../test/support/query-store.ts'
import { ref } from '../../test/support/ref.ts'
import { UNKNOWN_ALBUM, writeRecords } from '../catalogue/catalogue-record.ts'
import { type IngestedEvent, toLogEntry } from '../events/event.ts'
import { catchUp } from '../facts/projector.ts'
import type { Figures } from '../storage/figures.ts'
import { IndexFile } from './index-file.ts'
import { search } from './search.ts'
import { SearchIndex } from './search-index.ts'

const play = (i: number, entityId: string, title?: string): IngestedEvent => ({
  event: {
    eventId: `e${i}`,
    eventType: 'track.played',
    entityType: 'track',
    entityId,
    timestamp: Date.UTC(2026, 10, 24),
    metadata: { albumId: 'a1', artist: 'Beyoncé', ...(title && { title }) },
  },
  decision: {},
})

const EVENTS = [play(1, '1', 'Σίσυφος'), play(2, '2', 'Ñandú'), play(3, '2', 'Ñandú')]

function pathIn(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'undersounds-search-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return join(folder, 'search.db')
}

/** Brings the index in a file up with the figures, as a service that starts and ends; gives how many steps that took. */
async function follow(path: string, figures: Figures, use: (file: IndexFile) => void = () => {}): Promise<number> {
  const file = new IndexFile(path)
  const index = new SearchIndex(file, {
    ask: question => figures.ask(question),
    takeChanges: async () => figures.takeChanges(),
  })
  let steps = 0
  while (await index.step()) steps++
  use(file)
  file.close()
  return steps
}

const found = (file: IndexFile, q: string) =>
  search(file, { q, limit: 10 }).items.map(({ key, plays, match }) => `${key} ${plays} ${match}`)

test('the index is kept over a restart, and goes on with what came later', async t => {
  const path = pathIn(t)
  await withEvents(EVENTS, 1, async (figures, storage) => {
    await follow(path, figures)
    assert.equal(await follow(path, figures), 0)
    await storage.append([play(4, '2'), play(5, '3', 'Nandú')].map(toLogEntry))
    await catchUp(storage, figures, noneSetAside)
    const steps = await follow(path, figures, file => {
      assert.deepEqual(found(file, 'nandu'), ['a1_2 3 name', 'a1_3 1 name'])
      assert.deepEqual(found(file, 'ΣΙΣΥΦΟΣ'), ['a1_1 1 name'])
      assert.deepEqual(found(file, 'beyonse'), ['name:beyoncé 5 similar'])
    })
    assert.equal(steps, 1)
  })
})

test('the index follows what most events call a track', async t => {
  const path = pathIn(t)
  await withEvents(EVENTS, 1, async (figures, storage) => {
    await follow(path, figures)
    await storage.append([play(4, '1', 'Otra'), play(5, '1', 'Otra')].map(toLogEntry))
    await catchUp(storage, figures, noneSetAside)
    await follow(path, figures, file => {
      assert.deepEqual([found(file, 'σισυφος'), found(file, 'otra')], [[], ['a1_1 3 name']])
    })
  })
})

test('the index follows what the catalogue says later, and what it says otherwise', async t => {
  const path = pathIn(t)
  await withEvents(EVENTS, 1, async (figures, storage) => {
    await follow(path, figures)
    const album = { ...UNKNOWN_ALBUM, artistId: '4', title: 'Noche', tracks: [{ id: '2', title: 'Avestruz' }] }
    await writeRecords(storage.documents, [
      [ref('album:a1'), album],
      [ref('album:b1'), { ...UNKNOWN_ALBUM, title: 'Noche de ñus' }],
      [ref('artist:4'), { kind: 'artist', at: 0, name: 'Bey', genre: null }],
    ])
    await catchUp(storage, figures, noneSetAside)
    await follow(path, figures, file => {
      assert.deepEqual(found(file, 'noche'), ['a1 3 name', 'b1 0 name'])
      assert.deepEqual([found(file, 'nandu'), found(file, 'avestruz')], [[], ['a1_2 2 name']])
      assert.deepEqual(
        [found(file, 'bey'), found(file, '4')],
        [['artist:4 3 name', 'name:beyoncé 0 name'], ['artist:4 3 id']],
      )
    })
    await writeRecords(storage.documents, [[ref('artist:4'), { kind: 'artist', at: 1, name: 'Lemonade', genre: null }]])
    await catchUp(storage, figures, noneSetAside)
    await follow(path, figures, file => {
      assert.deepEqual([found(file, 'bey'), found(file, 'lemonade')], [['name:beyoncé 0 name'], ['artist:4 3 name']])
    })
  })
})

test('the index is made again where its file is missing, damaged, or of other figures', async t => {
  const path = pathIn(t)
  const isWhole = (file: IndexFile) => assert.deepEqual(found(file, 'nandu'), ['a1_2 2 name'])
  await withEvents(EVENTS, 1, async figures => {
    await follow(path, figures, isWhole)
    rmSync(path)
    await follow(path, figures, isWhole)
    truncateSync(path, 5_000)
    await follow(path, figures, isWhole)
    writeFileSync(path, 'not a database at all')
    await follow(path, figures, isWhole)
  })
  await withEvents([play(1, '7', 'Otro')], 1, async figures => {
    await follow(path, figures, file =>
      assert.deepEqual([found(file, 'nandu'), found(file, 'otro')], [[], ['a1_7 1 name']]),
    )
  })
})
