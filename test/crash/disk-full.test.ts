/** A full disk: refused in good order, nothing acknowledged is lost, and all is well once there is room again. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openEmbedded } from '../../src/opening/open-storage.ts'
import { deliver, send } from '../support/delivery.ts'
import { until } from '../support/http.ts'
import { assertCountedOnce, type KnownEvent, knownEvents, knownEventsUpTo } from '../support/known-events.ts'
import { type ServiceProcess, startService, temporaryFolder } from '../support/service-process.ts'

const MIB = 2 ** 20
const BATCH = 1000

test('recovers by itself from a full disk', async (t: TestContext) => {
  const dataDir = await smallDisk(t, 110)
  if (dataDir === null) return
  const ballast = await fill(dataDir, 60 * MIB)
  const service = await startService(t, { dataDir })

  const events = knownEventsUpTo(400 * BATCH, 'full', 7)
  let written = 0
  let receipt = await send(service.url, events.slice(0, BATCH), 'json')
  while (receipt.status === 200 && receipt.acknowledged.length === BATCH) {
    written += BATCH
    receipt = await send(service.url, events.slice(written, written + BATCH), 'json')
  }
  t.diagnostic(`full after ${written} events`)
  assert.ok(written < events.length, 'the disk is full')
  const partly = new Set(receipt.acknowledged)

  // A few events may still find room where a batch does not.
  const lastOnes = events.slice(written, written + BATCH)
  await until(async () => {
    receipt = await send(service.url, lastOnes, 'json')
    for (const id of receipt.acknowledged) partly.add(id)
    return receipt.status === 503
  })
  assert.ok(Number(receipt.retryAfter) > 0)
  const { checks, status } = await service.health()
  assert.deepEqual([status, checks.storage.status], ['error', 'error'])
  const kpis = await fetch(`${service.url}/api/stats/artist/100/kpis`)
  assert.equal(kpis.status, 200, 'figures are still to be had')

  await rm(ballast)
  // Nobody sends anything: a load balancer would not while the service says that it is not ready.
  await until(async () => (await fetch(`${service.url}/readyz`)).ok)

  const all = events.slice(0, written + 2 * BATCH)
  const receipts = await deliver(service.url, all.slice(written), 'json')
  const duplicates = receipts.reduce((sum, { duplicates }) => sum + duplicates, 0)
  assert.equal(duplicates, partly.size, 'what was refused had not been written')
  await service.projected()
  await assertCountedOnce(service.url, all)
  assert.deepEqual(await service.end('SIGTERM'), { code: 0, signal: null })
})

test('takes events while the figures alone have no room, and counts them once there is', async (t: TestContext) => {
  const dataDir = await smallDisk(t, 24)
  if (dataDir === null) return
  await putLogElsewhere(t, dataDir)
  const ballast = await fill(dataDir, 20 * MIB)
  const service = await startService(t, { dataDir })
  const events = knownEventsUpTo(200 * BATCH, 'figures', 8)
  let sent = 0
  while (!(await isFarBehind(service))) {
    assert.ok(sent < events.length, 'the disk is full')
    const receipt = await send(service.url, events.slice(sent, sent + 4 * BATCH), 'json')
    assert.equal(receipt.acknowledged.length, 4 * BATCH)
    sent += 4 * BATCH
  }
  t.diagnostic(`full after ${sent} events`)
  assert.equal((await service.health()).status, 'degraded')
  const kpis = await fetch(`${service.url}/api/stats/artist/100/kpis`)
  assert.equal(kpis.status, 200, 'figures are still to be had')

  await rm(ballast)
  await service.projected()
  await assertCountedOnce(service.url, events.slice(0, sent))
  assert.deepEqual(await service.end('SIGTERM'), { code: 0, signal: null })
})

test('goes on with its figures where a checkpoint of them had no room', async (t: TestContext) => {
  const dataDir = await smallDisk(t, 60)
  if (dataDir === null) return
  await putLogElsewhere(t, dataDir)
  const lines: string[] = []
  const service = await startService(t, { dataDir, onLine: line => lines.push(line) })
  const events = knownEvents('checkpoint', 9)
  const all: KnownEvent[] = []
  const addSome = async () => {
    const some = Array.from({ length: 2 * BATCH }, () => events.next().value as KnownEvent)
    all.push(...some)
    await deliver(service.url, some, 'json')
  }
  // DuckDB writes one once its write-ahead log has 16 MB.
  while ((await walOf(dataDir)) < 15 * MIB) {
    await addSome()
    await service.projected()
  }
  const { bavail, bsize } = await statfs(dataDir)
  const ballast = await fill(dataDir, bavail * bsize - 1.2 * MIB)
  await until(async () => {
    await addSome()
    return (await fetch(`${service.url}/readyz`)).status === 503
  })
  t.diagnostic(`full after ${all.length} events`)
  const refused = await fetch(`${service.url}/api/stats/artist/100/kpis`)
  assert.deepEqual([refused.status, Number(refused.headers.get('retry-after')) > 0], [503, true])
  assert.match(await refused.text(), /not complete yet/)

  await rm(ballast)
  await until(async () => (await fetch(`${service.url}/readyz`)).ok)
  await service.projected()
  await assertCountedOnce(service.url, all)
  assert.ok(!lines.some(line => /made again/.test(line)), lines.join('\n'))
  assert.deepEqual(await service.end('SIGTERM'), { code: 0, signal: null })
})

async function isFarBehind(service: ServiceProcess): Promise<boolean> {
  return (await service.health()).checks.projector.lag_ms > 5_000
}

const walOf = (dataDir: string) =>
  stat(join(dataDir, 'figures.duckdb.wal')).then(
    ({ size }) => size,
    () => 0,
  )

/** Takes so much of the room of a disk; gives the file to be removed. */
async function fill(dataDir: string, bytes: number): Promise<string> {
  const ballast = join(dataDir, 'ballast')
  await writeFile(ballast, new Uint8Array(bytes))
  return ballast
}

/** Leaves the small disk to the figures. */
async function putLogElsewhere(t: TestContext, dataDir: string): Promise<void> {
  const elsewhere = await temporaryFolder(t)
  // An empty one would be taken for a damaged one.
  await openEmbedded(elsewhere).close()
  for (const end of ['', '-wal', '-shm']) {
    const [file, place] = [elsewhere, dataDir].map(folder => join(folder, `undersounds-stats.db${end}`)) as [
      string,
      string,
    ]
    await writeFile(file, '', { flag: 'a' })
    await writeFile(place, '')
    execFileSync('mount', ['--bind', file, place])
  }
}

/** A folder on a small disk of its own; null where mounting is not allowed: the test is skipped then. */
async function smallDisk(t: TestContext, mebibytes: number): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'stats-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    await rm(folder, { recursive: true })
    assert.ok(!process.env.CI, 'CI must be able to mount a small disk')
    t.skip('mounting a small disk is not allowed here')
    return null
  }
  t.after(async () => {
    // Lazily: the service may still have files open.
    execFileSync('umount', ['-l', folder])
    await rm(folder, { recursive: true })
  })
  return folder
}
