import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { withEvents } from '../../test/support/query-store.ts'
import { ref } from '../../test/support/ref.ts'
import type { IngestedEvent } from '../events/event.ts'
import { EligiblePlays } from './eligible-plays.ts'
import { type Ranked, ranking } from './ranking.ts'

/** One follow of one of few artists at one of few instants, so that most of them tie. */
interface Follow {
  artist: number
  /** The window before is 0 and 1, the window 2 and 3. */
  at: number
  by: 1 | -1
}

const follows: fc.Arbitrary<Follow[]> = fc.array(
  fc.record({ artist: fc.nat(30), at: fc.nat(3), by: fc.constantFrom(1, 1, 1, -1) }),
  { maxLength: 80, size: 'max' },
)

/** Case by case, each in a time of its own. */
const CASES = fc.sample(fc.tuple(follows, fc.integer({ min: 1, max: 8 }), fc.boolean()), { numRuns: 150, seed: 7 })
const CASE_MS = 10

const events = CASES.flatMap(([follows], place) =>
  follows.map(({ artist, at, by }, i): IngestedEvent => {
    const eventType = by === 1 ? 'artist.followed' : 'artist.unfollowed'
    const event = { eventType, entityType: 'artist', entityId: String(artist) } as const
    return {
      event: { ...event, eventId: `${place}-${i}`, timestamp: place * CASE_MS + at },
      decision: { currency: 'EUR' },
    }
  }),
)

type Standing = [artist: number, value: number, latest: number]

/** Artists with a value above zero, sorted in full. */
function sorted(follows: readonly Follow[], rate: (artist: number) => number): Standing[] {
  return [...new Set(follows.map(({ artist }) => artist))]
    .map((artist): Standing => {
      const own = follows.filter(follow => follow.artist === artist)
      return [artist, rate(artist), Math.max(...own.map(({ at }) => at))]
    })
    .filter(([, value]) => value > 0)
    .sort(([a, x, first], [b, y, second]) => y - x || second - first || a - b)
}

function expected(follows: readonly Follow[], limit: number, isRising: boolean): Partial<Ranked>[] {
  const [before, within] = [follows.filter(({ at }) => at < 2), follows.filter(({ at }) => at >= 2)]
  const sum = (some: readonly Follow[], artist: number) =>
    some.reduce((sum, follow) => sum + (follow.artist === artist ? follow.by : 0), 0)
  const previousCount = (artist: number) => Math.max(0, sum(before, artist))
  const growth = (artist: number) => sum(within, artist) - previousCount(artist)
  const score = (artist: number) =>
    growth(artist) / Math.sqrt(Math.max(0, sum(within, artist)) + previousCount(artist) + 10)
  const earlier = sorted(before, artist => sum(before, artist)).map(([artist]) => artist)
  return sorted(within, isRising ? score : artist => sum(within, artist))
    .slice(0, limit)
    .map(([artist, value]) => ({
      entity: ref(`artist:${artist}`),
      count: sum(within, artist),
      previousCount: previousCount(artist),
      value,
      previousRank: earlier.includes(artist) ? earlier.indexOf(artist) + 1 : null,
    }))
}

test('a ranking equals that of sorting all entities, with their ranks in the window before', async () => {
  await withEvents(events, 1, async figures => {
    for (const [place, [follows, limit, isRising]] of CASES.entries()) {
      const start = place * CASE_MS
      const windows = { start, from: start + 2, until: start + 4 }
      const question = { kind: 'artists', isRising, limit } as const
      const found = await figures.ask(reads => ranking(reads, question, windows, new EligiblePlays(50)))
      assert.deepEqual(
        found.map(({ id: _number, excluded: _none, ...rest }) => rest),
        expected(follows, limit, isRising),
      )
    }
  })
})
