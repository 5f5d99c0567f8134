/** Copies of figures that are in use, on the real store. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { sampleEvents } from '../../test/support/arrived-events.ts'
import { noneSetAside } from '../../test/support/none-set-aside.ts'
import { verified, withFolder, withStore } from '../../test/support/store-folder.ts'
import { toLogEntry } from '../events/event.ts'
import { StoreUnavailable } from '../storage/storage.ts'
import { Copies } from './copies.ts'
import { catchUp } from './projector.ts'

test('a copy contains all events of the moment when it was made, whatever is asked and appended meanwhile', () =>
  withFolder(dataDir =>
    withStore(dataDir, async ({ storage, figures }) => {
      const events = sampleEvents(300).map(toLogEntry)
      const add = async (from: number, upTo: number) => {
        await storage.append(events.slice(from, upTo))
        await catchUp(storage, figures, noneSetAside)
      }
      await add(0, 100)
      // A question that began before the last write.
      const asked = figures.ask(async reads => {
        const count = () => reads.rows('SELECT count(*) AS n FROM facts')
        const before = await count()
        await wait(500)
        assert.deepEqual(await count(), before)
      })
      await wait(100)
      await add(100, 200)
      const folder = join(dataDir, 'copy')
      const { checkpoint } = figures
      const made = figures.copyTo(folder)
      await Promise.all([asked, add(200, events.length)])
      assert.deepEqual(await made, checkpoint)
      assert.ok(figures.checkpoint.seq > checkpoint.seq)
      assert.deepEqual(await verified(folder, storage), { count: 0, first: [] })
    }),
  ))

const copying = (work: (folder: string) => Promise<unknown>) => ({
  copyTo: async (folder: string) => {
    await work(folder)
    return { seq: 1, eventId: 'e1' }
  },
})

test('old copies, and the oldest of too many, are removed', () =>
  withFolder(async dataDir => {
    let now = 0
    const copies = new Copies(
      dataDir,
      copying(folder => mkdir(folder)),
      () => now,
    )
    const first = basename((await copies.make()).folder)
    now += 3_000_000
    const others = await Promise.all([copies.make(), copies.make()])
    assert.equal((await readdir(dataDir)).length, 3)
    now += 600_001
    await copies.make()
    const left = await readdir(dataDir)
    assert.equal(left.length, 3)
    assert.ok(!left.includes(first) && others.every(({ folder }) => left.includes(basename(folder))))
    for (let i = 0; i < 5; i++) await copies.make()
    assert.equal((await readdir(dataDir)).length, 4)
    await copies.removeAll()
    assert.ok(!existsSync(dataDir))
    await copies.make()
  }))

test('nothing is left of a copy that does not fit on the disk', () =>
  withFolder(async dataDir => {
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    const copies = new Copies(
      dataDir,
      copying(async folder => {
        await mkdir(folder)
        throw full
      }),
    )
    await assert.rejects(copies.make(), StoreUnavailable)
    assert.deepEqual(await readdir(dataDir), [])
  }))
