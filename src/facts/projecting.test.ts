/** When the projector runs and how it ends, on the real store. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { until } from '../../test/support/http.ts'
import { instead } from '../../test/support/instead.ts'
import { noneSetAside } from '../../test/support/none-set-aside.ts'
import { ref } from '../../test/support/ref.ts'
import { openTempFigures } from '../../test/support/temp-store.ts'
import { writeRecords } from '../catalogue/catalogue-record.ts'
import { toLogEntry } from '../events/event.ts'
import type { Figures } from '../storage/figures.ts'
import { type Storage, StoreUnavailable } from '../storage/storage.ts'
import { LAG_MAX } from './lag.ts'
import { Projecting } from './projecting.ts'
import { BATCH_EVENTS } from './projector.ts'

async function storeOf(plays: number): Promise<{ storage: Storage; figures: Figures }> {
  const store = await openTempFigures()
  await append(store.storage, 0, plays)
  return store
}

async function append(storage: Storage, from: number, plays: number): Promise<void> {
  const play = (eventId: string) =>
    toLogEntry({ event: { eventId, eventType: 'track.played', timestamp: 0, entityId: '4' }, decision: {} })
  await storage.append(Array.from({ length: plays }, (_, i) => play(`e${from + i}`)))
}

it('ends with everything projected', async () => {
  const { storage, figures } = await storeOf(10)
  const projecting = new Projecting({ log: storage, figures }, noneSetAside)
  projecting.appended(10)
  await projecting.finish()
  assert.deepEqual(figures.checkpoint, { seq: 10, eventId: 'e9' })
})

it('ends after the batches under way where very many events are left', async () => {
  const many = LAG_MAX + 4 * BATCH_EVENTS
  const { storage, figures } = await storeOf(many)
  const { promise: begun, resolve } = Promise.withResolvers<void>()
  const watched = instead(figures, {
    apply(slices, upTo) {
      resolve()
      return figures.apply(slices, upTo)
    },
  })
  const projecting = new Projecting({ log: storage, figures: watched }, noneSetAside)
  projecting.appended(many)
  await begun
  await projecting.finish()
  const { seq } = figures.checkpoint
  assert.ok(seq >= BATCH_EVENTS && seq <= 2 * BATCH_EVENTS, `${seq} of ${many}`)
})

it('ends in time where few events are left that have much in them', async () => {
  const { storage, figures } = await storeOf(0)
  const artistIds = Array.from({ length: 500 }, (_, i) => String(i))
  const heavy = (eventId: string) =>
    toLogEntry({
      event: { eventId, eventType: 'track.played', timestamp: 0, entityId: '4', metadata: { artistIds } },
      decision: {},
    })
  await storage.append(Array.from({ length: 300 }, (_, i) => heavy(`e${i}`)))
  await new Projecting({ log: storage, figures }, noneSetAside).finish()
  const { seq } = figures.checkpoint
  assert.ok(seq >= 200 && seq < 300, `${seq} of 300`)
})

it('takes in what the catalogue has said at the start and later, and says so', async () => {
  const { storage, figures } = await storeOf(0)
  const said = (name: string) =>
    writeRecords(storage.documents, [[ref('artist:4'), { kind: 'artist', at: 5, name, genre: null }]])
  let learned = 0
  const onRound = (isNews: boolean) => {
    if (isNews) learned++
  }
  await said('DJ Beats')
  const projecting = new Projecting({ log: storage, figures }, { ...noneSetAside, onRound })
  projecting.appended(0)
  await until(async () => learned === 1)
  await said('DJ Beat')
  projecting.recordsChanged()
  await until(async () => learned === 2)
  const [row] = await figures.ask(reads => reads.rows('SELECT label FROM catalogue'))
  assert.deepEqual(row, { label: 'DJ Beat' })
  // Whoever can't wait for the next round takes them in at once: they are no less news to all others.
  await said('DJ Bead')
  await Promise.all([projecting.takeInRecords(), projecting.takeInRecords()])
  assert.equal(learned, 3)
  await projecting.finish()
})

it('tidies up until nothing is left, and counts what comes meanwhile', async () => {
  const { storage, figures } = await storeOf(1)
  const done: string[] = []
  const { promise: counted, resolve } = Promise.withResolvers<void>()
  let untidy = 3
  const watched = instead(figures, {
    async apply(slices, upTo) {
      await figures.apply(slices, upTo)
      done.push(`to ${upTo.seq}`)
      if (upTo.seq === 2) resolve()
    },
    async tidy() {
      done.push('tidy')
      if (untidy === 2) {
        await append(storage, 1, 1)
        projecting.appended(2)
        await counted
      }
      return untidy-- > 0
    },
  })
  const projecting = new Projecting({ log: storage, figures: watched }, noneSetAside)
  projecting.appended(1)
  await until(async () => untidy < 0)
  assert.deepEqual(done, ['to 1', 'tidy', 'tidy', 'to 2', 'tidy', 'tidy'])
  await projecting.finish()
})

it('tries again later where the figures cannot be written now', async () => {
  const { storage, figures } = await storeOf(1)
  let tries = 0
  const failing = instead(figures, {
    async apply(slices, upTo) {
      if (++tries < 3) throw new StoreUnavailable('the disk is full')
      return figures.apply(slices, upTo)
    },
  })
  const projecting = new Projecting({ log: storage, figures: failing }, noneSetAside)
  const begun = performance.now()
  projecting.appended(1)
  await until(async () => figures.checkpoint.seq === 1)
  assert.equal(tries, 3)
  assert.ok(performance.now() - begun >= 1_000)
  await projecting.finish()
})
