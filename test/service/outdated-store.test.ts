/** A store whose figures another version of the service made: the start says so, counts everything again, and serves. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { toLogEntry } from '../../src/events/event.ts'
import { BATCH_EVENTS } from '../../src/facts/projector.ts'
import { EMBEDDED } from '../support/embedded-service.ts'
import { json, PLAY, postEvent, problem, until } from '../support/http.ts'
import { unpackStore } from '../support/outdated-store.ts'
import { runCliWith, ServiceProcess, startService, temporaryFolder } from '../support/service-process.ts'
import { tamper, withStore } from '../support/store-folder.ts'

const MADE_AGAIN = /the figures are made again from the event log \((\d+) events\): ([^"]*)/
const COUNTED_AGAIN = /there are no figures to go on with \(([^)]*)\): all events are counted again/
const NONE = 'there are none yet'
const OTHER_VERSION = 'they were made by another version of the service'
/** After two batches more are left than a start counts without a word. */
const MANY = 8 * BATCH_EVENTS

async function storeOfLowerCase(t: TestContext): Promise<string> {
  const dataDir = join(await temporaryFolder(t), 'data')
  await unpackStore('lowerCase', dataDir)
  return dataDir
}

/**
 * `MANY` plays of artist 4, with figures that look as if another version had made them. One of the plays, in the middle,
 * can't be counted: it is to be written down in the store before others are.
 */
async function largeStore(t: TestContext): Promise<string> {
  const dataDir = join(await temporaryFolder(t), 'data')
  const [now, far] = [Date.parse(PLAY.timestamp), Date.UTC(9999, 11, 31)]
  const play = (i: number) => {
    const timestamp = i === MANY / 2 ? far : now
    return toLogEntry({
      event: { eventId: `e${i}`, eventType: 'track.played', timestamp, entityId: '4' },
      decision: {},
    })
  }
  await withStore(dataDir, async ({ storage }) => {
    for (let i = 0; i <= MANY; i += 10_000) {
      await storage.append(Array.from({ length: Math.min(10_000, MANY + 1 - i) }, (_, k) => play(i + k)))
    }
  })
  await tamper(dataDir, 'UPDATE checkpoint SET format = 0')
  return dataDir
}

/** How many of a hundred events a service has counted. */
async function percentCounted(url: string): Promise<number> {
  const response = await fetch(`${url}/readyz`)
  if (response.ok) return 100
  const { detail } = await problem(response, 503, 'not_ready')
  return Number(/starting: (\d+) % of the events/.exec(detail)?.[1])
}

const kpisOf = (url: string, artist: string) => fetch(`${url}/api/stats/artist/${encodeURIComponent(artist)}/kpis`)
/** How many events were counted again, and why, in each line that says so. */
const told = (log: readonly string[]): string[][] =>
  log.flatMap(line => {
    const found = MADE_AGAIN.exec(line)
    return found ? [[found[1]!, found[2]!]] : []
  })
const playsOf = async (url: string, artist: string) => (await json<{ plays: number }>(await kpisOf(url, artist))).plays

test('a store whose names were compared in lower case is brought up by the start, which says so once; its figures know the names then', async t => {
  const dataDir = await storeOfLowerCase(t)
  const log: string[] = []
  const options = { dataDir, env: EMBEDDED, onLine: (line: string) => log.push(line) }
  const service = await startService(t, options)
  await service.projected()
  assert.deepEqual(told(log), [['19', NONE]])
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
  const again = await startService(t, options)
  await again.projected()
  assert.deepEqual(told(log), [])
})

test('a store whose names were compared in lower case cannot be verified before, which verify says in one line', async t => {
  const verified = await runCliWith({ DATA_DIR: await storeOfLowerCase(t) }, 'verify')
  assert.equal(verified.code, 1)
  assert.match(verified.stderr, /^the figures in [^\n]* cannot be read: there are none\. [^\n]*run rebuild[^\n]*\n$/)
})

test('a store whose names were compared in lower case is brought up by the commands that write', async t => {
  const dataDir = await storeOfLowerCase(t)
  const dump = join(dataDir, '../dump')
  const config = ['--config', join(dataDir, '../config')]
  const exported = await runCliWith({ DATA_DIR: dataDir }, 'mongoexport', dump, ...config)
  assert.equal(COUNTED_AGAIN.exec(exported.stderr)?.[1], NONE)
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
  assert.equal(COUNTED_AGAIN.exec(imported.stderr)?.[1], NONE)
  assert.match(imported.stdout, /0 events imported, 19 there already.*\n.*\n.*: 0 differences/)

  const third = await storeOfLowerCase(t)
  const rebuilt = await runCliWith({ DATA_DIR: third }, 'rebuild')
  assert.match(rebuilt.stdout, /rebuilt from 19 events/)
  const verified = await runCliWith({ DATA_DIR: third }, 'verify')
  assert.equal(verified.stdout, 'no difference\n')
})

test('while everything is counted again, the service lives, takes events and is not ready; no question is answered from a part of them', async t => {
  const dataDir = await largeStore(t)
  const database = new DatabaseSync(join(dataDir, 'undersounds-stats.db'), { timeout: 5_000 })
  t.after(() => database.close())
  const log: string[] = []
  // What can't be counted can't be written down while somebody else has the store's lock.
  const onLine = (line: string) => {
    log.push(line)
    if (MADE_AGAIN.test(line)) database.exec('BEGIN IMMEDIATE')
  }
  const { url } = await startService(t, { dataDir, env: EMBEDDED, onLine })
  assert.deepEqual(told(log), [[String(MANY + 1), OTHER_VERSION]])
  assert.ok(database.isTransaction)
  await wait(2_000)
  const percent = await percentCounted(url)
  assert.ok(percent <= 50, `${percent} %`)
  assert.equal((await fetch(`${url}/livez`)).status, 200)
  assert.equal((await kpisOf(url, '4')).status, 503)
  database.exec('COMMIT')
  await until(async () => (await postEvent(url, { ...PLAY, eventId: 'new' })).status === 202)
  await until(async () => (await fetch(`${url}/readyz`)).status === 200)
  await until(async () => (await playsOf(url, '4')) === MANY + 1)
})

test('a service that is killed again and again while everything is counted again: the next start goes on where it was, and says so', async t => {
  const dataDir = await largeStore(t)
  const database = new DatabaseSync(join(dataDir, 'undersounds-stats.db'), { timeout: 5_000 })
  t.after(() => database.close())
  for (const life of [0, 2_500]) {
    const onLine = async (line: string, kill: () => void) => {
      if (!/events are still to be counted|are made again/.test(line)) return
      database.exec('BEGIN IMMEDIATE')
      await wait(life)
      kill()
    }
    const start = ServiceProcess.start({ dataDir, env: EMBEDDED, onLine })
    await start.then(
      service => service.ended,
      error => assert.match(error.message, /SIGKILL/),
    )
    database.exec('ROLLBACK')
  }
  const log: string[] = []
  const service = await startService(t, { dataDir, env: EMBEDDED, onLine: line => log.push(line) })
  await until(async () => (await fetch(`${service.url}/readyz`)).status === 200)
  const left = log.map(line => /(\d+) of (\d+) events are still to be counted/.exec(line)).find(found => found !== null)
  assert.equal(left?.[2], String(MANY + 1))
  assert.ok(Number(left[1]) >= MANY / 2 && Number(left[1]) <= MANY - BATCH_EVENTS, `${left[1]} were left`)
  assert.equal(await playsOf(service.url, '4'), MANY)
  assert.deepEqual(await service.end('SIGTERM'), { code: 0, signal: null })
  const verified = await runCliWith({ DATA_DIR: dataDir }, 'verify')
  assert.equal(verified.stdout, 'no difference\n', verified.stderr)
})
