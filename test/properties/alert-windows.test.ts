/** Who breaches an alert's thresholds, on a real store, against a plain scan of the same events. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { IngestedEvent } from '../../src/events/event.ts'
import {
  type AlertCounts,
  type AlertRule,
  alertCounts,
  type Breach,
  breachingArtists,
} from '../../src/statistics/alert-windows.ts'
import type { Snapshot } from '../../src/storage/figures.ts'
import { Naive } from '../support/naive.ts'
import { naiveOrder } from '../support/naive-order.ts'
import { type NaiveEvent, naiveCredits } from '../support/naive-rules.ts'
import { withEvents } from '../support/query-store.ts'
import { artistIds, catalogueFacts, randomEvents } from '../support/random-events.ts'

const MINUTE_MS = 60_000
const QUARTER_MS = 15 * MINUTE_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Beside the end of a month or of a quarter of an hour, or anywhere in the quarter after. */
const nows = fc
  .tuple(
    fc.constantFrom('2026-03-01T00:00:00Z', '2026-11-24T12:00:00Z').map(iso => Date.parse(iso)),
    fc.oneof(fc.constantFrom(-1, 0, 1), fc.integer({ min: 0, max: QUARTER_MS })),
  )
  .map(([hour, within]) => hour + within)

const windows = fc.oneof(
  { weight: 2, arbitrary: fc.integer({ min: MINUTE_MS, max: 2 * HOUR_MS }) },
  { weight: 1, arbitrary: fc.constantFrom(MINUTE_MS, QUARTER_MS, HOUR_MS, DAY_MS) },
  { weight: 1, arbitrary: fc.integer({ min: MINUTE_MS, max: 3 * DAY_MS }) },
)

const thresholds = fc.constantFrom(0, 1, 1, 2, 2, 3, 5, 1_000)

const rules: fc.Arbitrary<AlertRule> = fc.record({
  windowMs: windows,
  thresholds: fc.record({ plays: thresholds, likes: thresholds, follows: thresholds }),
})

/** Where an event is: beside now or the start of a rule's window, or within two hours of now, in milliseconds. */
interface Position {
  /** 0 for now, else the number of a rule, counted from 1. */
  anchor: number
  beside: number
}

const positions: fc.Arbitrary<Position> = fc.oneof(
  fc.record({ anchor: fc.nat({ max: 4 }), beside: fc.constantFrom(-1, 0, 1, -MINUTE_MS, MINUTE_MS) }),
  fc.record({ anchor: fc.constant(0), beside: fc.integer({ min: -2 * HOUR_MS, max: 2 * HOUR_MS }) }),
  fc.record({ anchor: fc.nat({ max: 4 }), beside: fc.integer({ min: -QUARTER_MS, max: QUARTER_MS }) }),
)

const cases = fc
  .record({
    events: randomEvents(80),
    positions: fc.array(positions, { minLength: 80, maxLength: 80 }),
    facts: catalogueFacts,
    now: nows,
    asked: artistIds,
    rules: fc.array(rules, { minLength: 4, maxLength: 4 }),
    except: fc.uniqueArray(artistIds, { maxLength: 2 }),
    batches: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ events, positions, ...rest }) => {
    const anchors = [rest.now, ...rest.rules.map(({ windowMs }) => rest.now - windowMs)]
    const moved = events.map(({ event, decision }, i): IngestedEvent => {
      const { anchor, beside } = positions[i]!
      return { event: { ...event, timestamp: anchors[anchor]! + beside }, decision }
    })
    return { ...rest, events: moved }
  })

/** What every artist has in the window, net, event by event; artists without anything are absent. */
function scan(naive: Naive, events: readonly NaiveEvent[], windowMs: number, now: number): Map<string, AlertCounts> {
  const artists = new Map<string, AlertCounts>()
  for (const { at, counted, credits } of events) {
    if (!counted || at <= now - windowMs || at > now) continue
    for (const { key, measure, by } of credits) {
      const owner = naive.owner(key)
      if (measure === 'purchases' || !owner.startsWith('artist:')) continue
      const id = owner.slice('artist:'.length)
      const artist = artists.get(id) ?? { plays: 0, likes: 0, follows: 0 }
      artist[measure] += by
      artists.set(id, artist)
    }
  }
  return artists
}

function naiveBreaches(
  artists: ReadonlyMap<string, AlertCounts>,
  thresholds: AlertCounts,
  except: readonly string[],
): Breach[] {
  return [...artists]
    .filter(([artistId]) => !except.includes(artistId))
    .map(([artistId, net]) => ({
      artistId,
      counts: { plays: Math.max(0, net.plays), likes: Math.max(0, net.likes), follows: Math.max(0, net.follows) },
    }))
    .filter(({ counts }) =>
      (['plays', 'likes', 'follows'] as const).some(measure => counts[measure] >= thresholds[measure]),
    )
    .sort((a, b) => naiveOrder(a.artistId, b.artistId))
}

test('alert windows equal a plain scan of the events', async () => {
  let breaches = 0
  const property = fc.asyncProperty(cases, async ({ events, facts, now, asked, rules, except, batches }) => {
    const naive = new Naive(events, facts)
    const credited = events.map(naiveCredits)
    const compare = async (reads: Snapshot) => {
      for (const rule of rules) {
        const expected = naiveBreaches(scan(naive, credited, rule.windowMs, now), rule.thresholds, except)
        const found = await breachingArtists(reads, rule, now, new Set(except))
        assert.deepEqual(found, expected, JSON.stringify({ rule, now }))
        breaches += found.length
        const counts = await alertCounts(reads, asked, rule.windowMs, now)
        assert.deepEqual(counts, naiveCounts(naive, asked, rule.windowMs, now), asked)
      }
    }
    await withEvents(events, batches, figures => figures.ask(compare), facts)
  })
  await fc.assert(property, { numRuns: 150, interruptAfterTimeLimit: 8_000 })
  assert.ok(breaches > 0)
})

function naiveCounts(naive: Naive, artistId: string, windowMs: number, now: number): AlertCounts {
  const [startDate, endDate] = [now - windowMs + 1, now].map(instant => new Date(instant).toISOString())
  const kpis = naive.kpis({ artistId, startDate, endDate }, { defaultCurrency: 'EUR', now })
  assert.ok(kpis !== 'too_many_points')
  return { plays: kpis.plays, likes: kpis.likes, follows: kpis.follows }
}
