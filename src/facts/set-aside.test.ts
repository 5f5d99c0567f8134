/** An entry that can't be projected does not stop the others. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { oddEntries } from '../../test/support/odd-entries.ts'
import { randomEvents } from '../../test/support/random-events.ts'
import { verified, withFolder, withStorage, withStore } from '../../test/support/store-folder.ts'
import { openTempFigures, SMALL } from '../../test/support/temp-store.ts'
import { toLogEntry } from '../events/event.ts'
import { DeadLetters } from '../ingestion/dead-letters.ts'
import type { SetAside } from '../ingestion/set-aside.ts'
import { rebuild } from '../opening/rebuild.ts'
import type { LogEntry, Storage } from '../storage/storage.ts'
import { catchUp } from './projector.ts'

const FAR = Date.UTC(9999, 11, 31)
const NOW = Date.UTC(2026, 10, 24)
const play = (id: string, timestamp: number): LogEntry => ({
  id,
  timestamp,
  content: '["track.played","1","track","u1",0,{"artistId":"4"}]',
  decision: '',
})

const lettersOf = ({ documents }: Storage) => new DeadLetters(documents, { max: 10, onDropped: () => assert.fail() })

test('an entry that cannot be projected becomes one dead letter, before and after a rebuild, and the others are counted', () =>
  withFolder(async dataDir => {
    const counted = await withStore(dataDir, async ({ storage, figures }) => {
      await storage.append([play('before', NOW), play('far', FAR), play('after', NOW)])
      await catchUp(storage, figures, { keepSetAside: found => lettersOf(storage).keepSetAside(found, NOW) })
      return figures.ask(reads => reads.rows('SELECT seq, instant, counts FROM facts ORDER BY seq'))
    })
    assert.deepEqual(counted, [
      { seq: 1, instant: NOW, counts: 1 },
      { seq: 3, instant: NOW, counts: 1 },
    ])
    await withStorage(dataDir, async storage => {
      const letters = lettersOf(storage)
      const listed = await letters.list({ limit: 10 })
      assert.deepEqual(listed.items, [
        {
          id: 'far',
          reason: 'unprojectable',
          receivedAt: '2026-11-24T00:00:00.000Z',
          errors: [
            {
              path: 'timestamp',
              code: 'unprojectable',
              message: 'must lie in the years 0 to 7710 to be counted',
            },
          ],
          event: {
            eventId: 'far',
            eventType: 'track.played',
            timestamp: '9999-12-31T00:00:00.000Z',
            entityId: '1',
            entityType: 'track',
            userId: 'u1',
            metadata: { artistId: '4' },
          },
        },
      ])
      const keepSetAside = (found: readonly SetAside[]) => letters.keepSetAside(found, NOW)
      await rebuild({ dataDir, mongo: null }, SMALL, storage, keepSetAside, () => {})
      assert.deepEqual(await letters.list({ limit: 10 }), listed)
    })
    const again = await withStore(dataDir, ({ figures }) =>
      figures.ask(reads => reads.rows('SELECT seq, instant, counts FROM facts ORDER BY seq')),
    )
    assert.deepEqual(again, counted)
  }))

test('the dead letter of a conflict stays when the event in the log is set aside', async () => {
  const { storage, figures } = await openTempFigures()
  const letters = lettersOf(storage)
  const faults = [{ path: 'eventId', code: 'event_conflict', message: 'another event' }] as const
  await letters.keep([{ id: 'far', event: { eventId: 'far' }, faults, receivedAt: '2026-11-23T00:00:00.000Z' }])
  await storage.append([play('far', FAR)])
  await catchUp(storage, figures, { keepSetAside: found => letters.keepSetAside(found, NOW) })
  assert.deepEqual(await letters.summary(), { total: 1, byReason: { event_conflict: 1 } })
})

test('the projector reaches the end of any log, and verify names the entries that it left out', () =>
  fc.assert(
    fc.asyncProperty(randomEvents(20), fc.array(oddEntries, { maxLength: 10 }), (events, odd) =>
      withFolder(async dataDir => {
        const strange = odd.map((given, i): LogEntry => ({ id: `odd-${i}`, ...given }))
        const left: string[] = []
        const named: string[] = []
        const note = (list: string[]) => async (found: readonly SetAside[]) =>
          void list.push(...found.map(({ entry }) => entry.id))
        await withStore(dataDir, async ({ storage, figures }) => {
          await storage.append([...events.map(toLogEntry), ...strange])
          assert.equal(await catchUp(storage, figures, { keepSetAside: note(left) }), await storage.lastSeq())
        })
        const { first } = await withStorage(dataDir, storage => verified(dataDir, storage, note(named)))
        assert.deepEqual(first, [])
        assert.deepEqual(named, left)
        assert.ok(left.every(id => id.startsWith('odd-')))
      }),
    ),
    { numRuns: 15 },
  ))
