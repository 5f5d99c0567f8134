/** What is left where an export or import does not come to its end. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it, type TestContext } from 'node:test'
import { noneSetAside } from '../../test/support/none-set-aside.ts'
import { openTempStore } from '../../test/support/temp-store.ts'
import { toLogEntry } from '../events/event.ts'
import { catchUp } from '../projections/projector.ts'
import { type LogEntry, type Reads, type Storage, type StorageReader, StoreUnavailable } from '../storage/storage.ts'
import { exportDump } from './export-dump.ts'
import { importDump } from './import-dump.ts'

const EVENTS = 2_500
const clock = () => Date.parse('2026-11-24T10:00:00Z')

const entry = (i: number): LogEntry =>
  toLogEntry({
    event: { eventId: `e${i}`, eventType: 'artist.followed', entityType: 'artist', entityId: '4', timestamp: i },
    ruling: {},
  })

async function folders(t: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'undersounds-dump-'))
  t.after(() => rm(root, { recursive: true }))
  const all = { folder: join(root, 'dump'), configFolder: join(root, 'config') }
  await mkdir(all.folder)
  return all
}

async function filledStore(): Promise<Storage> {
  const storage = openTempStore()
  await storage.append(Array.from({ length: EVENTS }, (_, i) => entry(i)))
  await catchUp(storage, 0, noneSetAside)
  return storage
}

const exportOptions = { form: { ndjson: false, gzip: false }, settings: { defaultCurrency: 'EUR', now: 0 } }

/** The store's questions, one read of which fails from its `nth` time on. */
const failingAt = (storage: Storage, read: keyof Reads, nth: number): Pick<StorageReader, 'snapshot'> => ({
  snapshot: question =>
    storage.snapshot(reads => {
      let times = 0
      const failing = new Proxy(reads, {
        get(target, name) {
          const method = Reflect.get(target, name) as (...args: unknown[]) => unknown
          return (...args: unknown[]) => {
            if (name === read && ++times >= nth) throw new StoreUnavailable('away')
            return method.apply(target, args)
          }
        },
      })
      return question(failing)
    }),
})

const contents = async (folder: string) =>
  Promise.all((await readdir(folder)).sort().map(async name => [name, await readFile(join(folder, name), 'utf8')]))

const interruptions: [string, keyof Reads, number][] = [
  ['the events', 'readLog', 3],
  ['the figures', 'totals', 1],
  ['what the catalogue taught', 'documentsIn', 2],
]
for (const [what, read, nth] of interruptions) {
  it(`an export that is interrupted at ${what} leaves the dump of before and the versions as they were`, async t => {
    const places = await folders(t)
    const storage = await filledStore()
    await exportDump(storage, { ...places, ...exportOptions })
    const before = await Promise.all([contents(places.folder), contents(places.configFolder)])
    await storage.append([entry(EVENTS)])
    await catchUp(storage, EVENTS, noneSetAside)
    const cut = exportDump(failingAt(storage, read, nth), { ...places, ...exportOptions })
    await assert.rejects(cut, StoreUnavailable)
    assert.deepEqual(await Promise.all([contents(places.folder), contents(places.configFolder)]), before)
  })
}

it('an export that cannot write a version leaves the dump of before as it was', async t => {
  const places = await folders(t)
  const storage = await filledStore()
  await exportDump(storage, { ...places, ...exportOptions })
  const before = await contents(places.folder)
  await storage.append([entry(EVENTS)])
  await catchUp(storage, EVENTS, noneSetAside)
  await mkdir(join(places.configFolder, 'dbmeta_local.json.tmp'))
  await assert.rejects(exportDump(storage, { ...places, ...exportOptions }))
  assert.deepEqual(await contents(places.folder), before)
  assert.match(await readFile(join(places.configFolder, 'dbmeta.json'), 'utf8'), /"dbVersion": 1/)
})

it('an export without events takes the place of one with events only where it is forced', async t => {
  const places = await folders(t)
  const [full, empty] = [await filledStore(), openTempStore()]
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
  const storage = openTempStore()
  const append = storage.append.bind(storage)
  let batches = 0
  storage.append = async entries => {
    if (++batches === 2) throw new StoreUnavailable('the disk is full')
    return append(entries)
  }
  const options = { ...places, settings: { defaultCurrency: 'EUR', playMinSeconds: 30 }, deadLetterMax: 10, clock }
  await assert.rejects(importDump(storage, options), StoreUnavailable)
  assert.equal(await storage.lastSeq(), 1_000)
  assert.deepEqual(await readdir(places.configFolder), ['dbmeta.json'])
  // What came so far alerts nobody either.
  assert.equal((await storage.documents.get('alerts-state', 'quiet-until'))?.value, String(clock()))

  const report = await importDump(storage, options)
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
