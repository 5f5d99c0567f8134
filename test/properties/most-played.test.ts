/** The tracks and albums that were played most of an artist, from a real store, against a plain scan of the same events. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CatalogueRecord } from '../../src/catalogue/catalogue-record.ts'
import { ServiceError } from '../../src/errors.ts'
import { type MostPlayed, type MostPlayedQuestion, mostPlayed } from '../../src/statistics/most-played.ts'
import { SORTS } from '../../src/statistics/played-releases.ts'
import type { Figures } from '../../src/storage/figures.ts'
import { Naive } from '../support/naive.ts'
import { naiveMostPlayed } from '../support/naive-most-played.ts'
import { withEvents } from '../support/query-store.ts'
import { artistIds, catalogueFacts, dates, instants, randomEvents, ZONES } from '../support/random-events.ts'
import { edges, withEdge } from '../support/range-edges.ts'

const questions: fc.Arbitrary<MostPlayedQuestion> = fc
  .constantFrom(...ZONES)
  .chain(tz =>
    fc.record({
      artistId: artistIds,
      kind: fc.constantFrom('tracks' as const, 'albums' as const),
      sort: fc.constantFrom(...SORTS),
      limit: fc.constantFrom(2, 100),
      startDate: dates(tz),
      endDate: dates(tz),
      tz: fc.constant(tz),
      interval: fc.option(fc.constantFrom('day', 'week', 'month'), { nil: undefined, freq: 3 }),
      compare: fc.option(fc.constantFrom('previous', 'weekday', 'year'), { nil: undefined, freq: 3 }),
    }),
  )
  .map(question => {
    const { startDate, endDate } = question
    const isReversed = startDate !== undefined && endDate !== undefined && startDate > endDate
    return isReversed ? { ...question, startDate: endDate, endDate: startDate } : question
  })

/** All pages as one, or why there are none. */
async function allPages(figures: Figures, question: MostPlayedQuestion, now: number) {
  const pages: MostPlayed[] = []
  try {
    do {
      const cursor = pages.at(-1)?.nextCursor ?? undefined
      pages.push(await figures.ask(reads => mostPlayed(reads, { ...question, cursor }, now)))
    } while (pages.at(-1)!.nextCursor !== null)
  } catch (error) {
    if (error instanceof ServiceError) return error.code
    throw error
  }
  const { nextCursor: _, ...page } = pages[0]!
  return { ...page, items: pages.flatMap(({ items }) => items) }
}

test('the tracks and albums of an artist, page by page, are those that a plain scan of the events gives', async () => {
  const asked = fc.array(fc.tuple(questions, instants, edges), { minLength: 12, maxLength: 12 })
  const taught = fc.oneof(fc.constant(new Map<string, CatalogueRecord>()), catalogueFacts, catalogueFacts)
  const batches = fc.integer({ min: 1, max: 4 })
  const property = fc.asyncProperty(
    randomEvents(120),
    batches,
    taught,
    asked,
    async (events, batches, facts, asked) => {
      const naive = new Naive(events, facts)
      const compare = async (figures: Figures) => {
        for (const [plain, now, edge] of asked) {
          const question = withEdge(plain, edge, events)
          const answer = await allPages(figures, question, now)
          if (answer === 'range_reversed') continue
          assert.deepEqual(answer, naiveMostPlayed(naive, question, now), JSON.stringify(question))
        }
      }
      await withEvents(events, batches, compare, facts)
    },
  )
  await fc.assert(property, { numRuns: 120, interruptAfterTimeLimit: 5_000 })
})
