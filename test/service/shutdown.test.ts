/** Stopping in good order, and who may use a data directory at the same time. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { send } from '../support/delivery.ts'
import { assertCountedOnce, type KnownEvent, knownEvents, knownEventsUpTo } from '../support/known-events.ts'
import { runCli, runToEnd, ServiceProcess, startService, temporaryFolder } from '../support/service-process.ts'
import { storeSettings } from '../support/store-in-use.ts'

const CLIENTS = 4
const SHUTDOWN_SECONDS = 10

describe('stopping', () => {
  it('loses nothing under load', async (t: TestContext) => {
    const dataDir = await temporaryFolder(t)
    const service = await startService(t, { dataDir, env: { SHUTDOWN_TIMEOUT: String(SHUTDOWN_SECONDS) } })
    const clients = Array.from({ length: CLIENTS }, (_, i) => sendUntilRefused(service.url, `c${i}`, i))
    await wait(1_000)
    const begun = performance.now()
    assert.deepEqual(await service.end('SIGTERM'), { code: 0, signal: null })
    t.diagnostic(`stopped within ${Math.round(performance.now() - begun)} ms`)
    assert.ok(performance.now() - begun < SHUTDOWN_SECONDS * 1000)

    const outcomes = await Promise.all(clients)
    const again = await ServiceProcess.start({ dataDir })
    t.after(() => again.end('SIGKILL'))
    for (const { unanswered } of outcomes) {
      for (const event of unanswered) await send(again.url, [event], 'single')
    }
    await again.projected()
    await assertCountedOnce(
      again.url,
      outcomes.flatMap(({ acknowledged, unanswered }) => [...acknowledged, ...unanswered]),
    )
  })
})

/** Sends batch after batch until one is not taken. */
async function sendUntilRefused(url: string, prefix: string, seed: number) {
  const source = knownEvents(prefix, seed)
  const acknowledged: KnownEvent[] = []
  for (;;) {
    const batch = Array.from({ length: 100 }, () => source.next().value as KnownEvent)
    const receipt = await send(url, batch, 'json')
    const done = new Set(receipt.acknowledged)
    acknowledged.push(...batch.filter(({ payload }) => done.has(payload.eventId)))
    const unanswered = batch.filter(({ payload }) => !done.has(payload.eventId))
    if (unanswered.length > 0) return { acknowledged, unanswered }
  }
}

describe('a data directory in use', () => {
  it('is refused to a second service and to rebuild, but can be verified', async (t: TestContext) => {
    const dataDir = await temporaryFolder(t)
    const service = await startService(t, { dataDir })
    await send(service.url, knownEventsUpTo(500, 'used', 3), 'json')
    await service.projected()

    const settings = { DATA_DIR: dataDir, ...(await storeSettings(dataDir)) }
    const second = await runToEnd('src/server.ts', [], { ...settings, PORT: '0' })
    assert.equal(second.code, 1)
    assert.match(second.stderr, /another process is using the data directory .*; stop it first/)

    const rebuilt = await runCli(dataDir, 'rebuild')
    assert.equal(rebuilt.code, 1)
    assert.match(rebuilt.stderr, /another process is using the data directory/)

    const verified = await runCli(dataDir, 'verify')
    assert.deepEqual([verified.code, verified.stdout], [0, 'no difference\n'], verified.stderr)
  })
})
