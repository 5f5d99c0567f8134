/** A thread that is stuck ends the process, as one that ends by itself does; what was acknowledged is there afterwards. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { until } from '../support/http.ts'
import { startService, temporaryFolder } from '../support/service-process.ts'

async function startSticking(t: TestContext, thread: 'write' | 'figures', env: NodeJS.ProcessEnv = {}) {
  const dataDir = await temporaryFolder(t)
  const file = join(await temporaryFolder(t), 'stuck')
  const preload = new URL('../support/stuck-thread.ts', import.meta.url).href
  const lines: string[] = []
  const service = await startService(t, {
    dataDir,
    onLine: line => lines.push(line),
    env: { NODE_OPTIONS: `--import ${preload}`, STUCK_THREAD: thread, STUCK_FILE: file, ...env },
  })
  const fatal = () => lines.filter(line => line.includes('"level":60'))
  return { dataDir, service, fatal, stick: () => writeFile(file, '') }
}

async function sendPlay(url: string): Promise<void> {
  const event = { eventType: 'track.played', entityType: 'track', entityId: '1', metadata: { artistId: 'ar1' } }
  const body = JSON.stringify({ ...event, eventId: 'e1', timestamp: new Date().toISOString() })
  const headers = { 'content-type': 'application/json' }
  const { status } = await fetch(`${url}/api/stats/events`, { method: 'POST', headers, body })
  assert.equal(status, 202)
}

for (const thread of ['write', 'figures'] as const) {
  test(`the process ends with code 1 and one line where the ${thread} thread is stuck, and has lost nothing`, async t => {
    const { dataDir, service, fatal, stick } = await startSticking(t, thread)
    await sendPlay(service.url)
    await stick()
    assert.deepEqual(await service.ended, { code: 1, signal: null })
    await until(() => fatal().length > 0)
    assert.equal(fatal().length, 1)
    assert.match(fatal().join(), new RegExp(`"the ${thread} thread did not answer.*a part of the service has ended`))
    const again = await startService(t, { dataDir })
    await again.projected()
    const kpis = (await (await fetch(`${again.url}/api/stats/artist/ar1/kpis`)).json()) as { plays: number }
    assert.equal(kpis.plays, 1)
  })
}

test('a process that stood still goes on', async t => {
  const { service, fatal } = await startSticking(t, 'figures')
  await service.projected()
  service.pause()
  await wait(3_000)
  service.resume()
  await sendPlay(service.url)
  await service.projected()
  await wait(2_000)
  await service.projected()
  assert.deepEqual(fatal(), [])
})

test('a stop in good order ends in time, although a thread is stuck', async t => {
  const { service, fatal, stick } = await startSticking(t, 'figures', { SHUTDOWN_TIMEOUT: '1' })
  await stick()
  await wait(200)
  assert.deepEqual(await service.end('SIGTERM'), { code: 1, signal: null })
  await until(() => /not finished within 1 s/.test(fatal().join()))
})
