/** What is left where an export or import does not come to its end. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
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

/** The store's questions, while its log can be read only so far. */
const readableUpTo = (storage: Storage, limit: number): Pick<StorageReader, 'snapshot'> => ({
  snapshot: question =>
    storage.snapshot(reads => {
      const cut: Reads = Object.create(reads)
      cut.readLog = async (after, length) => {
        if (after >= limit) throw new StoreUnavailable('away')
        return reads.readLog(after, length)
      }
      for (const name of ['checkpoint', 'totals', 'documentsIn'] as const) {
        Object.assign(cut, { [name]: reads[name].bind(reads) })
      }
      return question(cut)
    }),
})

it('an interrupted export leaves the dump of before and the versions as they were', async t => {
  const places = await folders(t)
  const storage = await filledStore()
  await exportDump(storage, { ...places, ...exportOptions })
  const before = await readFile(join(places.folder, 'events.json'), 'utf8')
  await storage.append([entry(EVENTS)])
  await catchUp(storage, EVENTS, noneSetAside)
  const cut = exportDump(readableUpTo(storage, 1_000), { ...places, ...exportOptions })
  await assert.rejects(cut, StoreUnavailable)
  assert.equal(await readFile(join(places.folder, 'events.json'), 'utf8'), before)
  assert.deepEqual((await readdir(places.folder)).sort(), ['artist_kpis.json', 'bindings.json', 'events.json'])
  const versions = await Promise.all(
    ['dbmeta.json', 'dbmeta_local.json'].map(name => readFile(join(places.configFolder, name), 'utf8')),
  )
  for (const text of versions) assert.equal((JSON.parse(text) as { dbVersion: number }).dbVersion, 1)
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
    events: { accepted: EVENTS - 1_000, duplicates: 1_000, conflicts: { count: 0, first: [] } },
    bindings: { read: 0, changed: 0 },
    differences: { count: 0, first: [] },
    dbVersion: 1,
  })
})
