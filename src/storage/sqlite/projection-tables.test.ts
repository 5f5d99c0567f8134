import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { ProjectionsOutdated, type TableSpec } from '../storage.ts'
import { openSqliteStorage } from './sqlite-storage.ts'

const OLD: TableSpec = {
  name: 'old',
  kind: 'counters',
  bucket: 'none',
  maxima: [],
  version: 1,
  keys: 'thing',
  fields: 'count',
}
const NEW: TableSpec = { ...OLD, name: 'new' }

it('a store whose projections were laid out otherwise opens only to be rebuilt', async t => {
  const directory = mkdtempSync(join(tmpdir(), 'layout-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const before = openSqliteStorage(directory, [OLD])
  await before.append([{ id: 'kept', timestamp: 0, content: '', ruling: '' }])
  await before.close()

  assert.throws(() => openSqliteStorage(directory, [NEW]), ProjectionsOutdated)
  assert.throws(() => openSqliteStorage(directory, [{ ...OLD, version: 2 }]), ProjectionsOutdated)
  const rebuilding = openSqliteStorage(directory, [NEW], 'rebuild')
  await rebuilding.clearProjections()
  await rebuilding.close()

  const after = openSqliteStorage(directory, [NEW])
  const round = await after.rounds.prepare(
    [[{ op: 'increment', table: 'new', key: 'a', field: 'x', at: 0, by: 2 }]],
    0,
    1,
  )
  await after.apply(round)
  after.rounds.settled(true)
  const [row] = await after.snapshot(reads => reads.rows('new', ['a']))
  assert.deepEqual(row, new Map([['x', 2]]))
  assert.equal((await after.readLog(0, 10)).length, 1)
  await after.close()
})

it('a round is written only on the checkpoint that it was made for', async t => {
  const directory = mkdtempSync(join(tmpdir(), 'round-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const storage = openSqliteStorage(directory, [OLD])
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
