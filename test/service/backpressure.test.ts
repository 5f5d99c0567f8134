/** A store that does not write: memory stays, clients are told to come back, figures are still to be had. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { it, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { deliver, type Receipt, send } from '../support/delivery.ts'
import { assertCountedOnce, knownEventsUpTo } from '../support/known-events.ts'
import { type ServiceProcess, startService, temporaryFolder } from '../support/service-process.ts'
import { ON_MONGODB } from '../support/store-in-use.ts'

const STALL_MS = 9_000
const CLIENTS = 12
const BATCH = 2000
const MAX_GROWTH_MB = 150
const MAX_KPI_MS = 2_000

/** It locks the embedded store's file. */
const itOfEmbedded = ON_MONGODB ? () => {} : it

itOfEmbedded('bounds memory and loses nothing while the store is stalled', async (t: TestContext) => {
  const dataDir = await temporaryFolder(t)
  const service = await startService(t, { dataDir })
  const events = knownEventsUpTo(CLIENTS * BATCH, 'stall', 11)
  const shares = Array.from({ length: CLIENTS }, (_, i) => events.slice(i * BATCH, (i + 1) * BATCH))
  // So that the heaps have grown to what they need anyway.
  const warm = knownEventsUpTo(40 * BATCH, 'warm', 12)
  for (let i = 0; i < warm.length; i += BATCH) await deliver(service.url, warm.slice(i, i + BATCH), 'json')
  await service.projected()
  const before = await rss(service)

  const release = stall(dataDir)
  t.after(release)
  const refused: Receipt[] = []
  const stalled = { over: false, highest: before, slowest: 0, unready: false }
  t.after(() => {
    stalled.over = true
  })
  const pushing = shares.map(async (share, i) => {
    while (!stalled.over) {
      const receipt = await send(service.url, share, i % 2 === 0 ? 'json' : 'gzip')
      refused.push(receipt)
      await wait(10)
    }
  })
  for (const end = Date.now() + STALL_MS; Date.now() < end; await wait(100)) {
    const begun = performance.now()
    const kpis = await fetch(`${service.url}/api/stats/artist/100/kpis`)
    assert.equal(kpis.status, 200)
    await kpis.text()
    stalled.slowest = Math.max(stalled.slowest, performance.now() - begun)
    stalled.highest = Math.max(stalled.highest, await rss(service))
    stalled.unready ||= (await fetch(`${service.url}/readyz`)).status === 503
  }
  stalled.over = true
  release()
  await Promise.all(pushing)

  const answered = refused.filter(({ status }) => status === 503)
  t.diagnostic(
    `${answered.length} of ${refused.length} requests refused, memory ${before} to ${stalled.highest} MB, ` +
      `slowest figures ${Math.round(stalled.slowest)} ms`,
  )
  assert.ok(answered.length >= CLIENTS, 'clients are told to come back')
  assert.ok(answered.every(({ retryAfter }) => Number(retryAfter) > 0))
  assert.ok(stalled.highest - before < MAX_GROWTH_MB, `memory grew from ${before} to ${stalled.highest} MB`)
  assert.ok(stalled.slowest < MAX_KPI_MS, `figures took ${stalled.slowest} ms`)
  assert.ok(stalled.unready, '/readyz says that the service cannot write')

  for (const share of shares) await deliver(service.url, share, 'json')
  await service.projected()
  await assertCountedOnce(service.url, [...warm, ...events])
})

/** Holds the store's write lock, as a hanging process would; the returned function lets go. */
function stall(dataDir: string): () => void {
  const database = new DatabaseSync(join(dataDir, 'undersounds-stats.db'), { timeout: 5_000 })
  database.exec('BEGIN IMMEDIATE')
  return () => {
    if (database.isOpen) database.close()
  }
}

async function rss(service: ServiceProcess): Promise<number> {
  return (await service.health()).checks.memory.rss_mb
}
