/** Prepared statements return the present rows, not those of the time when they were prepared. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import { Reading } from './reading.ts'

const STATEMENTS = [
  ['SELECT count(*) AS rows FROM facts WHERE instant < 250', {}],
  ['SELECT count(*) AS rows FROM facts JOIN names ON names.id = key WHERE instant < 250', {}],
  ['SELECT count(*) AS rows FROM facts WHERE instant < 250 AND instant >= $from', { from: 0 }],
  ['SELECT count(*) AS rows FROM facts WHERE instant < $until', { until: 250 }],
  [
    'SELECT count(*) AS rows FROM facts JOIN names ON names.id = key WHERE key IN (SELECT unnest($keys))',
    { keys: range(250) },
  ],
] as const

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i)
}

test('a prepared statement counts the rows that were inserted since', async t => {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  t.after(() => {
    connection.closeSync()
    instance.closeSync()
  })
  await connection.run('CREATE TABLE facts (instant BIGINT, key INTEGER); CREATE TABLE names (id INTEGER)')
  const reading = new Reading(connection, { idOf: () => undefined })
  const add = async (from: number, until: number) => {
    await connection.run(`INSERT INTO facts SELECT i, i FROM range(${from}, ${until}) AS rows(i)`)
    await connection.run(`INSERT INTO names SELECT i FROM range(${from}, ${until}) AS rows(i)`)
  }
  await add(0, 100)
  for (const [sql, parameters] of STATEMENTS)
    assert.deepEqual(await reading.rows(sql, parameters), [{ rows: 100 }], sql)
  await add(100, 300)
  for (const [sql, parameters] of STATEMENTS)
    assert.deepEqual(await reading.rows(sql, parameters), [{ rows: 250 }], sql)
})
