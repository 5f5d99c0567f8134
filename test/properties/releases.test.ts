/** The albums of an artist since their release, from a real store, against a plain scan of the same events. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ServiceError } from '../../src/errors.ts'
import { type Releases, type ReleasesQuestion, releases } from '../../src/statistics/releases.ts'
import type { Figures } from '../../src/storage/figures.ts'
import { Naive } from '../support/naive.ts'
import { naiveReleases } from '../support/naive-releases.ts'
import { withEvents } from '../support/query-store.ts'
import { artistIds, catalogueFacts, dates, randomEvents, ZONES } from '../support/random-events.ts'
import { edges, nowsIn, withEdge } from '../support/range-edges.ts'

const seldom = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 })

/** The dates of the catalogue, and days that matter after them. */
const DATES = ['2025-12-31', '2026-03-29']
const DAYS_AFTER = [0, 1, 7, 28]

const questions: fc.Arbitrary<[ReleasesQuestion, number]> = fc.constantFrom(...ZONES).chain(tz => {
  const question: fc.Arbitrary<ReleasesQuestion> = fc.record({
    artistId: artistIds,
    limit: fc.constantFrom(2, 100),
    days: fc.constantFrom(1, 10, 40, 200),
    align: seldom(fc.constant('release' as const)),
    startDate: dates(tz),
    endDate: dates(tz),
    tz: fc.constant(tz),
    interval: seldom(fc.constantFrom('day', 'month')),
  })
  return fc.tuple(question, nowsIn(tz, DATES, DAYS_AFTER))
})

/** All pages as one, or why there are none. */
async function allPages(figures: Figures, question: ReleasesQuestion, now: number) {
  const pages: Releases[] = []
  try {
    do {
      const cursor = pages.at(-1)?.nextCursor ?? undefined
      pages.push(await figures.ask(reads => releases(reads, { ...question, cursor }, now)))
    } while (pages.at(-1)!.nextCursor !== null)
  } catch (error) {
    if (error instanceof ServiceError) return error.code
    throw error
  }
  const { nextCursor: _, ...page } = pages[0]!
  return { ...page, items: pages.flatMap(({ items }) => items) }
}

/** The codes of bad questions that the scan does not judge. */
const NOT_JUDGED = ['range_reversed', 'align_needs_days']

test('the releases of an artist, page by page, are those that a plain scan of the events gives', async () => {
  const asked = fc.array(fc.tuple(questions, edges), { minLength: 12, maxLength: 12 })
  const batches = fc.integer({ min: 1, max: 4 })
  const property = fc.asyncProperty(
    randomEvents(120),
    batches,
    catalogueFacts,
    asked,
    async (events, batches, facts, asked) => {
      const naive = new Naive(events, facts)
      const compare = async (figures: Figures) => {
        for (const [[plain, now], edge] of asked) {
          const question = withEdge(plain, edge, events)
          const answer = await allPages(figures, question, now)
          if (typeof answer === 'string' && NOT_JUDGED.includes(answer)) continue
          assert.deepEqual(answer, naiveReleases(naive, question, now), JSON.stringify(question))
        }
      }
      await withEvents(events, batches, compare, facts)
    },
  )
  await fc.assert(property, { numRuns: 120, interruptAfterTimeLimit: 5_000 })
})
