/**
 * Charts of few listeners, with limits so small that they bite, against a plain scan: asked again and again while late events
 * and records of the catalogue arrive, so that what is kept between two questions has to stay exact.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { writeRecords } from '../../src/catalogue/catalogue-record.ts'
import { type IngestedEvent, type Metadata, type StatsEvent, toLogEntry } from '../../src/events/event.ts'
import { catchUp } from '../../src/facts/projector.ts'
import { artistPosition, type PositionQuestion } from '../../src/statistics/artist-position.ts'
import { EligiblePlays } from '../../src/statistics/eligible-plays.ts'
import { type TrendingQuestion, trending } from '../../src/statistics/trending.ts'
import { WeeklyRankings } from '../../src/statistics/weekly-rankings.ts'
import type { Figures } from '../../src/storage/figures.ts'
import { Naive } from '../support/naive.ts'
import { naivePosition } from '../support/naive-position.ts'
import { noneSetAside } from '../support/none-set-aside.ts'
import { withEvents } from '../support/query-store.ts'
import { catalogueFacts, randomEvents, ZONES } from '../support/random-events.ts'
import { present } from '../support/random-orders.ts'
import { ref } from '../support/ref.ts'

const DAY_MS = 86_400_000
const MONDAY = Date.parse('2026-01-05T00:00:00Z')
/** Before 1970, where division of instants rounds up. */
const OLD_MONDAY = Date.parse('1969-12-29T00:00:00Z')

/** Starts of days around the start of a week, give or take a millisecond. */
const instants = fc
  .tuple(
    fc.constantFrom(MONDAY, MONDAY, MONDAY, OLD_MONDAY),
    fc.integer({ min: -9, max: 8 }),
    fc.constantFrom(0, -1, 1),
  )
  .map(([monday, days, near]) => monday + days * DAY_MS + near)

const optional = <T>(...values: T[]) => fc.constantFrom(undefined, ...values)

const plays: fc.Arbitrary<IngestedEvent> = fc
  .record({
    entityId: fc.constantFrom('1', '1', '2'),
    userId: optional('u1', 'u1', 'u2'),
    timestamp: instants,
    metadata: fc
      .record({
        albumId: optional('a1', 'a1', 'a2'),
        artist: optional('Ana', 'DJ Beats'),
        artistId: optional('4'),
        artistIds: optional(['4', '9'], ['9', '10', '4']),
      })
      .map(present<Metadata>),
  })
  .map(event => ({
    event: present<StatsEvent>({ ...event, eventId: '', eventType: 'track.played', entityType: 'track' }),
    decision: { currency: 'EUR' },
  }))

/** Many plays, and some of everything. */
const eventsOf = fc
  .tuple(fc.array(plays, { minLength: 10, maxLength: 90, size: 'max' }), randomEvents(15))
  .map(parts => parts.flat().map(({ event, decision }, i) => ({ event: { ...event, eventId: `e${i}` }, decision })))

const rankings: fc.Arbitrary<TrendingQuestion> = fc
  .record({
    kind: fc.constantFrom('tracks', 'albums'),
    period: fc.constantFrom('day', 'week', 'week', 'month'),
    limit: fc.integer({ min: 1, max: 5 }),
    mode: optional<'rising'>('rising'),
  })
  .map(present<TrendingQuestion>)

const positions: fc.Arbitrary<PositionQuestion> = fc.record({
  artistId: fc.constantFrom('4', '9', '10', 'Ana', 'dj beats', 'nobody'),
  startDate: fc.option(
    instants.map(at => new Date(at).toISOString()),
    { nil: undefined },
  ),
  tz: fc.constantFrom(...ZONES),
})

const limits = fc.constantFrom(1, 1, 2, 3, 50, null)

test('rankings and positions are those of a plain scan, also after late events and changed attributions', async () => {
  const asked = fc.record({
    ranking: fc.tuple(rankings, instants),
    position: fc.tuple(positions, fc.integer({ min: -1, max: 8 * DAY_MS })),
    limit: limits,
  })
  const property = fc.asyncProperty(
    eventsOf,
    fc.integer({ min: 0, max: 30 }),
    catalogueFacts,
    fc.array(asked, { minLength: 3, maxLength: 3 }),
    async (events, late, facts, questions) => {
      const charts = new Map(questions.map(({ limit }) => [limit, chartsOf(limit)]))
      const compare = async (figures: Figures, naive: Naive) => {
        for (const { ranking, position, limit } of questions) {
          const { eligible, weekly } = charts.get(limit)!
          const [question, now] = ranking
          const rows = await figures.ask(reads => trending(reads, question, { now, eligible }))
          assert.deepEqual(rows, naive.trending(question, now, limit), JSON.stringify({ question, now, limit }))
          const [weeks, after] = position
          const settings = { now: endOf(weeks) + after, rankings: weekly }
          const found = await figures.ask(reads => artistPosition(reads, weeks, settings))
          const expected = naivePosition(naive, weeks, settings.now, limit)
          assert.deepEqual(found, expected, JSON.stringify({ weeks, now: settings.now, limit }))
        }
      }
      const early = events.slice(0, Math.max(0, events.length - late))
      await withEvents(early, 2, async (figures, storage) => {
        await compare(figures, new Naive(early))
        await storage.append(events.slice(early.length).map(toLogEntry))
        await catchUp(storage, figures, noneSetAside)
        await compare(figures, new Naive(events))
        await writeRecords(
          storage.documents,
          [...facts].map(([entity, record]) => [ref(entity), record]),
        )
        await catchUp(storage, figures, noneSetAside)
        await compare(figures, new Naive(events, facts))
      })
    },
  )
  await fc.assert(property, { numRuns: 60, interruptAfterTimeLimit: 5_000 })
})

const chartsOf = (limit: number | null) => ({ eligible: new EligiblePlays(limit), weekly: new WeeklyRankings(limit) })

/** Few weeks are asked for at once, as a plain scan of each is slow. */
const endOf = ({ startDate }: PositionQuestion): number =>
  startDate === undefined ? MONDAY : Date.parse(startDate) + 9 * DAY_MS
