/** `verify` as an operator uses it. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { toLogEntry } from '../../src/events/event.ts'
import { catchUp } from '../../src/facts/projector.ts'
import { until } from '../support/http.ts'
import { noneSetAside } from '../support/none-set-aside.ts'
import { temporaryFolder } from '../support/service-process.ts'
import { withStore } from '../support/store-folder.ts'

test('verify leaves nothing beside the store where a signal ends it', async t => {
  const dataDir = await temporaryFolder(t)
  const play = (i: number) =>
    toLogEntry({ event: { eventId: `e${i}`, eventType: 'track.played', timestamp: i, entityId: `${i}` }, decision: {} })
  await withStore(dataDir, async ({ storage, figures }) => {
    await storage.append(Array.from({ length: 40_000 }, (_, i) => play(i)))
    await catchUp(storage, figures, noneSetAside)
  })

  const scratch = async () => (await readdir(dataDir)).filter(name => name.startsWith('verify-'))
  const cli = join(import.meta.dirname, '../../src/cli.ts')
  const verify = spawn(process.execPath, [cli, 'verify'], { env: { DATA_DIR: dataDir }, stdio: 'ignore' })
  const ended = once(verify, 'exit')
  await until(async () => (await scratch()).length > 0)
  verify.kill('SIGTERM')
  assert.deepEqual(await ended, [null, 'SIGTERM'])
  assert.deepEqual(await scratch(), [])
})
