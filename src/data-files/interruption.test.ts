/** What is left where an export or import does not come to its end. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it, type TestContext } from 'node:test'
import { noneSetAside } from '../../test/support/none-set-aside.ts'
import { openTempFigures } from '../../test/support/temp-store.ts'
import { toLogEntry } from '../events/event.ts'
import { catchUp } from '../facts/projector.ts'
import type { Figures } from '../storage/figures.ts'
import { type LogEntry, type Storage, StoreUnavailable } from '../storage/storage.ts'
import { type Exported, exportDump } from './export-dump.ts'
import { importDump, type Store } from './import-dump.ts'

const EVENTS = 2_500
const clock = () => Date.parse('2026-11-24T10:00:00Z')

const entry = (i: number): LogEntry =>
  toLogEntry({
    event: { eventId: `e${i}`, eventType: 'artist.followed', entityType: 'artist', entityId: '4', timestamp: i },
    decision: {},
  })

async function folders(t: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'undersounds-dump-'))
  t.after(() => rm(root, { recursive: true }))
  const all = { folder: join(root, 'dump'), configFolder: join(root, 'config') }
  await mkdir(all.folder)
  return all
}

async function filledStore(): Promise<Store> {
  const store = await openTempFigures()
  await store.storage.append(Array.from({ length: EVENTS }, (_, i) => entry(i)))
  await catchUp(store.storage, store.figures, noneSetAside)
  return store
}

async function addOne({ storage, figures }: Store): Promise<void> {
  await storage.append([entry(EVENTS)])
  await catchUp(storage, figures, noneSetAside)
}

const exportOptions = { form: { ndjson: false, gzip: false }, settings: { defaultCurrency: 'EUR', now: 0 } }

type Read = 'readLog' | 'documentsSince' | 'ask'

/** The store, one read of which fails from its `nth` time on. */
function failingAt({ storage, figures }: Store, read: Read, nth: number): Exported {
  let times = 0
  const failing = <T extends Storage | Figures>(target: T) =>
    new Proxy(target, {
      get(_, name) {
        if (name === read && ++times >= nth) throw new StoreUnavailable('away')
        const value = Reflect.get(target, name, target) as unknown
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  return { storage: failing(storage), figures: failing(figures) }
}

const contents = async (folder: string) =>
  Promise.all((await readdir(folder)).sort().map(async name => [name, await readFile(join(folder, name), 'utf8')]))

const interruptions: [string, Read, number][] = [
  ['the events', 'readLog', 3],
  ['the figures', 'ask', 2],
  ['what the catalogue taught', 'documentsSince', 1],
]
for (const [what, read, nth] of interruptions) {
  it(`an export that is interrupted at ${what} leaves the dump of before and the versions as they were`, async t => {
    const places = await folders(t)
    const store = await filledStore()
    await exportDump(store, { ...places, ...exportOptions })
    const before = await Promise.all([contents(places.folder), contents(places.configFolder)])
    await addOne(store)
    const cut = exportDump(failingAt(store, read, nth), { ...places, ...exportOptions })
    await assert.rejects(cut, StoreUnavailable)
    assert.deepEqual(await Promise.all([contents(places.folder), contents(places.configFolder)]), before)
  })
}

it('an export that cannot write a version leaves the dump of before as it was', async t => {
  const places = await folders(t)
  const store = await filledStore()
  await exportDump(store, { ...places, ...exportOptions })
  const before = await contents(places.folder)
  await addOne(store)
  await mkdir(join(places.configFolder, 'dbmeta_local.json.tmp'))
  await assert.rejects(exportDump(store, { ...places, ...exportOptions }))
  assert.deepEqual(await contents(places.folder), before)
  assert.match(await readFile(join(places.configFolder, 'dbmeta.json'), 'utf8'), /"dbVersion": 1/)
})

it('an export without events takes the place of one with events only where it is forced', async t => {
  const places = await folders(t)
  const [full, empty] = [await filledStore(), await openTempFigures()]
  await exportDump(full, { ...places, ...exportOptions, form: { ndjson: true, gzip: true } })
  const before = await readFile(join(places.folder, 'events.ndjson.gz'))
  await assert.rejects(exportDump(empty, { ...places, ...exportOptions }), /events\.ndjson\.gz: .*--force/)
  assert.deepEqual(await readFile(join(places.folder, 'events.ndjson.gz')), before)
  assert.equal((await readdir(places.folder)).length, 3)
  assert.match(await readFile(join(places.configFolder, 'dbmeta.json'), 'utf8'), /"dbVersion": 1/)
  const forced = await exportDump(empty, { ...places, ...exportOptions, force: true })
  assert.deepEqual([forced.events, forced.dbVersion], [0, 2])
  // What is empty already may be replaced, and what is damaged may have held events.
  assert.equal((await exportDump(empty, { ...places, ...exportOptions })).dbVersion, 3)
  await writeFile(join(places.folder, 'events.json'), '[{"_id"')
  await assert.rejects(exportDump(empty, { ...places, ...exportOptions }), /events\.json: .*--force/)
})

it('an interrupted import goes on where it is run again, and raises the version only then', async t => {
  const places = await folders(t)
  await exportDump(await filledStore(), { ...places, ...exportOptions })
  await rm(join(places.configFolder, 'dbmeta_local.json'))
  const store = await openTempFigures()
  const { storage } = store
  const append = storage.append.bind(storage)
  let batches = 0
  storage.append = async entries => {
    if (++batches === 2) throw new StoreUnavailable('the disk is full')
    return append(entries)
  }
  const options = { ...places, settings: { defaultCurrency: 'EUR', playMinSeconds: 30 }, deadLetterMax: 10, clock }
  await assert.rejects(importDump(store, options), StoreUnavailable)
  assert.equal(await storage.lastSeq(), 1_000)
  assert.deepEqual(await readdir(places.configFolder), ['dbmeta.json'])
  // What came so far alerts nobody either.
  assert.equal((await storage.documents.get('alerts-state', 'quiet-until'))?.value, String(clock()))

  const report = await importDump(store, options)
  assert.deepEqual(report, {
    events: {
      accepted: EVENTS - 1_000,
      duplicates: 1_000,
      letters: { byReason: new Map(), kept: { count: 0, first: [] }, dropped: 0 },
    },
    bindings: { read: 0, changed: 0, leftOut: { count: 0, first: [] } },
    kpis: { differences: { count: 0, first: [] }, unreadable: { count: 0, first: [] } },
    dbVersion: 1,
  })
})
