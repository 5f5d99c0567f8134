/** What happens at a moment, message by message while events come in, against a plain scan of the same events. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type CatalogueRecord, writeRecords } from '../../src/catalogue/catalogue-record.ts'
import { type IngestedEvent, toLogEntry } from '../../src/events/event.ts'
import { catchUp } from '../../src/facts/projector.ts'
import { LiveCounts, type LiveFigures } from '../../src/live/live-counts.ts'
import { liveHistory } from '../../src/statistics/live-history.ts'
import type { Figures, Snapshot } from '../../src/storage/figures.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { Naive } from '../support/naive.ts'
import { naiveHistory, naiveLive } from '../support/naive-live.ts'
import { naiveCredits } from '../support/naive-rules.ts'
import { noneSetAside } from '../support/none-set-aside.ts'
import { withEvents } from '../support/query-store.ts'
import { artistIds, catalogueFacts, randomEvents } from '../support/random-events.ts'
import { ref } from '../support/ref.ts'

const START = Date.parse('2026-11-24T12:00:00.300Z')
const WINDOW_MS = 300_000
const STEPS = 12
const ARRIVING = 12

/** What happens before a message: events arrive, time passes, and the question may fail at one of its statements. */
interface Step {
  arriving: number
  passing: number
  asked: string[]
  /** Nobody watches before this one. */
  isFirst: boolean
  failsAt: number | null
}

const steps: fc.Arbitrary<Step> = fc.record({
  arriving: fc.nat({ max: ARRIVING }),
  passing: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(0, 1, 699, 700, 1_000, 60_000) },
    { weight: 1, arbitrary: fc.constantFrom(WINDOW_MS - 1, WINDOW_MS, WINDOW_MS + 1) },
    { weight: 2, arbitrary: fc.nat({ max: 90_000 }) },
  ),
  asked: fc.uniqueArray(artistIds, { minLength: 3, maxLength: 8 }),
  isFirst: fc.nat({ max: 15 }).map(n => n === 0),
  failsAt: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat({ max: 9 }) }),
})

/** Where an event is, by the message that it arrives before, or by a later one: beside it, or beside the start of its window. */
const positions = fc.record({
  later: fc.constantFrom(0, 0, 0, 1, 2),
  beside: fc.oneof(
    fc.constantFrom(0, -1, 1, -WINDOW_MS, -WINDOW_MS, 1 - WINDOW_MS, -1 - WINDOW_MS, -999, 700, -300),
    fc.integer({ min: -2 * WINDOW_MS, max: 30_000 }),
  ),
})

const cases = fc
  .record({
    events: randomEvents(STEPS * ARRIVING),
    positions: fc.array(positions, { minLength: STEPS * ARRIVING, maxLength: STEPS * ARRIVING }),
    steps: fc.array(steps, { minLength: STEPS, maxLength: STEPS }),
    records: catalogueFacts,
    /** The step before which the catalogue's records come. */
    recordsAt: fc.nat({ max: STEPS }),
  })
  .map(({ events, positions, steps, ...rest }) => {
    const times = steps.map((_, i) => START + steps.slice(0, i + 1).reduce((sum, { passing }) => sum + passing, 0))
    const arrivesAt = steps.flatMap(({ arriving }, step) => Array<number>(arriving).fill(step))
    const moved = events.map(({ event, decision }, i): IngestedEvent => {
      const { later, beside } = positions[i]!
      const step = Math.min(STEPS - 1, (arrivesAt[i] ?? 0) + later)
      return { event: { ...event, timestamp: times[step]! + beside }, decision }
    })
    return { ...rest, events: moved, steps: steps.map((step, i) => ({ ...step, at: times[i]! })) }
  })

const shown = ({ events, plays, listeners, tracks }: LiveFigures) => ({
  events,
  plays,
  listeners,
  tracks: tracks.map(({ id, plays }) => ({ id, plays })),
})

/** The same snapshot, of which one statement fails. */
function failing(reads: Snapshot, failsAt: number | null): Snapshot {
  let statements = 0
  const counted = <Args extends unknown[], T>(statement: (...args: Args) => Promise<T>) => {
    return async (...args: Args) => {
      const answer = await statement(...args)
      if (statements++ === failsAt) throw new Error('a statement failed')
      return answer
    }
  }
  return {
    checkpoint: reads.checkpoint.bind(reads),
    rows: counted(reads.rows.bind(reads)) as Snapshot['rows'],
    columns: counted(reads.columns.bind(reads)),
    idsOf: reads.idsOf.bind(reads),
    listenerIdOf: reads.listenerIdOf.bind(reads),
    entitiesOf: counted(reads.entitiesOf.bind(reads)),
  }
}

async function arrive(storage: Storage, figures: Figures, events: readonly IngestedEvent[]): Promise<void> {
  await storage.append(events.map(toLogEntry))
  await catchUp(storage, figures, noneSetAside)
}

async function teach(storage: Storage, figures: Figures, records: ReadonlyMap<string, CatalogueRecord>): Promise<void> {
  await writeRecords(
    storage.documents,
    [...records].map(([entity, record]) => [ref(entity), record]),
  )
  await catchUp(storage, figures, noneSetAside)
}

test('every live message equals a plain scan of the events, and all of them together count each event once', async () => {
  const seen = { messages: 0, plays: 0, listeners: 0, ofArtists: 0, failures: 0 }
  const property = fc.asyncProperty(cases, async ({ events, steps, records, recordsAt }) => {
    await withEvents([], 1, async (figures, storage) => {
      const live = new LiveCounts()
      let arrived = 0
      /** How many events there were at the last message; null where nobody watched. */
      let before: number | null = null
      let since: number | null = null
      for (const [i, { arriving, asked, at, isFirst, failsAt }] of steps.entries()) {
        await arrive(storage, figures, events.slice(Math.max(0, arrived - 2), arrived + arriving))
        arrived = Math.min(events.length, arrived + arriving)
        if (i === recordsAt) await teach(storage, figures, records)
        if (isFirst) {
          live.forget()
          before = since = null
        }
        const answer = await figures
          .ask(reads => live.next(failing(reads, failsAt), asked, at))
          .catch((error: Error) => assert.equal(error.message, 'a statement failed'))
        if (!answer) {
          seen.failures++
          continue
        }
        const naive = new Naive(events.slice(0, arrived), i >= recordsAt ? records : new Map())
        const credited = events.slice(0, arrived).map(naiveCredits)
        const expected = (artistId?: string) => naiveLive(naive, credited, before ?? arrived, artistId, at)
        assert.deepEqual([answer.at, answer.since], [at, since])
        assert.deepEqual(shown(answer.platform), expected())
        assert.deepEqual(answer.artists.map(shown), asked.map(expected))
        before = arrived
        since = at
        seen.messages++
        seen.plays += answer.platform.plays
        seen.listeners += answer.platform.listeners
        seen.ofArtists += answer.artists.reduce((sum, { plays }) => sum + plays, 0)
      }
    })
  })
  await fc.assert(property, { numRuns: 80, interruptAfterTimeLimit: 8_000 })
  for (const [what, count] of Object.entries(seen)) assert.ok(count > 0, what)
})

test('the history by minute equals a plain scan of the events', async () => {
  let minutes = 0
  const asked = fc.option(artistIds, { nil: undefined })
  const property = fc.asyncProperty(cases, asked, async ({ events, steps, records }, artistId) => {
    const naive = new Naive(events, records)
    const now = steps.at(-1)!.at
    const expected = naiveHistory(naive, events.map(naiveCredits), artistId, now)
    const compare = async (reads: Snapshot) => {
      const found = await liveHistory(reads, artistId, now)
      assert.equal(found.length, 2_880)
      for (const { start, end, ...counts } of found) {
        const from = Date.parse(start)
        assert.equal(Date.parse(end), from + 60_000)
        assert.deepEqual(counts, expected.get(from) ?? { events: 0, plays: 0, listeners: 0 }, start)
      }
      assert.equal(Date.parse(found.at(-1)!.end), Math.floor(now / 60_000) * 60_000 + 60_000)
      minutes += expected.size
    }
    await withEvents(events, 3, figures => figures.ask(compare), records)
  })
  await fc.assert(property, { numRuns: 60, interruptAfterTimeLimit: 8_000 })
  assert.ok(minutes > 0)
})
