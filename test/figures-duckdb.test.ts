import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { resolve } from '../src/attribution/resolver.ts'
import { openDuckdbFigures } from '../src/storage/duckdb/duckdb-figures.ts'
import type { EventFacts, Figures } from '../src/storage/figures.ts'
import { figuresContract, type OpenedFigures } from './figures-contract.ts'
import { counted, FactTable, inSlices, oneFact } from './support/fact-table.ts'
import { ref } from './support/ref.ts'

const SETTINGS = { memory: '128MB', threads: 1, resolve, isOf: async () => true }

figuresContract('DuckDB', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'figures-duckdb-'))
  const open = (folder: string): Promise<Figures> => openDuckdbFigures(folder, SETTINGS)
  const opened: OpenedFigures = {
    figures: await open(directory),
    copyFolder: join(directory, 'copy'),
    openCopy: open,
    async reopen() {
      await opened.figures.close()
      return open(directory)
    },
    async remove() {
      await opened.figures.close()
      await rm(directory, { recursive: true })
    },
  }
  return opened
})

async function openTemporary(t: TestContext, resolveOwners: typeof resolve = resolve): Promise<[Figures, string]> {
  const directory = await mkdtemp(join(tmpdir(), 'figures-duckdb-'))
  const figures = await openDuckdbFigures(directory, { ...SETTINGS, resolve: resolveOwners })
  t.after(async () => {
    await figures.close()
    await rm(directory, { recursive: true })
  })
  return [figures, directory]
}

test('a question can reach no file, no network and no setting', async t => {
  const [figures, directory] = await openTemporary(t)
  const file = join(directory, 'outside')
  await writeFile(file, 'text')
  for (const sql of [
    `SELECT * FROM read_text('${file}')`,
    `SELECT * FROM read_csv('${file}')`,
    `SELECT * FROM glob('${directory}/*')`,
    `COPY facts TO '${file}.csv'`,
    `COPY recent_facts FROM '${file}'`,
    `EXPORT DATABASE '${file}.export'`,
    `ATTACH '${file}.duckdb' AS other`,
    'INSTALL httpfs',
    'LOAD httpfs',
    `SET memory_limit = '8GB'`,
    'SET GLOBAL threads = 64',
    'SET enable_external_access = true',
    'RESET memory_limit',
  ]) {
    await assert.rejects(
      figures.ask(reads => reads.rows(sql)),
      Error,
      sql,
    )
  }
  assert.deepEqual(
    (await readdir(directory)).filter(name => name.startsWith('outside')),
    ['outside'],
  )
})

test('a batch whose owners cannot be resolved is not written, and is written once they can be', async t => {
  let fails = true
  const [figures] = await openTemporary(t, (reads, touched) => {
    if (fails) throw new Error('no owners')
    return resolve(reads, touched)
  })
  const events: EventFacts[] = [
    { seq: 1, facts: [oneFact('album:1')], associations: [{ from: ref('album:1'), to: ref('artist:4') }] },
    { seq: 2, facts: [oneFact('name:a')], associations: [{ from: ref('name:a'), to: ref('artist:4') }] },
  ]
  const fields = {
    kind: 'album' as const,
    artist: ref<'artist'>('artist:5'),
    name: null,
    label: null,
    genre: null,
    title: null,
    released: null,
    tracks: [],
    askedAt: 0,
  }
  const record = { entity: ref<'album'>('album:1'), ...fields }
  const owners = () =>
    figures.ask(async reads => {
      const rows = await reads.rows<{ key: number; owner: number }>('SELECT key, owner FROM attribution ORDER BY key')
      const entities = await reads.entitiesOf(rows.flatMap(({ key, owner }) => [key, owner]))
      return rows.map(({ key, owner }) => [entities.get(key), entities.get(owner)])
    })
  const table = new FactTable()
  await assert.rejects(figures.apply(inSlices(events), { seq: 2, eventId: 'e2' }), /no owners/)
  await assert.rejects(figures.applyRecords([record], 1), /no owners/)
  assert.deepEqual([figures.checkpoint.seq, figures.recordsUpTo, await owners()], [0, 0, []])
  assert.deepEqual(await counted(figures), { seq: 0, eventId: null, facts: 0 })
  fails = false
  await figures.apply(inSlices(events), { seq: 2, eventId: 'e2' })
  table.add(events)
  await table.check(figures, 0)
  const byEvents = [
    ['album:1', 'artist:4'],
    ['name:a', 'artist:4'],
  ]
  assert.deepEqual(await owners(), byEvents)
  fails = true
  await assert.rejects(figures.applyRecords([record], 1), /no owners/)
  assert.deepEqual([figures.recordsUpTo, await owners()], [0, byEvents])
  fails = false
  await figures.applyRecords([record], 1)
  assert.deepEqual((await owners()).sort(), [
    ['album:1', 'artist:5'],
    ['name:a', 'artist:4'],
  ])
  await figures.applyRecords([{ ...record, artist: null }], 2)
  assert.deepEqual((await owners()).sort(), byEvents)
})
