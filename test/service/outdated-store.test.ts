/** A store whose figures another version of the service made: the start says so, counts everything again, and serves. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { toLogEntry } from '../../src/events/event.ts'
import { ROUND_EVENTS } from '../../src/projections/projector.ts'
import { TABLES } from '../../src/projections/registry.ts'
import { openEmbedded } from '../../src/storage/open-storage.ts'
import { json, PLAY, postEvent, problem, until } from '../support/http.ts'
import { checkpointOf, makeOutdated, unpackStoreOfLowerCase } from '../support/outdated-store.ts'
import { runCliWith, ServiceProcess, startService, temporaryFolder } from '../support/service-process.ts'

/** The embedded store, whatever store the other tests run on. */
const EMBEDDED = { MONGO_URI: undefined, DB_NAME: undefined }
const ANNOUNCED = /made by another version of the service.*counted again/
/** After two rounds more are left than a start counts without a word. */
const MANY = 4 * ROUND_EVENTS

async function storeOfLowerCase(t: TestContext): Promise<string> {
  const dataDir = join(await temporaryFolder(t), 'data')
  await unpackStoreOfLowerCase(dataDir)
  return dataDir
}

/** `MANY` plays of artist 4, in a store that looks as if an earlier version had made it. */
async function largeStore(t: TestContext): Promise<string> {
  const dataDir = join(await temporaryFolder(t), 'data')
  const storage = openEmbedded(dataDir, TABLES)
  const play = (eventId: string) => {
    const timestamp = Date.parse(PLAY.timestamp)
    return toLogEntry({ event: { eventId, eventType: 'track.played', timestamp, entityId: '4' }, ruling: {} })
  }
  for (let i = 0; i < MANY; i += 10_000) {
    await storage.append(Array.from({ length: 10_000 }, (_, k) => play(`e${i + k}`)))
  }
  await storage.close()
  makeOutdated(dataDir)
  return dataDir
}

const kpisOf = (url: string, artist: string) => fetch(`${url}/api/stats/artist/${encodeURIComponent(artist)}/kpis`)
const playsOf = async (url: string, artist: string) => (await json<{ plays: number }>(await kpisOf(url, artist))).plays

describe('a store whose names were compared in lower case', () => {
  it('is brought up by the start, which says so, once; its figures and bindings know the names then', async t => {
    const dataDir = await storeOfLowerCase(t)
    const log: string[] = []
    const options = { dataDir, env: EMBEDDED, onLine: (line: string) => log.push(line) }
    const service = await startService(t, options)
    assert.match(log[0]!, ANNOUNCED)
    assert.ok(log.some(line => line.includes('all events are counted')))
    assert.deepEqual(await Promise.all(['1', '2', '3'].map(id => playsOf(service.url, id))), [6, 4, 2])
    const { items } = await json<{ items: { subject: string; plays: number }[] }>(
      await fetch(`${service.url}/api/stats/unattributed`),
    )
    assert.deepEqual(
      items.map(({ subject, plays }) => [subject, plays]),
      [['name:fire walkers', 2]],
    )
    assert.equal(await playsOf(service.url, 'ﬁre WALKERS'), 2)
    assert.deepEqual(await service.end('SIGTERM'), { code: 0, signal: null })

    const verified = await runCliWith({ DATA_DIR: dataDir }, 'verify')
    assert.equal(verified.stdout, 'no difference\n', verified.stderr)
    log.length = 0
    await startService(t, options)
    assert.ok(!log.some(line => ANNOUNCED.test(line)))
  })

  it('is no store to be verified before: that is said in one line', async t => {
    const verified = await runCliWith({ DATA_DIR: await storeOfLowerCase(t) }, 'verify')
    assert.equal(verified.code, 1)
    assert.match(
      verified.stderr,
      /^the figures of this store were made by another version[^\n]*npm run rebuild[^\n]*\n$/,
    )
  })

  it('is brought up by the commands that write', async t => {
    const dataDir = await storeOfLowerCase(t)
    const dump = join(dataDir, '../dump')
    const config = ['--config', join(dataDir, '../config')]
    const exported = await runCliWith({ DATA_DIR: dataDir }, 'mongoexport', dump, ...config)
    assert.match(exported.stderr, ANNOUNCED)
    const kpis = JSON.parse(await readFile(join(dump, 'artist_kpis.json'), 'utf8')) as Record<string, unknown>[]
    assert.deepEqual(
      kpis.map(({ artistId, plays }) => [artistId, plays]),
      [
        ['1', 6],
        ['2', 4],
        ['3', 2],
      ],
    )

    const other = await storeOfLowerCase(t)
    const imported = await runCliWith({ DATA_DIR: other }, 'mongoimport', dump, ...config)
    assert.match(imported.stderr, ANNOUNCED)
    assert.match(imported.stdout, /0 events imported, 19 there already.*\n.*\n.*: 0 differences/)

    const third = await storeOfLowerCase(t)
    const rebuilt = await runCliWith({ DATA_DIR: third }, 'rebuild')
    assert.match(rebuilt.stdout, /rebuilt from 19 events/)
    const verified = await runCliWith({ DATA_DIR: third }, 'verify')
    assert.equal(verified.stdout, 'no difference\n')
  })
})

describe('while everything is counted again', () => {
  it('the service lives, takes events and is not ready; no question is answered from a part of them', async t => {
    const dataDir = await largeStore(t)
    const database = new DatabaseSync(join(dataDir, 'undersounds-stats.db'), { timeout: 5_000 })
    t.after(() => database.close())
    // Nothing more can be counted while somebody else has the store's lock.
    const onLine = (line: string) => {
      if (ANNOUNCED.test(line)) database.exec('BEGIN IMMEDIATE')
    }
    const { url } = await startService(t, { dataDir, env: EMBEDDED, onLine })
    assert.ok(checkpointOf(dataDir) < MANY)
    assert.equal((await fetch(`${url}/livez`)).status, 200)
    assert.match((await problem(await fetch(`${url}/readyz`), 503, 'not_ready')).detail, /starting/)
    assert.equal((await kpisOf(url, '4')).status, 503)
    database.exec('COMMIT')
    await until(async () => (await postEvent(url, { ...PLAY, eventId: 'new' })).status === 202, 30_000)
    await until(async () => (await fetch(`${url}/readyz`)).status === 200, 30_000)
    await until(async () => (await playsOf(url, '4')) === MANY + 1, 30_000)
  })

  it('killed again and again, the next start goes on where it was, and says so', async t => {
    const dataDir = await largeStore(t)
    for (const reached of [0, ROUND_EVENTS]) {
      const onLine = async (_line: string, kill: () => void) => {
        while (checkpointOf(dataDir) < reached) await wait(5)
        kill()
      }
      await assert.rejects(ServiceProcess.start({ dataDir, env: EMBEDDED, onLine }), /SIGKILL/)
    }
    const log: string[] = []
    const { url } = await startService(t, { dataDir, env: EMBEDDED, onLine: line => log.push(line) })
    assert.match(log[0]!, /\d+ of 80000 events are still to be counted/)
    await until(async () => (await fetch(`${url}/readyz`)).status === 200, 30_000)
    assert.equal(await playsOf(url, '4'), MANY)
    const verified = await runCliWith({ DATA_DIR: dataDir }, 'verify')
    assert.equal(verified.stdout, 'no difference\n', verified.stderr)
  })
})
