/** What an export or import leaves where it does not come to its end. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Interruption } from '../../test/support/interrupted.ts'
import { noneSetAside } from '../../test/support/none-set-aside.ts'
import { openTempFigures } from '../../test/support/temp-store.ts'
import { writeRecords } from '../catalogue/catalogue-record.ts'
import { toLogEntry } from '../events/event.ts'
import { catchUp } from '../facts/projector.ts'
import { artistRef } from '../identity/entity-ref.ts'
import { DEAD_LETTERS } from '../storage/collections.ts'
import { type LogEntry, StoreUnavailable } from '../storage/storage.ts'
import { exportDump } from './export-dump.ts'
import { importDump, type Store } from './import-dump.ts'

/** More than an import appends at once. */
const EVENTS = 1_100
const clock = () => Date.parse('2026-11-24T10:00:00Z')

const entry = (i: number): LogEntry =>
  toLogEntry({
    event: { eventId: `e${i}`, eventType: 'artist.followed', entityType: 'artist', entityId: '4', timestamp: i },
    decision: {},
  })

async function dumpFolders(t: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'undersounds-dump-'))
  t.after(() => rm(root, { recursive: true }))
  const all = { folder: join(root, 'dump'), configFolder: join(root, 'config') }
  await mkdir(all.folder)
  return all
}

type Folders = Awaited<ReturnType<typeof dumpFolders>>

async function filledStore(): Promise<Store> {
  const store = await openTempFigures()
  await store.storage.append(Array.from({ length: EVENTS }, (_, i) => entry(i)))
  await writeRecords(store.storage.documents, [[artistRef('4'), { kind: 'artist', at: 1, name: 'Ana', genre: null }]])
  await catchUp(store.storage, store.figures, noneSetAside)
  return store
}

async function addOne({ storage, figures }: Store): Promise<void> {
  await storage.append([entry(EVENTS)])
  await catchUp(storage, figures, noneSetAside)
}

const exportOptions = { form: { ndjson: false, gzip: false }, settings: { defaultCurrency: 'EUR', now: 0 } }
const importSettings = { settings: { defaultCurrency: 'EUR', playMinSeconds: 30 }, deadLetterMax: 10, clock }

/** All files of the folders. */
async function filesIn(...folders: string[]) {
  const files = folders.map(async folder =>
    Promise.all((await readdir(folder)).sort().map(async name => [name, await readFile(join(folder, name), 'utf8')])),
  )
  return Promise.all(files)
}

const interrupted = ({ storage, figures }: Store, interruption: Interruption): Store => ({
  storage: interruption.of(storage),
  figures: interruption.of(figures),
})

test('an export that is interrupted in any call of the store leaves the dump of before and the versions', async t => {
  const folders = await dumpFolders(t)
  const store = await filledStore()
  await exportDump(store, { ...folders, ...exportOptions })
  const before = await filesIn(folders.folder, folders.configFolder)
  await addOne(store)
  for (let last = 1; ; last++) {
    const interruption = new Interruption(last)
    const exporting = exportDump(interrupted(store, interruption), { ...folders, ...exportOptions })
    const report = await exporting.catch((error: unknown) => assert.ok(error instanceof StoreUnavailable))
    if (report) {
      assert.deepEqual(report, { events: EVENTS + 1, artists: 1, bindings: 1, dbVersion: 2 })
      assert.ok(last > 5)
      return
    }
    assert.deepEqual(await filesIn(folders.folder, folders.configFolder), before)
  }
})

test('an export that cannot write a version leaves the dump of before as it was', async t => {
  const folders = await dumpFolders(t)
  const store = await filledStore()
  await exportDump(store, { ...folders, ...exportOptions })
  const before = await filesIn(folders.folder)
  await addOne(store)
  await mkdir(join(folders.configFolder, 'dbmeta_local.json.tmp'))
  await assert.rejects(exportDump(store, { ...folders, ...exportOptions }))
  assert.deepEqual(await filesIn(folders.folder), before)
  assert.match(await readFile(join(folders.configFolder, 'dbmeta.json'), 'utf8'), /"dbVersion": 1/)
})

test('an export without events replaces a dump with events only where it is forced', async t => {
  const folders = await dumpFolders(t)
  const [full, empty] = [await filledStore(), await openTempFigures()]
  await exportDump(full, { ...folders, ...exportOptions, form: { ndjson: true, gzip: true } })
  const before = await readFile(join(folders.folder, 'events.ndjson.gz'))
  await assert.rejects(exportDump(empty, { ...folders, ...exportOptions }), /events\.ndjson\.gz: .*--force/)
  assert.deepEqual(await readFile(join(folders.folder, 'events.ndjson.gz')), before)
  assert.equal((await readdir(folders.folder)).length, 3)
  assert.match(await readFile(join(folders.configFolder, 'dbmeta.json'), 'utf8'), /"dbVersion": 1/)
  const forced = await exportDump(empty, { ...folders, ...exportOptions, force: true })
  assert.deepEqual([forced.events, forced.dbVersion], [0, 2])
  // An empty dump may be replaced; a damaged one may have held events.
  assert.equal((await exportDump(empty, { ...folders, ...exportOptions })).dbVersion, 3)
  await writeFile(join(folders.folder, 'events.json'), '[{"_id"')
  await assert.rejects(exportDump(empty, { ...folders, ...exportOptions }), /events\.json: .*--force/)
})

/** Of calls of one method that follow one another, the first: numbers from 1 on. */
const callsToInterrupt = (calls: readonly string[]): number[] =>
  calls.flatMap((name, i) => (name === calls[i - 1] ? [] : [i + 1]))

/** The dump of a full store, and in its first batch a document that is no event. */
async function dumpWithFault(folders: Folders): Promise<void> {
  await exportDump(await filledStore(), { ...folders, ...exportOptions })
  await rm(join(folders.configFolder, 'dbmeta_local.json'))
  const file = join(folders.folder, 'events.json')
  await writeFile(file, (await readFile(file, 'utf8')).replace('[\n', '[\n{"_id": "wrong"},\n'))
}

/** All that an import writes into a store, but for the positions of documents. */
async function contentsOf({ storage, figures }: Store, root: string) {
  const places = { folder: join(root, 'again'), configFolder: join(root, 'again-config') }
  await exportDump({ storage, figures }, { ...places, ...exportOptions })
  const letters = await storage.documents.list(DEAD_LETTERS, { limit: 10 })
  return { dump: await filesIn(places.folder), letters: letters.map(({ order: _, ...letter }) => letter) }
}

test('an import that is interrupted in any call of the store and run again leaves the same as one run', async t => {
  const folders = await dumpFolders(t)
  await dumpWithFault(folders)
  const localVersion = join(folders.configFolder, 'dbmeta_local.json')
  const whole = await openTempFigures()
  const options = { ...folders, ...importSettings }
  const counting = new Interruption(Number.POSITIVE_INFINITY)
  assert.equal((await importDump(interrupted(whole, counting), options)).events.accepted, EVENTS)
  const expected = await contentsOf(whole, join(folders.folder, '..', 'whole'))
  assert.equal(expected.letters.length, 1)

  for (const last of callsToInterrupt(counting.calls)) {
    const root = join(folders.folder, '..', String(last))
    await rm(localVersion)
    const store = await openTempFigures()
    await assert.rejects(importDump(interrupted(store, new Interruption(last)), options), StoreUnavailable)
    assert.deepEqual(await readdir(folders.configFolder), ['dbmeta.json'])
    const appended = await store.storage.lastSeq()
    const suppressed = await store.storage.documents.get('alerts-state', 'quiet-until')
    // The events that are there already raise no alerts.
    if (appended > 0) assert.equal(suppressed?.value, String(clock()))

    const { events, dbVersion } = await importDump(store, options)
    assert.deepEqual([events.accepted, events.duplicates, dbVersion], [EVENTS - appended, appended, 1])
    assert.deepEqual(await contentsOf(store, root), expected)
  }
})
