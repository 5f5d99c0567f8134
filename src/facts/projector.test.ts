/** Rounds that fail while others are under way, on the real store. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { noneSetAside } from '../../test/support/none-set-aside.ts'
import { openTempStore } from '../../test/support/temp-store.ts'
import { toLogEntry } from '../events/event.ts'
import { ALWAYS, type Round, StoreUnavailable } from '../storage/storage.ts'
import { catchUp, projectRounds, ROUND_EVENTS } from './projector.ts'
import { SUBJECT_KPIS } from './subject-kpis.ts'

it('goes on where it was when the log fails while a round is being written', async () => {
  const storage = openTempStore()
  const count = ROUND_EVENTS + 500
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
      ruling: {},
    }),
  )
  await storage.append(plays)
  // The first round is written late, and the log fails while the second is folded.
  const slow = {
    rounds: storage.rounds,
    apply: async (round: Round) => {
      await new Promise(resolve => setTimeout(resolve, 50))
      await storage.apply(round)
    },
  }
  const failing = {
    readLog: async (after: number, limit: number) => {
      if (after >= ROUND_EVENTS) throw new StoreUnavailable('locked')
      return storage.readLog(after, limit)
    },
  }
  const applied: number[] = []
  await assert.rejects(
    projectRounds(failing, slow, 0, count, {
      ...noneSetAside,
      onApplied: checkpoint => applied.push(checkpoint),
    }),
    StoreUnavailable,
  )
  assert.deepEqual(applied, [ROUND_EVENTS])
  assert.equal(await catchUp(storage, ROUND_EVENTS, noneSetAside), count)
  const subjects = Array.from({ length: count }, (_, i) => `album:a${i}`)
  const [sums] = await storage.snapshot(reads => reads.sums(SUBJECT_KPIS.name, subjects, [ALWAYS]))
  assert.equal(sums?.get('plays'), count)
})
