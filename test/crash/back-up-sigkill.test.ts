/** Killed at any moment, a back-up or a restore is whole or not there, and never taken for a whole one. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { makeStore, plays } from '../support/damaged-store.ts'
import { EMBEDDED } from '../support/embedded-service.ts'
import { runCliWith, ServiceProcess, temporaryFolder } from '../support/service-process.ts'

const ENTRIES = 60_000
const KILLS = 5
const RESTORING = 'undersounds-stats.db.restoring'
const CLI = join(import.meta.dirname, '../../src/cli.ts')

function begin(dataDir: string, ...args: string[]): ChildProcess {
  const env = { PATH: process.env.PATH, DATA_DIR: dataDir }
  return spawn(process.execPath, [CLI, ...args], { env, stdio: 'ignore' })
}

/** Kills the command so long after it has begun to write; some are ready before. */
async function killed(child: ChildProcess, hasBegun: () => boolean, afterMs: number): Promise<void> {
  const ended = once(child, 'exit')
  await untilBegun(child, hasBegun)
  await Promise.race([wait(afterMs), ended])
  child.kill('SIGKILL')
  await ended
}

/** Lets the command do its work; gives the milliseconds that it takes from when it has begun to write. */
async function timed(child: ChildProcess, hasBegun: () => boolean): Promise<number> {
  const ended = once(child, 'exit')
  await untilBegun(child, hasBegun)
  const begun = performance.now()
  assert.deepEqual(await ended, [0, null])
  return performance.now() - begun
}

async function untilBegun(child: ChildProcess, hasBegun: () => boolean): Promise<void> {
  while (!hasBegun() && child.exitCode === null && child.signalCode === null) await wait(2)
}

const isIn = (folder: string) => existsSync(folder) && readdirSync(folder).length > 0
/** When the file of a restore was written last; undefined where there is none. */
const writtenAt = (folder: string) => statSync(join(folder, RESTORING), { throwIfNoEntry: false })?.mtimeMs

test(`a back-up and a restore that are killed ${KILLS} times each are done again, and nothing is lost`, async t => {
  const folder = await temporaryFolder(t)
  const at = (name: string) => join(folder, name)
  await makeStore(at('data'), plays(ENTRIES))
  const run = (dataDir: string, ...args: string[]) => runCliWith({ DATA_DIR: dataDir }, ...args)
  const backUpMs = await timed(begin(at('data'), 'backup', at('whole')), () => isIn(at('whole')))
  let halves = 0
  for (let kill = 0; kill < KILLS; kill++) {
    const half = at(`half-${kill}`)
    await killed(begin(at('data'), 'backup', half), () => isIn(half), (backUpMs * kill) / (KILLS - 1))
    if (existsSync(join(half, 'back-up.json'))) continue
    if (isIn(half)) halves++
    const { code, stderr } = await run(at('none'), 'restore', half)
    assert.equal(code, 1)
    assert.match(stderr, /holds no back-up/)
    assert.ok(!existsSync(at('none')))
  }

  const restoreMs = await timed(begin(at('restored'), 'restore', at('whole')), () => isIn(at('restored')))
  let interrupted = 0
  for (let kill = 0; kill < KILLS; kill++) {
    const before = writtenAt(at('again'))
    const hasBegun = () => ![undefined, before].includes(writtenAt(at('again')))
    await killed(begin(at('again'), 'restore', at('whole')), hasBegun, (restoreMs * kill) / (KILLS - 1))
    if (writtenAt(at('again')) !== undefined) {
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
  assert.equal((await run(at('again'), 'restore', at('whole'))).code, 0)
  const { stdout } = await run(at('again'), 'check-store')
  assert.match(stdout, new RegExp(`^${ENTRIES} entries are as they were written\\nnothing is damaged`))
})
