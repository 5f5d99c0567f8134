/** Killed at any moment, a back-up or a restore is whole or not there, and never taken for a whole one. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { it } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { makeStore, plays } from '../support/damaged-store.ts'
import { runCliWith, ServiceProcess, temporaryFolder } from '../support/service-process.ts'

const ENTRIES = 60_000
const KILLS = 6
const CLI = join(import.meta.dirname, '../../src/cli.ts')
const EMBEDDED = { MONGO_URI: undefined, DB_NAME: undefined }

function begin(dataDir: string, ...args: string[]): ChildProcess {
  const env = { PATH: process.env.PATH, DATA_DIR: dataDir }
  return spawn(process.execPath, [CLI, ...args], { env, stdio: 'ignore' })
}

/** Kills the command after a part of the time that it takes; some are ready before. */
async function killed(child: ChildProcess, afterMs: number): Promise<void> {
  const ended = once(child, 'exit')
  await Promise.race([wait(afterMs), ended])
  child.kill('SIGKILL')
  await ended
}

async function timed(work: () => Promise<{ code: number | null; stderr: string }>): Promise<number> {
  const begun = performance.now()
  const { code, stderr } = await work()
  assert.equal(code, 0, stderr)
  return performance.now() - begun
}

it(`a back-up and a restore that are killed ${KILLS} times each are done again, and nothing is lost`, async t => {
  const folder = await temporaryFolder(t)
  const at = (name: string) => join(folder, name)
  await makeStore(at('data'), plays(ENTRIES))
  const run = (dataDir: string, ...args: string[]) => runCliWith({ DATA_DIR: dataDir }, ...args)
  const backUpMs = await timed(() => run(at('data'), 'backup', at('whole')))
  let halves = 0
  for (let kill = 0; kill < KILLS; kill++) {
    const half = at(`half-${kill}`)
    await killed(begin(at('data'), 'backup', half), (backUpMs * (kill + 1)) / KILLS)
    if (existsSync(join(half, 'back-up.json'))) continue
    if (existsSync(half) && readdirSync(half).length > 0) halves++
    const { code, stderr } = await run(at('none'), 'restore', half)
    assert.equal(code, 1)
    assert.match(stderr, /holds no back-up/)
    assert.ok(!existsSync(at('none')))
  }

  const restoreMs = await timed(() => run(at('restored'), 'restore', at('whole')))
  let interrupted = 0
  for (let kill = 0; kill < KILLS; kill++) {
    await killed(begin(at('again'), 'restore', at('whole')), (restoreMs * (kill + 1)) / KILLS)
    if (existsSync(at('again')) && readdirSync(at('again')).some(name => name.endsWith('.restoring'))) {
      interrupted++
      await assert.rejects(
        ServiceProcess.start({ dataDir: at('again'), env: EMBEDDED }),
        /was interrupted: restore it again/,
      )
    }
    if (existsSync(join(at('again'), 'undersounds-stats.db'))) await rm(at('again'), { recursive: true })
  }
  t.diagnostic(`${halves} half back-ups, ${interrupted} half restores`)
  assert.ok(halves > 0 && interrupted > 0)
  await rm(at('again'), { recursive: true, force: true })
  await timed(() => run(at('again'), 'restore', at('whole')))
  const { stdout } = await run(at('again'), 'check-store')
  assert.match(stdout, new RegExp(`^${ENTRIES} entries are as they were written\\nnothing is damaged`))
})
