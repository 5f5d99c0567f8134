/** The dump that developers share is taken in at the start, once, and alerts nobody. */
import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { json, postBatch, until } from '../support/http.ts'
import { ServiceProcess, startService, temporaryFolder } from '../support/service-process.ts'

const oid = (n: number) => ({ $oid: n.toString(16).padStart(24, '0') })

/** A follow of artist 4 as the old service stored it, some minutes ago. */
const follow = (n: number) => ({
  _id: oid(n),
  eventType: 'artist.followed',
  timestamp: { $date: new Date(Date.now() - n * 60_000).toISOString() },
  userId: 'anonymous',
  anonymous: false,
  entityType: null,
  entityId: '4',
  metadata: null,
})

async function sharedFolder(t: TestContext, events: string): Promise<string> {
  const folder = await temporaryFolder(t)
  await mkdir(join(folder, 'config'))
  await mkdir(join(folder, 'data-dump'))
  const version = { dbVersion: 3, colecciones: ['events', 'artist_kpis'] }
  await writeFile(join(folder, 'config/dbmeta.json'), JSON.stringify(version))
  await writeFile(join(folder, 'data-dump/events.json'), events)
  return folder
}

test('a newer shared dump is imported at the start, once, without an alert', async t => {
  const dump = Array.from({ length: 20 }, (_, n) => follow(n + 1))
  const folder = await sharedFolder(t, JSON.stringify(dump, null, 2))
  const options = { dataDir: join(folder, 'data'), folder }
  const first = await startService(t, options)
  const follows = async ({ url }: ServiceProcess) =>
    (await json<{ follows: number }>(await fetch(`${url}/api/stats/artist/4/kpis`))).follows
  const history = async ({ url }: ServiceProcess) => json<unknown[]>(await fetch(`${url}/api/stats/alerts/history`))
  assert.equal(await follows(first), 20)
  const local = JSON.parse(await readFile(join(folder, 'config/dbmeta_local.json'), 'utf8')) as { dbVersion: number }
  assert.equal(local.dbVersion, 3)

  const now = { eventType: 'artist.followed', timestamp: new Date().toISOString(), entityType: 'artist' }
  await postBatch(first.url, [
    { ...now, entityId: '4' },
    ...Array.from({ length: 10 }, () => ({ ...now, entityId: '7' })),
  ])
  // The one artist with ten new follows is alerted, the one with twenty old ones is not.
  // An evaluation that took long, as the first one on a loaded machine, is followed by a long rest.
  await until(async () => (await history(first)).length > 0)
  assert.deepEqual(
    (await history(first)).map(alert => (alert as { artistId: string }).artistId),
    ['7'],
  )
  await first.end('SIGTERM')
  const second = await startService(t, options)
  assert.equal(await follows(second), 21)
})

test('what is no event in a shared dump is a dead letter, and the service starts', async t => {
  const odd = { ...follow(2), timestamp: { $date: '9999-12-31T00:00:00Z' } }
  const folder = await sharedFolder(t, JSON.stringify([follow(1), odd]))
  const { url } = await startService(t, { dataDir: join(folder, 'data'), folder })
  const { follows } = await json<{ follows: number }>(await fetch(`${url}/api/stats/artist/4/kpis`))
  assert.equal(follows, 1)
  const summary = await json(await fetch(`${url}/api/stats/dead-letters/summary`))
  assert.deepEqual(summary, { total: 1, byReason: { timestamp_in_future: 1 } })
})

test('a damaged shared dump stops the start, naming file and line', async t => {
  const folder = await sharedFolder(t, `[${JSON.stringify(follow(1))},\n{"_id": 7, `)
  await assert.rejects(ServiceProcess.start({ dataDir: join(folder, 'data'), folder }), /events\.json.*2/)
})
