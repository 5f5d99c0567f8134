/** Milestones of random events, against counting one event after the other. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CatalogueRecord } from '../../src/catalogue/catalogue-record.ts'
import { ServiceError } from '../../src/errors.ts'
import type { IngestedEvent } from '../../src/events/event.ts'
import { type MilestoneQuestion, milestones } from '../../src/statistics/milestones.ts'
import type { Figures } from '../../src/storage/figures.ts'
import { Naive } from '../support/naive.ts'
import { naiveMilestones } from '../support/naive-milestones.ts'
import { withEvents } from '../support/query-store.ts'
import { artistIds, catalogueFacts, dates, instants, randomEvents, ZONES } from '../support/random-events.ts'

const questions: fc.Arbitrary<MilestoneQuestion> = fc.constantFrom(...ZONES).chain(tz =>
  fc.record({
    artistId: fc.oneof(fc.constant('4'), artistIds),
    startDate: dates(tz),
    endDate: dates(tz),
    tz: fc.constant(tz),
  }),
)

const TYPES = [
  'track.played',
  'track.played',
  'artist.followed',
  'artist.followed',
  'artist.unfollowed',
  'order.paid',
] as const

/** Many events of artist 4, so that its numbers reach milestones, with users who come again, many at one instant. */
const crowd = fc
  .array(fc.tuple(fc.constantFrom(...TYPES), fc.nat({ max: 25 }), instants), { maxLength: 150, size: 'max' })
  .map(sent =>
    sent.map(([eventType, user, timestamp], i): IngestedEvent => {
      const event = { eventId: `crowd-${i}`, eventType, timestamp, entityType: 'artist', entityId: '4' }
      return { event: { ...event, userId: `u${user}` }, decision: { currency: 'EUR' } }
    }),
  )

const manyEvents = fc.tuple(crowd, randomEvents(40)).map(([many, others]) => [...many, ...others])

async function answerOrRefusal(figures: Figures, question: MilestoneQuestion) {
  try {
    return await figures.ask(reads => milestones(reads, question))
  } catch (error) {
    if (error instanceof ServiceError) return error.code
    throw error
  }
}

test('milestones and best periods are those that counting one event after the other gives', async () => {
  const property = fc.asyncProperty(
    manyEvents,
    fc.integer({ min: 1, max: 4 }),
    fc.oneof(fc.constant(new Map<string, CatalogueRecord>()), catalogueFacts),
    fc.array(questions, { minLength: 4, maxLength: 4 }),
    async (events, batches, facts, asked) => {
      const naive = new Naive(events, facts)
      const compare = async (figures: Figures) => {
        for (const question of asked) {
          const answer = await answerOrRefusal(figures, question)
          if (answer === 'range_reversed') continue
          assert.ok(typeof answer === 'object', String(answer))
          const { period: _, ...found } = answer
          assert.deepEqual(
            found,
            naiveMilestones(naive.eventsOf(question.artistId), question),
            JSON.stringify(question),
          )
        }
      }
      await withEvents(events, batches, compare, facts)
    },
  )
  await fc.assert(property, { numRuns: 100, interruptAfterTimeLimit: 5_000 })
})
