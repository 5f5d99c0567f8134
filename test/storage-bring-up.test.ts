/** Upgrades stores of the version that kept its figures in the database of the log. */

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { resolve } from '../src/attribution/resolver.ts'
import { catchUp } from '../src/facts/projector.ts'
import { CATALOGUE_RECORDS } from '../src/storage/collections.ts'
import { openDuckdbFigures } from '../src/storage/duckdb/duckdb-figures.ts'
import { openSqliteReader } from '../src/storage/sqlite/sqlite-reader.ts'
import { openSqliteStorage } from '../src/storage/sqlite/sqlite-storage.ts'
import type { StoredEntry } from '../src/storage/storage.ts'
import { noneSetAside } from './support/none-set-aside.ts'
import { FIXTURES, inDatabase, unpackStore } from './support/outdated-store.ts'
import { ref } from './support/ref.ts'

const KEPT = [
  'documents',
  'event_id_seed',
  'event_id_slices',
  'event_ids',
  'events',
  'lost_entries',
  'sqlite_sequence',
  'unchecked_entries',
]
const MB = 2 ** 20
const FILE = 'undersounds-stats.db'

interface Kept {
  events: unknown[]
  documents: unknown[]
}

async function storeOf(t: TestContext, fixture: keyof typeof FIXTURES): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bring-up-'))
  t.after(() => rm(folder, { recursive: true }))
  await unpackStore(fixture, folder)
  return folder
}

/** The log and the documents, without a collection that only the earlier version had. */
function keptIn(folder: string): Kept {
  return inDatabase(folder, database => ({
    events: database.prepare('SELECT seq, at, id, content, ruling FROM events ORDER BY seq').all(),
    documents: database.prepare("SELECT * FROM documents WHERE collection <> 'catalogue-edges' ORDER BY arrival").all(),
  }))
}

function layoutOf(folder: string): { version: number; tables: string[]; journal: string } {
  return inDatabase(folder, database => {
    const value = (pragma: string) => Object.values(database.prepare(`PRAGMA ${pragma}`).get()!)[0]
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all()
    return {
      version: value('user_version') as number,
      tables: tables.map(({ name }) => name as string),
      journal: value('journal_mode') as string,
    }
  })
}

/** Adds figures to a store as an earlier version kept them: pages of a kilobyte. */
function addPages(folder: string, megabytes: number): void {
  inDatabase(folder, database =>
    database.exec(`
      WITH RECURSIVE page (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM page WHERE id < ${megabytes * 1_024})
      INSERT INTO subject_kpis_by_day SELECT -id, randomblob(1024) FROM page`),
  )
}

/** Code that opens the store. */
function opening(folder: string): string {
  const module = join(import.meta.dirname, '../src/storage/sqlite/sqlite-storage.ts')
  return `(await import(${JSON.stringify(module)})).openSqliteStorage(${JSON.stringify(folder)})`
}

for (const fixture of ['lowerCase', 'farFuture'] as const) {
  test(`an upgrade keeps the log and the documents of ${FIXTURES[fixture]}, and nothing else`, async t => {
    const folder = await storeOf(t, fixture)
    assert.equal(layoutOf(folder).version, 1)
    const kept = keptIn(folder)
    for (let opened = 0; opened < 2; opened++) {
      const storage = openSqliteStorage(folder)
      const entries = await storage.readLog(0, 100)
      assert.equal(entries.length, kept.events.length)
      const sent = entries.map(({ seq, ...entry }: StoredEntry) => entry)
      assert.ok((await storage.append(sent)).every(outcome => outcome === 'duplicate'))
      assert.equal((await storage.find(entries[0]!.id))?.seq, 1)
      const reader = openSqliteReader(folder)
      assert.deepEqual(await reader.readLog(0, 100), entries)
      await reader.close()
      assert.deepEqual(layoutOf(folder), { version: 3, tables: KEPT, journal: 'wal' })
      assert.deepEqual(keptIn(folder), kept)
      await storage.close()
    }
    assert.equal(layoutOf(folder).journal, 'wal')
    const others = inDatabase(folder, database =>
      database.prepare("SELECT count(*) AS n FROM documents WHERE collection = 'catalogue-edges'").get(),
    )
    assert.equal(others?.n, 0)
  })
}

test('an upgraded store continues after its last event and its last document', async t => {
  const folder = await storeOf(t, 'lowerCase')
  const storage = openSqliteStorage(folder)
  const lastSeq = await storage.lastSeq()
  assert.deepEqual(await storage.append([{ id: 'new', timestamp: 0, content: '', decision: '' }]), ['accepted'])
  assert.equal((await storage.find('new'))?.seq, lastSeq + 1)
  const known = await storage.documentsSince(CATALOGUE_RECORDS, 0, 100)
  assert.ok(known.length > 0)
  await storage.documents.put(CATALOGUE_RECORDS, [{ id: 'artist:new', group: 'artist', value: '{}' }], 100)
  const [added] = await storage.documentsSince(CATALOGUE_RECORDS, known.at(-1)!.order, 100)
  assert.equal(added?.id, 'artist:new')
  await storage.close()
})

test('the figures of an upgraded store are made from its log and its catalogue records', async t => {
  const folder = await storeOf(t, 'lowerCase')
  const storage = openSqliteStorage(folder)
  const figures = await openDuckdbFigures(folder, {
    memory: '128MB',
    threads: 1,
    resolve,
    isOf: () => assert.fail('there are no figures yet'),
  })
  t.after(async () => {
    await figures.close()
    await storage.close()
  })
  assert.equal(figures.begunAnew, 'there are none yet')
  assert.equal(await catchUp(storage, figures, noneSetAside), 19)
  const plays = await figures.ask(async reads => {
    const artists = reads.idsOf([ref('artist:1'), ref('artist:2'), ref('artist:3')])
    const rows = await reads.rows<{ artist: number; plays: number }>(
      `SELECT coalesce(owner, facts.key) AS artist, sum(counts)::BIGINT AS plays
       FROM facts LEFT JOIN attribution USING (key) WHERE measure = 'plays' GROUP BY artist`,
    )
    const byId = new Map(rows.map(({ artist, plays }) => [artist, plays]))
    return [...artists.values()].map(artist => byId.get(artist))
  })
  assert.deepEqual(plays, [6, 4, 2])
})

test('an upgrade gives back the space of the figures that were in the store', async t => {
  const folder = await storeOf(t, 'lowerCase')
  const kept = keptIn(folder)
  addPages(folder, 40)
  assert.ok((await stat(join(folder, FILE))).size > 40 * MB)
  await openSqliteStorage(folder).close()
  assert.ok((await stat(join(folder, FILE))).size < MB)
  assert.deepEqual(keptIn(folder), kept)
})

test('an upgrade that was killed is completed by the next start', async t => {
  const folder = await storeOf(t, 'lowerCase')
  const kept = keptIn(folder)
  addPages(folder, 40)
  const script = `console.log('begun'); ${opening(folder)}; setInterval(() => {}, 1_000)`
  for (let kill = 0; kill < 6; kill++) {
    const start = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(start.stdout, 'data')
    await wait(kill * 25)
    start.kill('SIGKILL')
    await once(start, 'exit')
  }
  await openSqliteStorage(folder).close()
  assert.ok((await stat(join(folder, FILE))).size < MB)
  assert.deepEqual(keptIn(folder), kept)
  assert.deepEqual(layoutOf(folder), { version: 3, tables: KEPT, journal: 'wal' })
})

test('an upgrade that was killed when only the number of the format was missing is completed by the next start', async t => {
  const folder = await storeOf(t, 'lowerCase')
  const kept = keptIn(folder)
  await openSqliteStorage(folder).close()
  inDatabase(folder, database => database.exec('PRAGMA user_version = 1'))
  const storage = openSqliteStorage(folder)
  const sent = (await storage.readLog(0, 100)).map(({ seq, ...entry }: StoredEntry) => entry)
  assert.ok((await storage.append(sent)).every(outcome => outcome === 'duplicate'))
  await storage.close()
  assert.deepEqual(keptIn(folder), kept)
  assert.deepEqual(layoutOf(folder), { version: 3, tables: KEPT, journal: 'wal' })
})

test('a store opens where the disk has too little space to give its own back', async t => {
  const folder = await storeOf(t, 'lowerCase')
  addPages(folder, 8)
  inDatabase(folder, database =>
    database.exec(
      `INSERT INTO documents (collection, id, kind, value) VALUES ('large', '1', 'g', hex(zeroblob(${30 * MB})))`,
    ),
  )
  const kept = keptIn(folder)
  // Enough for the write-ahead log, too little for a second copy of what is kept.
  const limited = `ulimit -f ${40 * 1_024}; trap '' XFSZ; exec "$0" --input-type=module --eval "$1"`
  const start = spawn('bash', ['-c', limited, process.execPath, `${opening(folder)}.close()`], { stdio: 'inherit' })
  assert.deepEqual(await once(start, 'exit'), [0, null])
  assert.ok((await stat(join(folder, FILE))).size > 66 * MB, 'there was no room for it')
  assert.deepEqual(keptIn(folder), kept)
  assert.deepEqual(layoutOf(folder), { version: 3, tables: KEPT, journal: 'wal' })
})
