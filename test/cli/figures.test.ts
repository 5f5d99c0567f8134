/** `sql` and `export --parquet` as an operator uses them, and what reads figures beside a running service. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import { Statements } from '../../src/cli/statements.ts'
import { openAtRest } from '../../src/cli/stores.ts'
import type { IngestedEvent } from '../../src/events/event.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { sampleEvents } from '../support/arrived-events.ts'
import { startCopying } from '../support/copying-service.ts'
import { ALBUM, Place } from '../support/dump-place.ts'
import { until } from '../support/http.ts'
import { noneSetAside } from '../support/none-set-aside.ts'
import { runCliWith } from '../support/service-process.ts'

const CLI = join(import.meta.dirname, '../../src/cli.ts')
const AT = Date.parse('2026-11-24T10:00:00Z')

/** `Place.fill` has taught that the album belongs to artist 9, DJ Beats, and is Rock. */
const EVENTS: IngestedEvent[] = [
  play('p1', { albumId: ALBUM, title: 'Night \u001b[31mTrain' }),
  play('p2', { artistIds: ['4', '9'], artist: 'Ana' }),
  { event: { eventId: 'f1', eventType: 'artist.followed', timestamp: AT, entityId: '4' }, decision: {} },
  {
    event: {
      ...{ eventId: 'o1', eventType: 'order.paid', timestamp: AT, entityId: 'o', userId: 'u1' },
      metadata: {
        items: [
          { albumId: ALBUM, price: '9.99' },
          { artist: 'Nobody', price: '500', currency: 'JPY' },
        ],
      },
    },
    decision: { currency: 'EUR' },
  },
]

function play(eventId: string, metadata: object): IngestedEvent {
  const event = { eventType: 'track.played', timestamp: AT, entityType: 'track', entityId: '1', userId: 'u1' } as const
  return { event: { eventId, ...event, metadata: { ...metadata } }, decision: {} }
}

async function filled(t: Parameters<typeof Place.make>[0], events: readonly IngestedEvent[]): Promise<Place> {
  const place = await Place.make(t)
  await place.fill('a', events)
  return place
}

test('sql answers with aligned tables, of views that a person understands', async t => {
  const place = await filled(t, EVENTS)
  const { code, stdout, stderr } = await runCliWith(
    place.settings('a'),
    'sql',
    `SELECT time, artist, artist_id, track, title, count, part FROM plays ORDER BY ALL;
     SELECT artist, artist_id, amount, currency FROM purchases ORDER BY ALL;
     SELECT artist, genre, plays, follows, purchases FROM artists ORDER BY ALL;
     SELECT album_id, artist, genre, plays FROM albums; SELECT track, title, artist, genre, plays FROM tracks`,
  )
  assert.equal(code, 0, stderr)
  assert.equal(
    stdout,
    `time                | artist   | artist_id | track                      | title            | count | part
--------------------+----------+-----------+----------------------------+------------------+-------+-----
2026-11-24 10:00:00 | DJ Beats | 9         | ${ALBUM}_1 | Night ·[31mTrain |     1 |    0
2026-11-24 10:00:00 | DJ Beats | 9         |                            |                  |     1 |    1
2026-11-24 10:00:00 |          | 4         |                            |                  |     1 |    0
(3 rows)
artist   | artist_id |   amount | currency
---------+-----------+----------+---------
DJ Beats | 9         |   9.9900 | EUR
Nobody   |           | 500.0000 | JPY
(2 rows)
artist   | genre | plays | follows | purchases
---------+-------+-------+---------+----------
DJ Beats |       |     2 |       0 |         1
Nobody   |       |     0 |       0 |         1
         |       |     1 |       1 |         0
(3 rows)
album_id                 | artist   | genre | plays
-------------------------+----------+-------+------
${ALBUM} | DJ Beats | rock  |     1
(1 row)
track                      | title            | artist   | genre | plays
---------------------------+------------------+----------+-------+------
${ALBUM}_1 | Night ·[31mTrain | DJ Beats | rock  |     1
(1 row)
`,
  )
})

test('sql shows a thousand rows, takes statements from standard input, and stops at the first fault', async t => {
  const place = await filled(t, [])
  const child = spawn(process.execPath, [CLI, 'sql'], { env: place.settings('a') })
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) child[stream].on('data', text => (output[stream] += text))
  child.stdin.end('SELECT 1 AS one;\nFROM range(1001);\nSELECT nothing;\nSELECT 2 AS two;\n')
  assert.deepEqual(await once(child, 'close'), [1, null])
  const lines = output.stdout.trimEnd().split('\n')
  assert.deepEqual(lines.slice(0, 6), ['one', '---', '  1', '(1 row)', 'range', '-----'])
  assert.deepEqual(lines.slice(-2), ['  999', '(the first 1000 rows)'])
  assert.match(output.stderr, /^Binder Error: .*nothing.*\n$/)
})

test('sql writes nothing and reaches no file', async t => {
  const place = await filled(t, EVENTS)
  const file = join(place.folder, 'written')
  const refused = [
    'DELETE FROM names',
    'UPDATE checkpoint SET seq = 0',
    'DROP VIEW facts',
    'CREATE TABLE figures.made (a INTEGER)',
    'COMMIT; DELETE FROM names',
    `COPY names TO '${file}'`,
    `EXPORT DATABASE '${file}'`,
    `ATTACH '${file}' AS other`,
    `FROM read_csv('/etc/passwd')`,
    `FROM read_text('/etc/passwd')`,
    `FROM '/etc/passwd'`,
    `FROM glob('/*')`,
    `SET enable_external_access = true`,
    `SET memory_limit = '1TB'`,
    'INSTALL httpfs',
  ]
  const { store, files } = await openAtRest(loadConfig(place.settings('a')), () => noneSetAside)
  await files.seal()
  const statements = new Statements(files.connection)
  for (const statement of refused) {
    await assert.rejects(Array.fromAsync(statements.run(statement)), /^StatementFailed: [^\n]+$/, statement)
  }
  files.close()
  await store.close()
  assert.ok(!(await readdir(place.folder)).includes('written'))
  const verified = await runCliWith(place.settings('a'), 'verify')
  assert.deepEqual([verified.code, verified.stdout], [0, 'no difference\n'], verified.stderr)
})

test('a statement ends where it is interrupted, or takes too long', async t => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  t.after(() => {
    connection.closeSync()
    instance.closeSync()
  })
  const long = 'SELECT count(*) FROM range(1000000000000) AS rows(i) WHERE i % 7 = 3'
  await assert.rejects(
    Array.fromAsync(new Statements(connection, 200).run(long)),
    /^StatementFailed: it takes longer than 0.2 s/,
  )
  const statements = new Statements(connection)
  setTimeout(() => statements.interrupt(), 200)
  await assert.rejects(Array.fromAsync(statements.run(long)), /^StatementFailed: interrupted/)
  assert.deepEqual((await Array.fromAsync(statements.run('SELECT 1'))).length, 1)
})

const SUMS = `
  SELECT 'plays' AS what, count(*) AS rows, sum(count) AS sum FROM plays UNION ALL
  SELECT 'likes', count(*), sum(count) FROM likes UNION ALL
  SELECT 'follows', count(*), sum(count) FROM follows UNION ALL
  SELECT 'purchases', count(*), sum(amount) FROM purchases UNION ALL
  SELECT 'artists', count(*), sum(plays + likes + follows + purchases) FROM artists UNION ALL
  SELECT 'albums', count(*), sum(plays + likes + purchases) FROM albums UNION ALL
  SELECT 'tracks', count(*), sum(plays + likes) FROM tracks UNION ALL
  SELECT 'recommended', count(*), count(*) FILTER (again) FROM recommended`

test('export writes Parquet files that give the same sums, in the place of those of before', async t => {
  const place = await filled(t, sampleEvents(300))
  const folder = join(place.folder, "pa'rquet")
  for (let times = 0; times < 2; times++) {
    const { code, stderr } = await runCliWith(place.settings('a'), 'export', '--parquet', folder)
    assert.equal(code, 0, stderr)
  }
  const views = ['albums', 'artists', 'follows', 'likes', 'plays', 'purchases', 'recommended', 'tracks']
  assert.deepEqual(
    (await readdir(folder)).sort(),
    views.map(view => `${view}.parquet`),
  )
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  for (const view of views) {
    await connection.run(`CREATE VIEW ${view} AS FROM '${folder.replaceAll("'", "''")}/${view}.parquet'`)
  }
  const rows = (await connection.runAndReadAll(SUMS)).getRows()
  connection.closeSync()
  instance.closeSync()
  const { stdout } = await runCliWith(place.settings('a'), 'sql', SUMS)
  const shown = stdout.split('\n').slice(2, 2 + rows.length)
  assert.deepEqual(
    shown.map(line => line.split('|').map(cell => cell.trim())),
    rows.map(row => row.map(String)),
  )
  assert.ok(rows.every(([, count]) => Number(count) > 0))
})

const copiesIn = (place: Place) => readdir(join(place.folder, 'a', 'copies'))

test('what reads figures reads a copy of them while the service runs, and removes it', async t => {
  const place = await filled(t, EVENTS)
  const env = await startCopying(t, {
    ...place.settings('a'),
    ADMIN_API_KEYS: 'one-key-of-an-admin,another-key-of-an-admin',
  })
  const run = (...args: string[]) => runCliWith(env, ...args)
  const verified = await run('verify')
  assert.deepEqual([verified.code, verified.stdout], [0, 'no difference\n'], verified.stderr)
  const asked = await run('sql', 'SELECT sum(count) AS plays FROM plays')
  assert.deepEqual([asked.code, asked.stdout], [0, 'plays\n-----\n    3\n(1 row)\n'], asked.stderr)
  const written = await run('export', '--parquet', join(place.folder, 'parquet'))
  assert.match(written.stdout, /^plays: 3 rows$/m)
  const exported = await run('mongoexport', place.dump, '--config', place.config)
  assert.match(exported.stdout, /^4 events, 2 artists and 3 bindings exported/, exported.stderr)
  assert.deepEqual(await copiesIn(place), [])

  const refused = await runCliWith({ ...env, ADMIN_API_KEYS: 'a-key-of-nobody-at-all' }, 'verify')
  assert.equal(refused.code, 1)
  assert.match(refused.stderr, /^the service at http:\/\/127\.0\.0\.1:\d+ makes no copy .*ADMIN_API_KEYS\n$/)
  const silent = await runCliWith({ ...env, PORT: '1' }, 'verify')
  assert.equal(silent.code, 1)
  assert.match(silent.stderr, /^another process is using the data directory .* No service answers at http:\S+:1 .*\n$/)
  const inUse = await run('rebuild')
  assert.match(inUse.stderr, /^another process is using the data directory .*\n$/)
})

test('a signal leaves no copy', async t => {
  const place = await filled(t, EVENTS)
  const env = await startCopying(t, place.settings('a'))
  const child = spawn(process.execPath, [CLI, 'sql'], { env, stdio: ['pipe', 'ignore', 'inherit'] })
  const ended = once(child, 'exit')
  await until(async () => (await copiesIn(place).catch(() => [])).length > 0)
  await until(async () => (await readdir(join(place.folder, 'a', 'copies'), { recursive: true })).length > 2)
  // The command has heard of it only a moment later.
  await new Promise(resolve => setTimeout(resolve, 1_500))
  child.kill('SIGTERM')
  assert.deepEqual(await ended, [null, 'SIGTERM'])
  assert.deepEqual(await copiesIn(place), [])
})
