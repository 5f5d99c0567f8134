/** Stores made by earlier versions of the service. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { json, PLAY, post, until } from '../support/http.ts'
import { unpackStore } from '../support/outdated-store.ts'
import { runCliWith, startService, temporaryFolder } from '../support/service-process.ts'

const FAR = '64a000000000000000000002'

/** The data directory of a store that holds a play of the far future. */
async function storeOfFarFuture(t: TestContext): Promise<string> {
  const dataDir = join(await temporaryFolder(t), 'data')
  await unpackStore('farFuture', dataDir)
  return dataDir
}

test('a store that holds a play of the far future opens, counts the others, and says which one it sets aside', async t => {
  const dataDir = await storeOfFarFuture(t)
  const service = await startService(t, { dataDir, env: { MONGO_URI: '' } })
  await service.projected()
  const get = async (path: string) => (await fetch(service.url + path)).json() as Promise<Record<string, unknown>>
  const { plays, uniqueListeners, lastEventAt } = await get('/api/stats/artist/4/kpis')
  assert.deepEqual(
    { plays, uniqueListeners, lastEventAt },
    {
      plays: 1,
      uniqueListeners: 1,
      lastEventAt: '2025-01-01T00:00:00.000Z',
    },
  )
  assert.deepEqual(await get('/api/stats/dead-letters/summary'), { total: 1, byReason: { unprojectable: 1 } })
  const metrics = await (await fetch(`${service.url}/metrics`)).text()
  assert.match(metrics, /^stats_dead_letters\{reason="unprojectable"\} 1$/m)

  // What is in the log can't be sent again as it is; repaired, it goes under an id of its own, and once.
  const replay = async (body: object) =>
    json<{ accepted: number; duplicates: number; rejected: number }>(
      await post(`${service.url}/api/stats/dead-letters/replay`, body),
    )
  const outcome = async (body: object) => {
    const { accepted, duplicates, rejected } = await replay(body)
    return { accepted, duplicates, rejected }
  }
  const event = {
    eventType: 'track.played',
    timestamp: '2025-01-02T00:00:00Z',
    entityId: '1',
    metadata: { artistId: '4' },
  }
  assert.deepEqual(await outcome({ id: FAR }), { accepted: 0, duplicates: 0, rejected: 1 })
  assert.deepEqual(await get('/api/stats/dead-letters/summary'), { total: 1, byReason: { unprojectable: 1 } })
  assert.deepEqual(await outcome({ id: FAR, event }), { accepted: 1, duplicates: 0, rejected: 0 })
  assert.deepEqual(await outcome({ id: FAR, event }), { accepted: 0, duplicates: 1, rejected: 0 })
  await service.projected()
  assert.equal((await get('/api/stats/artist/4/kpis')).plays, 2)
  assert.equal((await service.end('SIGTERM')).code, 0)

  const verified = await runCliWith({ DATA_DIR: dataDir }, 'verify')
  assert.match(verified.stderr, new RegExp(`^event ${FAR} \\(seq 2\\) is set aside: timestamp must lie`, 'm'))
  assert.equal(verified.stdout, 'no difference\n')
  assert.equal(verified.code, 0)
})

test('what was set aside can be repaired though a dump brought it again, whose refusal its letter tells', async t => {
  const dataDir = await storeOfFarFuture(t)
  const [dump, config] = [join(dataDir, '../dump'), ['--config', join(dataDir, '../config')]]
  for (const command of ['mongoexport', 'mongoimport'])
    await runCliWith({ DATA_DIR: dataDir }, command, dump, ...config)
  const service = await startService(t, { dataDir, env: { MONGO_URI: '' } })
  const event = { ...PLAY, timestamp: '2025-01-02T00:00:00Z' }
  for (const status of ['accepted', 'duplicate']) {
    const { results } = await json<{ results: unknown[] }>(
      await post(`${service.url}/api/stats/dead-letters/replay`, { id: FAR, event }),
    )
    assert.deepEqual(results, [{ id: `${FAR}:repaired`, status }])
  }
})

test('every command works on such a store, without the service', async t => {
  const dataDir = await storeOfFarFuture(t)
  const dump = join(dataDir, '../dump')
  const run = (...args: string[]) => runCliWith({ DATA_DIR: dataDir }, ...args)
  const rebuilt = await run('rebuild')
  assert.match(rebuilt.stderr, new RegExp(`^event ${FAR} \\(seq 2\\) is set aside`, 'm'))
  assert.deepEqual([rebuilt.code, rebuilt.stdout], [0, 'rebuilt from 2 events\n'])
  const exported = await run('mongoexport', dump, '--config', join(dataDir, '../config'))
  assert.deepEqual([exported.code, exported.stdout], [0, '2 events, 1 artists and 0 bindings exported; dbVersion 1\n'])
  const events = JSON.parse(await readFile(join(dump, 'events.json'), 'utf8')) as { timestamp: unknown }[]
  assert.deepEqual(
    events.map(({ timestamp }) => timestamp),
    [{ $date: '2025-01-01T00:00:00.000Z' }, { $date: '9999-12-31T00:00:00.000Z' }],
  )
  const imported = await run('mongoimport', dump, '--config', join(dataDir, '../config'))
  // What HTTP would keep as a dead letter, an import keeps as one too, and says so.
  assert.equal(imported.code, 1)
  assert.match(imported.stdout, /timestamp_in_future 1/)
})

test('a store that holds 1,000 orders of 1,000 items opens, counts what can be counted, and names what can not', async t => {
  const dataDir = join(await temporaryFolder(t), 'data')
  await unpackStore('manyItems', dataDir)
  const run = async (...args: string[]) => {
    const { stdout, stderr, code } = await runCliWith({ DATA_DIR: dataDir }, ...args)
    assert.equal(code, 0, stderr)
    return { stdout, setAside: stderr.split('\n').filter(line => line.startsWith('event ')) }
  }
  const service = await startService(t, { dataDir, env: { MONGO_URI: '' } })
  // Its figures are made anew: until then, questions are refused.
  await until(async () => (await fetch(`${service.url}/readyz`)).ok)
  const get = async (path: string) => (await fetch(service.url + path)).json() as Promise<Record<string, unknown>>
  const { plays, purchases, revenue } = await get('/api/stats/artist/4/kpis')
  assert.deepEqual({ plays, purchases, revenue }, { plays: 2, purchases: 10_000, revenue: 10_000 })
  assert.deepEqual(await get('/api/stats/dead-letters/summary'), { total: 2, byReason: { unprojectable: 2 } })
  assert.equal((await service.end('SIGTERM')).code, 0)

  const { stdout, setAside } = await run('verify')
  assert.equal(stdout, 'no difference\n')
  assert.equal(setAside.length, 2)
  assert.match(setAside[0]!, /^event 0{21}3ea \(seq 1002\) is set aside: metadata.items must credit at most 10000 /)
  assert.match(setAside[1]!, /^event 0{21}3eb \(seq 1003\) is set aside: eventType must be one of /)
  const exported = await run('mongoexport', join(dataDir, '../dump'), '--config', join(dataDir, '../config'))
  assert.match(exported.stdout, /^1004 events, 1 artists/)
})
