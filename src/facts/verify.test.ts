/** Live and rebuilt state are equal, and where they are not, `verify` says so; with the real store. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { noneSetAside } from '../../test/support/none-set-aside.ts'
import { randomEvents } from '../../test/support/random-events.ts'
import { type RuledEvent, type StatsEvent, toLogEntry } from '../events/event.ts'
import { openEmbedded } from '../storage/open-storage.ts'
import type { Cell, Storage } from '../storage/storage.ts'
import { catchUp } from './projector.ts'
import { rebuild } from './rebuild.ts'
import { TABLES } from './registry.ts'
import { type Difference, verify } from './verify.ts'

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'stats-verify-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function withStore<T>(folder: string, work: (storage: Storage) => Promise<T>): Promise<T> {
  const storage = openEmbedded(folder, TABLES)
  try {
    return await work(storage)
  } finally {
    await storage.close()
  }
}

/** Appends and projects the events in rounds of `size`, so that later rounds change what earlier ones wrote. */
async function ingest(storage: Storage, events: readonly RuledEvent[], size: number): Promise<void> {
  let checkpoint = await storage.snapshot(reads => reads.checkpoint())
  for (let i = 0; i < events.length; i += size) {
    await storage.append(events.slice(i, i + size).map(toLogEntry))
    checkpoint = await catchUp(storage, checkpoint, noneSetAside)
  }
}

async function verified(storage: Storage, folder: string): Promise<Difference[]> {
  return withStore(await mkdtemp(join(folder, 'scratch-')), scratch =>
    storage.snapshot(reads =>
      Array.fromAsync(verify(reads, reads, scratch, TABLES, noneSetAside.keepSetAside, () => {})),
    ),
  )
}

async function allCells(storage: Storage): Promise<Cell[][]> {
  return storage.snapshot(reads => Promise.all(TABLES.map(({ name }) => Array.fromAsync(reads.scan(name)))))
}

describe('live and rebuilt state', () => {
  it('are equal for events in any order', () =>
    fc.assert(
      fc.asyncProperty(
        randomEvents(60).chain(events =>
          fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
        ),
        fc.integer({ min: 1, max: 30 }),
        async ([events, shuffled], size) =>
          withFolder(async folder => {
            const live = await withStore(join(folder, 'live'), async storage => {
              await ingest(storage, events, size)
              assert.deepEqual(await verified(storage, folder), [])
              const cells = await allCells(storage)
              assert.equal(await rebuild(storage, noneSetAside.keepSetAside, () => {}), events.length)
              assert.deepEqual(await allCells(storage), cells)
              return cells
            })
            await withStore(join(folder, 'other'), async storage => {
              await ingest(storage, shuffled, 7)
              assert.deepEqual(await allCells(storage), live)
            })
          }),
      ),
      { numRuns: 25 },
    ))
})

describe('verify', () => {
  const play = (eventId: string, timestamp: number): RuledEvent => {
    const event: StatsEvent = { eventId, eventType: 'track.played', timestamp, entityId: '4', userId: 'u1' }
    return { event, ruling: {} }
  }
  const AT = Date.UTC(2026, 10, 24, 10)

  it('finds a cell that was changed, one that is missing and one too many', () =>
    withFolder(async folder => {
      const dataDir = join(folder, 'live')
      await withStore(dataDir, storage => ingest(storage, [play('e1', AT), play('e2', AT + 86_400_000)], 10))
      tamper(dataDir, database => {
        const days = database.prepare('SELECT id FROM subject_kpis_by_day ORDER BY id').all()
        assert.equal(days.length, 2)
        // The first day gets the page of the second one's month, the second day loses its page.
        database.exec(`
          UPDATE subject_kpis_by_day SET cells = (SELECT cells FROM subject_kpis_by_month) WHERE id = ${days[0]!.id};
          DELETE FROM subject_kpis_by_day WHERE id = ${days[1]!.id}`)
      })
      const found = await withStore(dataDir, storage => verified(storage, folder))
      assert.ok(found.length >= 3)
      assert.ok(found.every(({ table, cell }) => table === 'subject_kpis' && cell.key === 'artist:4'))
      assert.ok(found.some(({ live, recomputed }) => live !== undefined && recomputed === undefined))
      assert.ok(found.some(({ live, recomputed }) => live === undefined && recomputed !== undefined))
    }))

  it('finds nothing once the projections are rebuilt', () =>
    withFolder(async folder => {
      const dataDir = join(folder, 'live')
      await withStore(dataDir, storage => ingest(storage, [play('e1', AT), play('e2', AT + 1)], 1))
      tamper(dataDir, database => database.exec('DELETE FROM subject_listeners_by_month'))
      await withStore(dataDir, async storage => {
        assert.deepEqual(
          (await verified(storage, folder)).map(({ table, cell, live, recomputed }) => [
            table,
            cell.field,
            live,
            recomputed,
          ]),
          [['subject_listeners', 'u1', undefined, 1]],
        )
        await rebuild(storage, noneSetAside.keepSetAside, () => {})
        assert.deepEqual(await verified(storage, folder), [])
      })
    }))
})

function tamper(dataDir: string, change: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(join(dataDir, 'undersounds-stats.db'))
  change(database)
  database.close()
}
