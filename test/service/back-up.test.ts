/** A back-up of the embedded store, made beside the service, and restored into an empty data directory. */
import assert from 'node:assert/strict'
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { makeStore, plays } from '../support/damaged-store.ts'
import { EMBEDDED } from '../support/embedded-service.ts'
import { json, post } from '../support/http.ts'
import { runCliWith, type ServiceProcess, startService, temporaryFolder } from '../support/service-process.ts'

const STORE = 'undersounds-stats.db'
const MANIFEST = 'back-up.json'

const run = (dataDir: string, ...args: string[]) => runCliWith({ DATA_DIR: dataDir }, ...args)

async function done(dataDir: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(dataDir, ...args)
  assert.equal(code, 0, stderr)
  return stdout
}

async function refused(dataDir: string, args: string[], expected: RegExp): Promise<void> {
  const { code, stdout, stderr } = await run(dataDir, ...args)
  const lines = stderr.split('\n').filter(line => line !== '' && !line.includes('ETA') && !line.includes('left'))
  assert.deepEqual([code, stdout, lines.length], [1, '', 1], stderr)
  assert.match(lines[0]!, expected)
}

const playAt = (n: number) => ({
  ...{ eventId: `play-${n}`, eventType: 'track.played', timestamp: '2026-11-20T10:00:00Z', userId: `u${n % 9}` },
  ...{ entityId: '1', entityType: 'track', metadata: { artistId: '4', albumId: 'a1' } },
})

/** Sends batches until told to stop; gives how many events were acknowledged. */
function sending(service: ServiceProcess): () => Promise<number> {
  let isOver = false
  const work = (async () => {
    let n = 0
    for (; !isOver; n += 100) {
      const events = Array.from({ length: 100 }, (_, i) => playAt(n + i))
      assert.equal((await post(`${service.url}/api/stats/events/batch`, { events })).status, 200)
    }
    return n
  })()
  return () => {
    isOver = true
    return work
  }
}

const playsOf = async (service: ServiceProcess) => {
  await service.projected()
  return (await json<{ plays: number }>(await fetch(`${service.url}/api/stats/artist/4/kpis`))).plays
}

test('a back-up is what the log held at one moment, with the dead letters, while the service takes events', async t => {
  const folder = await temporaryFolder(t)
  const at = (name: string) => join(folder, name)
  const service = await startService(t, { dataDir: at('data'), env: EMBEDDED })
  assert.equal((await post(`${service.url}/api/stats/events`, { eventType: 'nonsense' })).status, 400)
  await post(`${service.url}/api/stats/events/batch`, { events: [playAt(0), { eventType: 'nonsense' }] })
  const letters = await json<{ total: number }>(await fetch(`${service.url}/api/stats/dead-letters/summary`))
  assert.ok(letters.total > 0)
  const stop = sending(service)
  // Two at a time do not mind each other.
  const [said] = await Promise.all([done(at('data'), 'backup', at('one')), done(at('data'), 'backup', at('two'))])
  const sent = await stop()
  const { lastSeq, format, storeFormat } = JSON.parse(readFileSync(join(at('one'), MANIFEST), 'utf8'))
  assert.match(said, new RegExp(`^backed up: ${lastSeq} entries of the event log, \\d+ bytes, checked\\n$`))
  assert.deepEqual([format, storeFormat], [1, 3])
  assert.ok(lastSeq <= sent && sent > 0)
  assert.deepEqual(readdirSync(at('one')).sort(), [MANIFEST, STORE])
  for (const name of ['one', 'data', `one/${STORE}`, `data/${STORE}`, `one/${MANIFEST}`]) {
    assert.equal(statSync(at(name)).mode & 0o077, 0, `${name} is readable for others`)
  }
  await refused(
    at('data'),
    ['restore', at('one')],
    /data is not empty \(.*\): stop the service, and move the directory away/,
  )
  await service.end('SIGTERM')

  assert.match(await done(at('new'), 'restore', at('one')), new RegExp(`^restored: ${lastSeq} entries`))
  const restored = await startService(t, { dataDir: at('new'), env: EMBEDDED })
  assert.equal(await playsOf(restored), lastSeq)
  assert.deepEqual(await json(await fetch(`${restored.url}/api/stats/dead-letters/summary`)), letters)
  await restored.end('SIGTERM')
  assert.equal(await done(at('new'), 'verify'), 'no difference\n')
  await done(at('new'), 'check-store')
})

async function backedUp(t: TestContext): Promise<(name: string) => string> {
  const folder = await temporaryFolder(t)
  const at = (name: string) => join(folder, name)
  await makeStore(at('data'), plays(300))
  await done(at('data'), 'backup', at('copy'))
  return at
}

test('a back-up goes into a folder that holds nothing, and comes from one that is complete', async t => {
  const at = await backedUp(t)
  await refused(at('data'), ['backup', at('copy')], /copy holds something already \(back-up\.json\): name a folder/)
  await refused(at('nothing'), ['backup', at('other')], /^there is no store in/)
  await mkdir(join(at('half'), 'partial-x'), { recursive: true })
  await refused(at('data'), ['backup', at('half')], /half holds a back-up that is not finished \(partial-x\)/)
  await refused(
    at('new'),
    ['restore', at('half')],
    /half holds no back-up with a back-up\.json: there is none, or it was not/,
  )

  const manifest = JSON.parse(readFileSync(join(at('copy'), MANIFEST), 'utf8'))
  const changed: [object, RegExp][] = [
    [{ format: 2 }, /made by a newer version \(format 2, this one knows 1\)/],
    [{ format: 0 }, /has a back-up\.json that this version does not know/],
    [{ storeFormat: 4 }, /was written by a newer version \(format 4/],
    [{ lastSeq: 301 }, /what was copied is damaged: log: entry? ?.*301 can't be read/],
    [{ bytes: 5 }, /undersounds-stats\.db is not what back-up\.json says of it/],
  ]
  for (const [change, expected] of changed) {
    writeFileSync(join(at('copy'), MANIFEST), JSON.stringify({ ...manifest, ...change }))
    await refused(at('new'), ['restore', at('copy')], expected)
  }
  writeFileSync(join(at('copy'), MANIFEST), '{')
  await refused(at('new'), ['restore', at('copy')], /does not know/)
  writeFileSync(join(at('copy'), MANIFEST), JSON.stringify(manifest))
  const bytes = readFileSync(join(at('copy'), STORE))
  bytes[bytes.length >> 1]! ^= 1
  writeFileSync(join(at('copy'), STORE), bytes)
  await refused(at('new'), ['restore', at('copy')], /is not what back-up\.json says of it/)
})

test('a back-up is of the embedded store alone: with MongoDB, one line says what to do instead', async t => {
  const folder = await temporaryFolder(t)
  for (const command of ['backup', 'restore']) {
    const { code, stderr } = await runCliWith({ DATA_DIR: folder, MONGO_URI: 'mongodb://127.0.0.1:1' }, command, folder)
    assert.equal(code, 1)
    assert.match(stderr, /MONGO_URI is set, so that the events are in MongoDB: they are .* with mongo(dump|restore)/)
  }
})

test('a back-up follows no link where it writes or reads', async t => {
  const at = await backedUp(t)
  writeFileSync(at('victim'), 'stays')
  await mkdir(at('new'))
  symlinkSync(at('victim'), join(at('new'), `${STORE}.restoring`))
  await refused(at('new'), ['restore', at('copy')], /restoring must be a file of its own, not a link/)
  await rm(join(at('new'), `${STORE}.restoring`))
  await rm(join(at('copy'), STORE))
  symlinkSync(join(at('data'), STORE), join(at('copy'), STORE))
  await refused(at('new'), ['restore', at('copy')], /undersounds-stats\.db is no file/)
  assert.equal(readFileSync(at('victim'), 'utf8'), 'stays')
  // The folder itself may be reached through a link: the operator names it.
  await mkdir(at('disk'))
  chmodSync(at('disk'), 0o755)
  symlinkSync(at('disk'), at('link'))
  await done(at('data'), 'backup', at('link'))
  assert.deepEqual(readdirSync(at('disk')).sort(), [MANIFEST, STORE])
})
