/** A damaged store: the service says so, and starts without what is lost only if told to. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openEmbedded, openStorage } from '../../src/opening/open-storage.ts'
import { changeBytes, flipText, inStore, makeStore, plays, spoilPage, storeFile } from '../support/damaged-store.ts'
import { refusal, startEmbedded } from '../support/embedded-service.ts'
import { json, post, until } from '../support/http.ts'
import { runCliWith, type ServiceProcess, temporaryFolder } from '../support/service-process.ts'

const ENTRIES = plays(400)

async function madeStore(t: TestContext): Promise<string> {
  const dataDir = await temporaryFolder(t)
  await makeStore(dataDir, ENTRIES)
  return dataDir
}

const startWithLoss = (t: TestContext, dataDir: string) => startEmbedded(t, { dataDir, args: ['--accept-loss'] })
const check = (dataDir: string) => runCliWith({ DATA_DIR: dataDir }, 'check-store')

async function playsOf(service: ServiceProcess): Promise<number> {
  await service.projected()
  const counts = ['4', '5'].map(async id => {
    const answer = await fetch(`${service.url}/api/stats/artist/${id}/kpis`)
    return (await json<{ plays: number }>(answer)).plays
  })
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
}

function resent(service: ServiceProcess, index: number): Promise<Response> {
  const { id, timestamp, content } = ENTRIES[index]!
  const [eventType, entityId, entityType, userId, , metadata] = JSON.parse(content) as unknown[]
  const event = { eventId: id, eventType, entityId, entityType, userId, timestamp, metadata }
  return post(`${service.url}/api/stats/events`, event)
}

const isDuplicate = async (answer: Promise<Response>) =>
  ((await (await answer).json()) as { duplicate?: boolean }).duplicate === true

test('the service checks the file of a sound store after the start', async t => {
  const service = await startEmbedded(t, { dataDir: await madeStore(t) })
  assert.equal((await service.health()).checks.integrity.state, 'waiting')
  await until(async () => (await service.health()).checks.integrity.state === 'ok')
  const { status, checks } = await service.health()
  assert.deepEqual([status, checks.integrity.status], ['ok', 'ok'])
  assert.ok(Date.parse(checks.integrity.at!) > 0)
})

test('the service finds a malformed page after the start, and a stop does not wait for it', async t => {
  const dataDir = await madeStore(t)
  assert.equal((await (await startEmbedded(t, { dataDir })).end('SIGTERM')).code, 0)
  spoilPage(dataDir, 'Title 100"')
  const service = await startEmbedded(t, { dataDir })
  assert.equal((await service.health()).status, 'ok')
  await until(async () => (await service.health()).checks.integrity.state === 'error')
  const { status, checks } = await service.health()
  assert.deepEqual([status, checks.integrity.status, checks.storage.status], ['error', 'error', 'error'])
  assert.ok(checks.integrity.found)
  assert.equal((await resent(service, 0)).status, 503)
  assert.equal((await service.end('SIGTERM')).code, 0)
  assert.match(await refusal(dataDir), /entries \d+–\d+ of the event log .* can't be read.*--accept-loss/)
})

test('the service starts without lost entries only with --accept-loss, keeps positions, and accepts the lost events again', async t => {
  const dataDir = await madeStore(t)
  spoilPage(dataDir, 'Title 100"')
  const found = await check(dataDir)
  assert.equal(found.code, 1)
  assert.match(found.stderr, /^log: entries \d+–\d+ can't be read$/m)
  const said = await refusal(dataDir)
  const [, first, last, count] = /entries (\d+)–(\d+) of the event log \((\d+) of 400\)/.exec(said)!
  assert.equal(Number(last) - Number(first) + 1, Number(count))
  assert.match(await refusal(dataDir), /Restore a backup, or go on without: npm start -- --accept-loss/)
  const { lost } = JSON.parse(readFileSync(join(dataDir, 'damage.json'), 'utf8'))
  assert.match(lost, /^entries /)

  const service = await startWithLoss(t, dataDir)
  assert.equal(await playsOf(service), 400 - Number(count))
  assert.ok(readdirSync(dataDir).some(name => name.startsWith('undersounds-stats.db.damaged-')))
  assert.ok(!existsSync(join(dataDir, 'damage.json')))
  assert.equal(await isDuplicate(resent(service, Number(first) - 1)), false)
  assert.ok(await isDuplicate(resent(service, 0)))
  assert.equal(await playsOf(service), 401 - Number(count))
  assert.equal((await service.end('SIGTERM')).code, 0)

  const seqs = inStore(dataDir, db => db.prepare('SELECT min(seq) AS first, max(seq) AS last FROM events').get()!)
  assert.deepEqual({ ...seqs }, { first: 1, last: 401 })
  const verified = await runCliWith({ DATA_DIR: dataDir }, 'verify')
  assert.equal(verified.stdout, 'no difference\n', verified.stderr)
  assert.deepEqual([(await check(dataDir)).code, (await check(dataDir)).stderr.includes('log:')], [0, false])
  await startEmbedded(t, { dataDir })
})

test('the service refuses events once it finds a damaged entry that it has counted', async t => {
  const dataDir = await madeStore(t)
  flipText(dataDir, 'Title 100"')
  const service = await startEmbedded(t, { dataDir })
  await until(async () => (await service.health()).status === 'error')
  const { found } = (await service.health()).checks.integrity
  assert.match(found!, /entry 101 of the event log is not as it was written/)
  assert.equal((await fetch(`${service.url}/readyz`)).status, 503)
  assert.equal((await service.end('SIGTERM')).code, 0)
  assert.match(await refusal(dataDir), /entry 101 of the event log \(1 of 400\) can't be read/)
})

test('the start mends an index of ids that lacks an id', async t => {
  const dataDir = await madeStore(t)
  inStore(dataDir, db => db.exec('DELETE FROM event_ids WHERE seq = 7'))
  const found = await check(dataDir)
  assert.equal(found.code, 1)
  assert.match(found.stderr, /^ids: /m)
  const service = await startEmbedded(t, { dataDir })
  assert.ok(await isDuplicate(resent(service, 6)))
  assert.equal(await playsOf(service), 400)
})

test('the service notices that the index of ids lacks an id when that id comes again', async t => {
  const dataDir = await madeStore(t)
  inStore(dataDir, db => db.exec('DELETE FROM event_ids WHERE seq = 7'))
  const service = await startEmbedded(t, { dataDir })
  assert.equal((await resent(service, 6)).status, 503)
  assert.equal((await service.health()).status, 'error')
  await service.end('SIGTERM')
  assert.ok(await isDuplicate(resent(await startEmbedded(t, { dataDir }), 6)))
})

test('the service goes on with the rest of a file that is cut off', async t => {
  const dataDir = await madeStore(t)
  truncateSync(storeFile(dataDir), 16 * 4096)
  assert.match(await refusal(dataDir), /can't be read/)
  const service = await startWithLoss(t, dataDir)
  assert.ok((await playsOf(service)) < 400)
  assert.equal((await resent(service, 399)).status, 202)
})

test('a destroyed header loses everything, and only with --accept-loss', async t => {
  const dataDir = await madeStore(t)
  changeBytes(dataDir, bytes => bytes.fill(0xff, 0, 100))
  assert.match(await refusal(dataDir), /the whole event log/)
  assert.equal(await playsOf(await startWithLoss(t, dataDir)), 0)
})

test('a damaged replica is thrown away', async t => {
  const dataDir = await temporaryFolder(t)
  const replica = join(dataDir, 'replica')
  await makeStore(replica, ENTRIES)
  spoilPage(replica, 'Title 399"')
  const storage = await openStorage({ dataDir, mongo: { uri: 'mongodb://127.0.0.1:1', database: 'none' } }, [])
  assert.equal(await storage.lastSeq(), 0)
  await storage.close()
  await openEmbedded(replica).close()
})
