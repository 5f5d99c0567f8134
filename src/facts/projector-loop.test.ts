/** When the projector works and how it stops, on the real store. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
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
import { BATCH_EVENTS } from './projector.ts'
import { ProjectorLoop } from './projector-loop.ts'

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

test('finishing projects everything that is left', async () => {
  const { storage, figures } = await storeOf(10)
  const projector = new ProjectorLoop({ log: storage, figures }, noneSetAside)
  projector.onAppended(10)
  await projector.finish()
  assert.deepEqual(figures.checkpoint, { seq: 10, eventId: 'e9' })
})

test('finishing leaves very many events to the next start', async () => {
  const many = LAG_MAX + 4 * BATCH_EVENTS
  const { storage, figures } = await storeOf(many)
  const { promise: begun, resolve } = Promise.withResolvers<void>()
  const watched = instead(figures, {
    apply(slices, upTo) {
      resolve()
      return figures.apply(slices, upTo)
    },
  })
  const projector = new ProjectorLoop({ log: storage, figures: watched }, noneSetAside)
  projector.onAppended(many)
  await begun
  await projector.finish()
  const { seq } = figures.checkpoint
  assert.ok(seq >= BATCH_EVENTS && seq <= 2 * BATCH_EVENTS, `${seq} of ${many}`)
})

test('finishing takes at most ten batches of events that have very many credits', async () => {
  const { storage, figures } = await storeOf(0)
  const artistIds = Array.from({ length: 500 }, (_, i) => String(i))
  const heavy = (eventId: string) =>
    toLogEntry({
      event: { eventId, eventType: 'track.played', timestamp: 0, entityId: '4', metadata: { artistIds } },
      decision: {},
    })
  await storage.append(Array.from({ length: 300 }, (_, i) => heavy(`e${i}`)))
  await new ProjectorLoop({ log: storage, figures }, noneSetAside).finish()
  const { seq } = figures.checkpoint
  assert.ok(seq >= 200 && seq < 300, `${seq} of 300`)
})

test('takes in what the catalogue has said at the start and later, and calls onRound with news', async () => {
  const { storage, figures } = await storeOf(0)
  const said = (name: string) =>
    writeRecords(storage.documents, [[ref('artist:4'), { kind: 'artist', at: 5, name, genre: null }]])
  let news = 0
  const onRound = (isNews: boolean) => {
    if (isNews) news++
  }
  await said('DJ Beats')
  const projector = new ProjectorLoop({ log: storage, figures }, { ...noneSetAside, onRound })
  projector.onAppended(0)
  await until(async () => news === 1)
  await said('DJ Beat')
  projector.onRecordsChanged()
  await until(async () => news === 2)
  const [row] = await figures.ask(reads => reads.rows('SELECT label FROM catalogue'))
  assert.deepEqual(row, { label: 'DJ Beat' })
  // Records that are taken in without waiting for a round are news too.
  await said('DJ Bead')
  await Promise.all([projector.takeInRecords(), projector.takeInRecords()])
  assert.equal(news, 3)
  await projector.finish()
})

test('tidies up until nothing is left, and counts what is appended meanwhile', async () => {
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
        projector.onAppended(2)
        await counted
      }
      return untidy-- > 0
    },
  })
  const projector = new ProjectorLoop({ log: storage, figures: watched }, noneSetAside)
  projector.onAppended(1)
  await until(async () => untidy < 0)
  assert.deepEqual(done, ['to 1', 'tidy', 'tidy', 'to 2', 'tidy', 'tidy'])
  await projector.finish()
})

test('tries again after a pause where the figures cannot be written now', async () => {
  const { storage, figures } = await storeOf(1)
  let tries = 0
  const failing = instead(figures, {
    async apply(slices, upTo) {
      if (++tries < 3) throw new StoreUnavailable('the disk is full')
      return figures.apply(slices, upTo)
    },
  })
  const projector = new ProjectorLoop({ log: storage, figures: failing }, noneSetAside)
  const begun = performance.now()
  projector.onAppended(1)
  await until(async () => figures.checkpoint.seq === 1)
  assert.equal(tries, 3)
  assert.ok(performance.now() - begun >= 1_000)
  await projector.finish()
})
