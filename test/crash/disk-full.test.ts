/** A full disk: refused in good order, nothing acknowledged is lost, and all is well once there is room again. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it, type TestContext } from 'node:test'
import { deliver, send } from '../support/delivery.ts'
import { until } from '../support/http.ts'
import { assertCountedOnce, knownEventsUpTo } from '../support/known-events.ts'
import { startService } from '../support/service-process.ts'

const DISK_BYTES = 110 * 2 ** 20
const BALLAST_BYTES = 60 * 2 ** 20
const BATCH = 1000

it('recovers by itself from a full disk', async (t: TestContext) => {
  const dataDir = await smallDisk(t)
  if (dataDir === null) {
    assert.ok(!process.env.CI, 'CI must be able to mount a small disk')
    return t.skip('mounting a small disk is not allowed here')
  }
  const ballast = join(dataDir, 'ballast')
  await writeFile(ballast, new Uint8Array(BALLAST_BYTES))
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
  await until(async () => (await fetch(`${service.url}/readyz`)).ok, 10_000)

  const all = events.slice(0, written + 2 * BATCH)
  const receipts = await deliver(service.url, all.slice(written), 'json')
  const duplicates = receipts.reduce((sum, { duplicates }) => sum + duplicates, 0)
  assert.equal(duplicates, partly.size, 'what was refused had not been written')
  await service.projected()
  await assertCountedOnce(service.url, all)
  assert.deepEqual(await service.end('SIGTERM'), { code: 0, signal: null })
})

/** A folder on a small disk of its own; null where mounting is not allowed. */
async function smallDisk(t: TestContext): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'stats-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    await rm(folder, { recursive: true })
    return null
  }
  t.after(async () => {
    // Lazily: the service may still have files open.
    execFileSync('umount', ['-l', folder])
    await rm(folder, { recursive: true })
  })
  return folder
}
