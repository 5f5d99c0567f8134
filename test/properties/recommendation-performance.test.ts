/** The figures of recommendations of random feedback, against a plain scan of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ServiceError } from '../../src/errors.ts'
import type { IngestedEvent } from '../../src/events/event.ts'
import { type PerformanceQuestion, recommendationPerformance } from '../../src/statistics/recommendation-performance.ts'
import type { Figures } from '../../src/storage/figures.ts'
import { naivePerformance } from '../support/naive-performance.ts'
import { withEvents } from '../support/query-store.ts'
import { dates, instants, randomEvents, ZONES } from '../support/random-events.ts'

const NOW = Date.UTC(2026, 10, 24)

/** Few answers and items, so that most are shown and clicked again and again, in any order, at any time. */
const feedback = fc
  .array(
    fc.record({
      eventType: fc.constantFrom('recommendation.shown' as const, 'recommendation.clicked' as const),
      timestamp: instants,
      entityType: fc.constantFrom('track', 'album', 'artist'),
      entityId: fc.constantFrom('1', 'a1_1', '4', 'undefined'),
      recommendationId: fc.constantFrom(
        'x.model',
        'x.popular',
        'y.model',
        'y.genre',
        'y',
        'y.model.',
        'Y.model',
        '.model',
      ),
    }),
    { maxLength: 60, size: 'max' },
  )
  .map(sent =>
    sent.map(({ recommendationId, ...event }, i): IngestedEvent => {
      return { event: { ...event, eventId: `feedback-${i}`, metadata: { recommendationId } }, decision: {} }
    }),
  )

const events = fc.tuple(feedback, randomEvents(20)).map(([first, second]) => [...first, ...second])

const questions: fc.Arbitrary<PerformanceQuestion> = fc
  .constantFrom(...ZONES)
  .chain(tz => fc.record({ startDate: dates(tz), endDate: dates(tz), tz: fc.constant(tz) }))

async function answerOrRefusal(figures: Figures, question: PerformanceQuestion) {
  try {
    return await figures.ask(reads => recommendationPerformance(reads, question, NOW))
  } catch (error) {
    if (error instanceof ServiceError) return error.code
    throw error
  }
}

test('the figures of recommendations are those that a plain scan of the feedback gives', async () => {
  const property = fc.asyncProperty(
    events,
    fc.integer({ min: 1, max: 12 }),
    fc.array(questions, { minLength: 5, maxLength: 5 }),
    async (events, batches, asked) => {
      const compare = async (figures: Figures) => {
        for (const question of [{}, ...asked]) {
          const answer = await answerOrRefusal(figures, question)
          if (answer === 'range_reversed') continue
          assert.deepEqual(answer, naivePerformance(events, question), JSON.stringify(question))
        }
      }
      await withEvents(events, batches, compare)
    },
  )
  await fc.assert(property, { numRuns: 80, interruptAfterTimeLimit: 5_000 })
})
