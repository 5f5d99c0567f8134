/** A store that has lost its write-ahead log, or all of its file, says so at the start. */
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, renameSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { storeFile } from '../support/damaged-store.ts'
import { refusal, startEmbedded } from '../support/embedded-service.ts'
import { json, post } from '../support/http.ts'
import { runCliWith, type ServiceProcess, temporaryFolder } from '../support/service-process.ts'

const EVENTS = 400

async function send(service: ServiceProcess, from: number): Promise<void> {
  const events = Array.from({ length: EVENTS }, (_, i) => ({
    ...{ eventId: `play-${from + i}`, eventType: 'track.played', timestamp: '2026-11-20T10:00:00Z' },
    ...{ entityId: '1', entityType: 'track', metadata: { artistId: '4' } },
  }))
  assert.equal((await post(`${service.url}/api/stats/events/batch`, { events })).status, 200)
}

async function playsOf(service: ServiceProcess): Promise<number> {
  await service.projected()
  return (await json<{ plays: number }>(await fetch(`${service.url}/api/stats/artist/4/kpis`))).plays
}

/** A service whose first events are in its file, and the other ones in its write-ahead log alone. */
async function running(t: TestContext): Promise<{ dataDir: string; service: ServiceProcess }> {
  const dataDir = join(await temporaryFolder(t), 'data')
  const first = await startEmbedded(t, { dataDir })
  await send(first, 0)
  assert.equal((await first.end('SIGTERM')).code, 0)
  const service = await startEmbedded(t, { dataDir })
  await send(service, EVENTS)
  return { dataDir, service }
}

test('a store without its write-ahead log does not start, says how much is lost, and goes on once that is accepted', async t => {
  const { dataDir, service } = await running(t)
  await service.end('SIGKILL')
  const log = `${storeFile(dataDir)}-wal`
  renameSync(log, `${log}.kept`)
  const lost = /entries 401–800 of the event log \(400 of 800\), and whatever followed .* can't be read.*--accept-loss/
  assert.match(await refusal(dataDir), lost)
  assert.match(await refusal(dataDir), lost)
  const checked = await runCliWith({ DATA_DIR: dataDir }, 'check-store')
  assert.match(checked.stderr, /^log: entries 401–800 can't be read$/m)
  const verified = await runCliWith({ DATA_DIR: dataDir }, 'verify')
  assert.deepEqual([verified.code, verified.stdout], [1, ''])
  assert.match(verified.stderr, /^the store is damaged \(the event log ends with entry 400, not with 800\)/)

  // Put back, it is whole again.
  renameSync(`${log}.kept`, log)
  const whole = await startEmbedded(t, { dataDir })
  assert.equal(await playsOf(whole), 2 * EVENTS)
  await whole.end('SIGKILL')
  await rm(log)
  const without = await startEmbedded(t, { dataDir, args: ['--accept-loss'] })
  await send(without, EVENTS)
  assert.equal(await playsOf(without), 2 * EVENTS)
  await without.end('SIGTERM')
  await startEmbedded(t, { dataDir })
})

test('a store copied without its write-ahead log is refused where the service ran, and taken where it had stopped', async t => {
  const { dataDir, service } = await running(t)
  const copy = join(dataDir, '../copy')
  await mkdir(copy)
  copyFileSync(storeFile(dataDir), storeFile(copy))
  const lost =
    /whatever followed entry 400 of the event log, and a part of the documents .* can't be read\. Put undersounds-stats\.db-wal back/
  // A command that only reads must not make it look whole.
  assert.match(
    (await runCliWith({ DATA_DIR: copy }, 'check-store')).stderr,
    /^file: undersounds-stats\.db-wal is missing$/m,
  )
  assert.match(await refusal(copy), lost)
  assert.match(await refusal(copy), lost)
  const accepted = await startEmbedded(t, { dataDir: copy, args: ['--accept-loss'] })
  assert.equal(await playsOf(accepted), EVENTS)

  await service.end('SIGTERM')
  const second = join(dataDir, '../second')
  await mkdir(second)
  copyFileSync(storeFile(dataDir), storeFile(second))
  assert.equal(await playsOf(await startEmbedded(t, { dataDir: second })), 2 * EVENTS)
})

test('a store without its file is not begun anew unless the loss is accepted', async t => {
  const { dataDir, service } = await running(t)
  await service.end('SIGTERM')
  await rm(storeFile(dataDir))
  assert.match(
    await refusal(dataDir),
    /had 800 entries or more: its file undersounds-stats\.db is missing\. Put .* back/,
  )
  const imported = await runCliWith({ DATA_DIR: dataDir }, 'mongoimport', join(dataDir, '..'))
  assert.match(imported.stderr, /its file undersounds-stats\.db is missing/)
  assert.ok(!existsSync(storeFile(dataDir)))
  const accepted = await startEmbedded(t, { dataDir, args: ['--accept-loss'] })
  await send(accepted, 0)
  assert.equal(await playsOf(accepted), EVENTS)
})
