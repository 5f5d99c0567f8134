/** The audience and the rhythm of artists, from a real store, against a plain scan of the same events. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CatalogueRecord } from '../../src/catalogue/catalogue-record.ts'
import { ServiceError } from '../../src/errors.ts'
import type { EventType, IngestedEvent } from '../../src/events/event.ts'
import { type AudienceQuestion, audience } from '../../src/statistics/audience.ts'
import { rhythm } from '../../src/statistics/rhythm.ts'
import { SERIES_UNITS } from '../../src/statistics/series.ts'
import { Naive } from '../support/naive.ts'
import { naiveAudience } from '../support/naive-audience.ts'
import { naiveRhythm } from '../support/naive-rhythm.ts'
import { withEvents } from '../support/query-store.ts'
import { artistIds, catalogueFacts, dates, instants, randomEvents, ZONES } from '../support/random-events.ts'

const DAY_MS = 86_400_000

const questions: fc.Arbitrary<AudienceQuestion> = fc
  .constantFrom(...ZONES)
  .chain(tz =>
    fc.record({
      artistId: fc.oneof({ weight: 1, arbitrary: artistIds }, { weight: 3, arbitrary: fc.constant('4') }),
      startDate: dates(tz),
      endDate: dates(tz),
      tz: fc.constant(tz),
      interval: fc.option(fc.constantFrom(...SERIES_UNITS), { nil: undefined, freq: 2 }),
      compare: fc.option(fc.constantFrom('previous', 'weekday', 'year'), { nil: undefined, freq: 2 }),
    }),
  )
  .map(question => {
    const { startDate, endDate } = question
    const isReversed = startDate !== undefined && endDate !== undefined && startDate > endDate
    return isReversed ? { ...question, startDate: endDate, endDate: startDate } : question
  })

const DEEDS: readonly EventType[] = [
  ...new Array<EventType>(12).fill('track.played'),
  'track.liked',
  'track.liked',
  'track.unliked',
  'artist.followed',
  'artist.followed',
  'artist.unfollowed',
  'order.paid',
  'order.paid',
  'order.refunded',
]

/** What few listeners do with one artist over two months, so that some of them are in each segment and step. */
const fans = fc
  .tuple(
    instants,
    fc.array(
      fc.record({
        userId: fc.constantFrom('u1', 'u1', 'u2', 'u3'),
        eventType: fc.constantFrom(...DEEDS),
        daysAgo: fc.nat({ max: 58 }),
        beside: fc.constantFrom(0, 0, -1, 1, 3_600_000),
      }),
      { minLength: 10, maxLength: 60, size: 'max' },
    ),
  )
  .map(([moment, deeds]) =>
    deeds.map(({ userId, eventType, daysAgo, beside }, i): IngestedEvent => {
      const timestamp = moment - daysAgo * DAY_MS + beside
      const of = { entityType: 'artist', entityId: '4', userId, metadata: { artistId: '4', price: '5' } }
      return { event: { eventId: `fan${i}`, eventType, timestamp, ...of }, decision: { currency: 'EUR' } }
    }),
  )

const cases = fc.record({
  events: fc.tuple(randomEvents(40), fans).map(all => all.flat()),
  batches: fc.integer({ min: 1, max: 4 }),
  records: fc.oneof(fc.constant(new Map<string, CatalogueRecord>()), catalogueFacts),
  asked: fc.array(fc.tuple(questions, instants), { minLength: 16, maxLength: 16 }),
})

/** The answer, or the code of the refusal. */
async function answerOrRefusal<T>(answer: Promise<T>): Promise<T | string> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof ServiceError) return error.code
    throw error
  }
}

test('the audience is the one that a plain scan of the events gives', async () => {
  const property = fc.asyncProperty(cases, async ({ events, batches, records, asked }) => {
    const naive = new Naive(events, records)
    await withEvents(
      events,
      batches,
      async figures => {
        for (const [question, now] of asked) {
          const found = await answerOrRefusal(figures.ask(reads => audience(reads, question, now)))
          if (found === 'range_reversed') continue
          assert.deepEqual(found, naiveAudience(naive, question, now), JSON.stringify({ question, now }))
        }
      },
      records,
    )
  })
  await fc.assert(property, { numRuns: 100, interruptAfterTimeLimit: 5_000 })
})

test('the rhythm is the one that a plain scan of the events gives', async () => {
  const property = fc.asyncProperty(cases, async ({ events, batches, records, asked }) => {
    const naive = new Naive(events, records)
    await withEvents(
      events,
      batches,
      async figures => {
        for (const [question, now] of asked) {
          const found = await answerOrRefusal(figures.ask(reads => rhythm(reads, question, now)))
          if (found === 'range_reversed') continue
          assert.deepEqual(found, naiveRhythm(naive, question, now), JSON.stringify({ question, now }))
        }
      },
      records,
    )
  })
  await fc.assert(property, { numRuns: 100, interruptAfterTimeLimit: 5_000 })
})
