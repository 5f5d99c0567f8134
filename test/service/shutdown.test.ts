/** Stopping in good order, and who may use a data directory at the same time. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { send } from '../support/delivery.ts'
import { heldCatalogue, QUESTION } from '../support/held-catalogue.ts'
import { until } from '../support/http.ts'
import { assertCountedOnce, type KnownEvent, knownEvents, knownEventsUpTo } from '../support/known-events.ts'
import {
  runCli,
  runCliWith,
  runToEnd,
  ServiceProcess,
  startService,
  temporaryFolder,
} from '../support/service-process.ts'
import { storeSettings } from '../support/store-in-use.ts'

const ROOT = join(import.meta.dirname, '../..')
const CLIENTS = 4
const SHUTDOWN_SECONDS = 10

test('stopping loses nothing under load', async (t: TestContext) => {
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

test('a signal that npm passes on, while the whole process group has it, is one signal', async (t: TestContext) => {
  const catalogue = await heldCatalogue(t)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const service = await startByNpm(t, { CONTENT_SERVICE_URL: catalogue.url })
    const answer = fetch(service.url + QUESTION)
    await until(() => catalogue.asked() > 0)
    service.signalGroup(signal)
    await until(() => service.output().includes(`${signal}: finishing`))
    await wait(500)
    catalogue.release()
    assert.equal((await answer).status, 200)
    await service.ended
    assert.match(service.output(), /"stopped"/)
    assert.doesNotMatch(service.output(), /stopping at once/)
  }
})

test('a signal that comes again later ends the service at once', async (t: TestContext) => {
  const catalogue = await heldCatalogue(t)
  const env = { CONTENT_SERVICE_URL: catalogue.url, SHUTDOWN_TIMEOUT: '3600' }
  const service = await startService(t, { dataDir: await temporaryFolder(t), env })
  const answer = fetch(service.url + QUESTION).catch(() => undefined)
  await until(() => catalogue.asked() > 0)
  const ended = service.end('SIGTERM')
  const again = setInterval(() => service.end('SIGINT'), 200)
  assert.deepEqual(await ended, { code: 1, signal: null })
  clearInterval(again)
  assert.equal(await answer, undefined)
})

/** Runs the project's own `npm start` in a process group, as a shell does it, in a folder without settings. */
async function startByNpm(t: TestContext, env: NodeJS.ProcessEnv) {
  const folder = await temporaryFolder(t)
  for (const name of ['src', 'node_modules', 'package.json']) await symlink(join(ROOT, name), join(folder, name))
  const settings = { DATA_DIR: join(folder, 'data'), PORT: '0', ...(await storeSettings(join(folder, 'data'))), ...env }
  const child = spawn('npm', ['start'], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, NPM_CONFIG_UPDATE_NOTIFIER: 'false', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  let output = ''
  child.stdout.on('data', data => {
    output += data
  })
  const ended = once(child, 'close')
  const signalGroup = (signal: NodeJS.Signals) => process.kill(-child.pid!, signal)
  t.after(() => child.exitCode === null && signalGroup('SIGKILL'))
  const port = () => /listening at http:\/\/[^:]+:(\d+)/.exec(output)?.[1]
  await until(() => port() !== undefined)
  return { url: `http://127.0.0.1:${port()}`, ended, signalGroup, output: () => output }
}

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

test('a data directory in use is refused to a second service and to rebuild, but can be verified', async (t: TestContext) => {
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

  const verified = await runCliWith({ ...settings, PORT: String(service.port) }, 'verify')
  assert.deepEqual([verified.code, verified.stdout], [0, 'no difference\n'], verified.stderr)
})
