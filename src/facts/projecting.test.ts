/** How the projector ends, on the real store. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { noneSetAside } from '../../test/support/none-set-aside.ts'
import { openTempStore } from '../../test/support/temp-store.ts'
import { toLogEntry } from '../events/event.ts'
import type { Round, Storage } from '../storage/storage.ts'
import { LAG_MAX } from './lag.ts'
import { Projecting } from './projecting.ts'
import { ROUND_EVENTS } from './projector.ts'

async function storeOf(plays: number): Promise<Storage> {
  const storage = openTempStore()
  const play = (eventId: string) =>
    toLogEntry({ event: { eventId, eventType: 'track.played', timestamp: 0, entityId: '4' }, ruling: {} })
  await storage.append(Array.from({ length: plays }, (_, i) => play(`e${i}`)))
  return storage
}

const checkpointOf = (storage: Storage) => storage.snapshot(reads => reads.checkpoint())

it('ends with everything projected', async () => {
  const storage = await storeOf(10)
  const projecting = new Projecting(storage, 0, noneSetAside.keepSetAside)
  projecting.appended(10)
  await projecting.finish()
  assert.equal(await checkpointOf(storage), 10)
})

it('ends after the rounds under way where very many events are left', async () => {
  const many = LAG_MAX + 4 * ROUND_EVENTS
  const storage = await storeOf(many)
  const { promise: begun, resolve } = Promise.withResolvers<void>()
  const store = {
    rounds: storage.rounds,
    readLog: storage.readLog.bind(storage),
    lastSeq: storage.lastSeq.bind(storage),
    apply(round: Round) {
      resolve()
      return storage.apply(round)
    },
  }
  const projecting = new Projecting(store, 0, noneSetAside.keepSetAside)
  projecting.appended(many)
  await begun
  await projecting.finish()
  const reached = await checkpointOf(storage)
  assert.ok(reached >= ROUND_EVENTS && reached <= 2 * ROUND_EVENTS, `${reached} of ${many}`)
})
