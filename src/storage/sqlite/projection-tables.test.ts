import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it, type TestContext } from 'node:test'
import { ProjectionsOutdated, type TableSpec } from '../storage.ts'
import { openSqliteReader } from './sqlite-reader.ts'
import { openSqliteStorage, type SqliteStorage } from './sqlite-storage.ts'

const OLD: TableSpec = {
  name: 'old',
  kind: 'counters',
  bucket: 'none',
  maxima: [],
  version: 1,
  keys: 'thing',
  fields: 'count',
}

function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'layout-'))
  t.after(() => rmSync(directory, { recursive: true }))
  return directory
}

/** Counts `by` in a cell and moves the checkpoint from `after` to the next. */
async function count(storage: SqliteStorage, { name }: TableSpec, after: number, by: number): Promise<void> {
  const changes = [[{ op: 'increment' as const, table: name, key: 'a', field: 'x', at: 0, by }]]
  await storage.apply(await storage.rounds.prepare(changes, after, after + 1))
  storage.rounds.settled(true)
}

const stateOf = (storage: SqliteStorage, { name }: TableSpec) =>
  storage.snapshot(async reads => ({
    checkpoint: await reads.checkpoint(),
    counted: (await reads.rows(name, ['a']))[0]?.get('x'),
  }))

for (const now of [
  { ...OLD, version: 2 },
  { ...OLD, name: 'new' },
]) {
  it(`a store laid out for another table (${now.name}, version ${now.version}) is emptied where it is opened, and keeps its log`, async t => {
    const directory = temporaryDirectory(t)
    const before = openSqliteStorage(directory, [OLD])
    assert.equal(before.wasOutdated, false)
    await before.append([{ id: 'kept', timestamp: 0, content: '', ruling: '' }])
    await count(before, OLD, 0, 5)
    await before.close()
    assert.throws(() => openSqliteReader(directory, [now]), ProjectionsOutdated)

    const opened = openSqliteStorage(directory, [now])
    assert.equal(opened.wasOutdated, true)
    assert.deepEqual(await stateOf(opened, now), { checkpoint: 0, counted: undefined })
    assert.equal((await opened.readLog(0, 10)).length, 1)
    await count(opened, now, 0, 2)
    await opened.close()

    const again = openSqliteStorage(directory, [now])
    assert.equal(again.wasOutdated, false)
    assert.deepEqual(await stateOf(again, now), { checkpoint: 1, counted: 2 })
    await again.close()
  })
}

it('a round is written only on the checkpoint that it was made for', async t => {
  const storage = openSqliteStorage(temporaryDirectory(t), [OLD])
  const round = await storage.rounds.prepare(
    [[{ op: 'increment', table: 'old', key: 'a', field: 'x', at: 0, by: 1 }]],
    0,
    5,
  )
  await storage.apply(round)
  storage.rounds.settled(true)
  await assert.rejects(storage.apply(round), /checkpoint/)
  const [row] = await storage.snapshot(reads => reads.rows('old', ['a']))
  assert.deepEqual(row, new Map([['x', 1]]))
  await storage.close()
})
