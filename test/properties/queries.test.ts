/** Every question, put to a real store, against a plain scan of the same events. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ownerAskedFor } from '../../src/attribution/attribution.ts'
import type { CatalogueRecord } from '../../src/catalogue/catalogue-record.ts'
import type { IngestedEvent } from '../../src/events/event.ts'
import { EligiblePlays } from '../../src/statistics/eligible-plays.ts'
import { type KpiTotals, ofOwner, rangeTotals, seriesTotals } from '../../src/statistics/kpi-totals.ts'
import { SERIES_UNITS, seriesPoints } from '../../src/statistics/series.ts'
import { TRENDING_PERIODS, type TrendingQuestion, trending } from '../../src/statistics/trending.ts'
import { type UnattributedKey, unattributed } from '../../src/statistics/unattributed.ts'
import type { Figures } from '../../src/storage/figures.ts'
import { Naive } from '../support/naive.ts'
import { withEvents } from '../support/query-store.ts'
import { artistIds, catalogueFacts, genres, randomEvents, ZONES } from '../support/random-events.ts'

const batches = fc.integer({ min: 1, max: 4 })
const zones = fc.constantFrom(...ZONES)

const trendingQuestions: fc.Arbitrary<TrendingQuestion> = fc
  .record({
    kind: fc.constantFrom('tracks' as const, 'albums' as const, 'artists' as const),
    genre: fc.option(genres, { nil: undefined }),
    period: fc.constantFrom('day' as const, 'week' as const, 'month' as const, 'year' as const),
    limit: fc.integer({ min: 1, max: 5 }),
    rising: fc.boolean(),
  })
  .map(({ kind, genre, period, limit, rising }) => {
    const question: TrendingQuestion = { kind: genre === undefined ? kind : 'tracks', period, limit }
    if (genre !== undefined) question.genre = genre
    if (rising) question.mode = 'rising'
    return question
  })

/** A now for which an event is at the end of a window, give or take a millisecond. */
const nows = fc.record({ event: fc.nat(), windows: fc.constantFrom(0, 0, 1, 2), near: fc.constantFrom(0, -1, 1) })

type Now = { event: number; windows: number; near: number }

function nowOf({ event, windows, near }: Now, events: readonly IngestedEvent[], { period }: TrendingQuestion): number {
  const length = TRENDING_PERIODS[period] * 86_400_000
  return (events[event % events.length]?.event.timestamp ?? 0) + windows * length + near
}

async function allPages(figures: Figures, limit: number): Promise<UnattributedKey[]> {
  const items: UnattributedKey[] = []
  let cursor: string | undefined
  do {
    const page = await figures.ask(reads => unattributed(reads, { limit, cursor }))
    items.push(...page.items)
    cursor = page.nextCursor ?? undefined
  } while (cursor)
  return items
}

/** So small that they bite where four listeners play a few tracks. */
const chartLimits = fc.constantFrom(1, 1, 2, 3, 50, null)

const taught = fc.oneof(fc.constant(new Map<string, CatalogueRecord>()), catalogueFacts, catalogueFacts)

test('the rankings and the unattributed keys are those that a plain scan of the events gives', async () => {
  const questions = fc.array(fc.tuple(trendingQuestions, nows), { minLength: 8, maxLength: 8 })
  const property = fc.asyncProperty(
    randomEvents(60),
    batches,
    taught,
    questions,
    chartLimits,
    async (events, batches, facts, rankings, chartLimit) => {
      const naive = new Naive(events, facts)
      const eligible = new EligiblePlays(chartLimit)
      const compare = async (figures: Figures) => {
        for (const [question, place] of rankings) {
          const now = nowOf(place, events, question)
          const rows = await figures.ask(reads => trending(reads, question, { now, eligible }))
          assert.deepEqual(rows, naive.trending(question, now, eligible.limit), JSON.stringify(question))
        }
        assert.deepEqual(await allPages(figures, 2), naive.unattributed())
      }
      await withEvents(events, batches, compare, facts)
    },
  )
  await fc.assert(property, { numRuns: 120, interruptAfterTimeLimit: 5_000 })
})

test('the hours, days, weeks, months and years of a range have the same sums', async () => {
  const property = fc.asyncProperty(
    randomEvents(60),
    batches,
    zones,
    artistIds,
    async (events, batches, tz, artist) => {
      const range = { from: Date.parse('2025-10-01T00:00:00.001Z'), to: Date.parse('2026-11-01T11:07:00Z') }
      await withEvents(events, batches, figures =>
        figures.ask(async reads => {
          const owner = await ownerAskedFor(reads, artist)
          const subject = owner === undefined ? undefined : ofOwner(owner)
          const whole = sumsOf([await rangeTotals(reads, subject, range)])
          for (const unit of SERIES_UNITS) {
            const points = await seriesTotals(reads, subject, seriesPoints(range, unit, tz))
            assert.deepEqual(sumsOf(points), whole, `${unit} ${tz}`)
          }
        }),
      )
    },
  )
  await fc.assert(property, { numRuns: 15, interruptAfterTimeLimit: 10_000 })
})

/** The sums of all points by measure and currency. A sum of nothing and no sum are the same. */
function sumsOf(points: readonly KpiTotals[]): Map<string, bigint> {
  const sums = new Map<string, bigint>()
  for (const { counts, revenue } of points) {
    for (const [field, by] of [...Object.entries(counts), ...revenue]) {
      sums.set(field, (sums.get(field) ?? 0n) + BigInt(by))
    }
  }
  return new Map([...sums].filter(([, sum]) => sum !== 0n).sort(([a], [b]) => (a < b ? -1 : 1)))
}
