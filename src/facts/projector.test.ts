/** Batches that fail, on the real store. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { noneSetAside } from '../../test/support/none-set-aside.ts'
import { openTempFigures } from '../../test/support/temp-store.ts'
import { MAX_COUNTED_CREDITS } from '../attribution/credited-entry.ts'
import { type Metadata, toLogEntry } from '../events/event.ts'
import { StoreUnavailable } from '../storage/storage.ts'
import { BATCH_CREDITS, BATCH_EVENTS, catchUp, project } from './projector.ts'

it('goes on where it was when the log fails in the middle of a batch', async () => {
  const { storage, figures } = await openTempFigures()
  const count = BATCH_EVENTS + 2_500
  const plays = Array.from({ length: count }, (_, i) =>
    toLogEntry({
      event: {
        eventId: `e${i}`,
        eventType: 'track.played',
        timestamp: 0,
        entityType: 'track',
        entityId: '1',
        userId: `u${i}`,
        metadata: { albumId: `a${i}` },
      },
      decision: {},
    }),
  )
  await storage.append(plays)
  // The log fails when a part of the second batch is folded.
  const failing = {
    readLog: async (after: number, limit: number) => {
      if (after >= BATCH_EVENTS + 1_000 && limit > 1) throw new StoreUnavailable('locked')
      return storage.readLog(after, limit)
    },
  }
  const applied: number[] = []
  const onApplied = (checkpoint: number) => void applied.push(checkpoint)
  await assert.rejects(project(failing, figures, count, { ...noneSetAside, onApplied }), StoreUnavailable)
  assert.deepEqual(applied, [BATCH_EVENTS])
  assert.deepEqual(figures.checkpoint, { seq: BATCH_EVENTS, eventId: `e${BATCH_EVENTS - 1}` })
  const counted = () =>
    figures.ask(reads =>
      reads.rows(
        `SELECT sum(counts)::BIGINT AS plays, count(DISTINCT text) AS albums, count(DISTINCT listener) AS listeners
         FROM facts JOIN names ON names.id = key`,
      ),
    )
  assert.deepEqual(await counted(), [{ plays: BATCH_EVENTS, albums: BATCH_EVENTS, listeners: BATCH_EVENTS }])
  assert.equal(await catchUp(storage, figures, noneSetAside), count)
  assert.deepEqual(await counted(), [{ plays: count, albums: count, listeners: count }])
})

const order = (i: number, metadata: Metadata) =>
  toLogEntry({
    event: { eventId: `e${i}`, eventType: 'order.paid', timestamp: 0, entityType: 'order', entityId: '1', metadata },
    decision: {},
  })

it('ends a batch where few orders have as many credits as it may have, or as much text', async () => {
  const { storage, figures } = await openTempFigures()
  const items = Array.from({ length: MAX_COUNTED_CREDITS }, () => ({}))
  const note = 'x'.repeat(2 ** 20 - 100)
  await storage.append([1, 2, 3].map(i => order(i, { items })))
  await storage.append(Array.from({ length: 20 }, (_, i) => order(4 + i, { note })))
  await storage.append([order(24, { items: [...items, {}] }), order(25, {})])
  const applied: number[] = []
  const setAside: string[] = []
  await project(storage, figures, 25, {
    keepSetAside: async found => void setAside.push(...found.map(({ entry }) => entry.id)),
    onApplied: checkpoint => void applied.push(checkpoint),
  })
  assert.ok(BATCH_CREDITS <= MAX_COUNTED_CREDITS)
  assert.deepEqual(applied, [1, 2, 3, 13, 23, 25])
  assert.deepEqual(setAside, ['e24'])
  const [counted] = await figures.ask(reads => reads.rows('SELECT count(*) AS facts FROM facts'))
  assert.deepEqual(counted, { facts: 3 * MAX_COUNTED_CREDITS + 21 })
})
