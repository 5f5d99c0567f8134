import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { compareIds } from './bindings.ts'
import { type Board, bestOf, previousRanks, type Tally } from './ranking.ts'

/** Few different numbers, so that most things tie. */
const tallies: fc.Arbitrary<Tally> = fc.record({
  counts: fc.tuple(fc.integer({ min: -1, max: 4 }), fc.integer({ min: -1, max: 4 })),
  latest: fc.tuple(fc.constantFrom(-Infinity, 1, 2), fc.constantFrom(-Infinity, 1, 2)),
})

/** What each key has, and what takes its place, if anything. */
const entries = fc.uniqueArray(
  fc.record({
    key: fc.nat({ max: 40 }).map(String),
    row: fc.option(tallies, { nil: undefined }),
    override: fc.option(tallies, { nil: undefined }),
  }),
  { selector: ({ key }) => key, maxLength: 40 },
)

type Entry = { key: string; row: Tally | undefined; override: Tally | undefined }

function boardOf(all: readonly Entry[]): Board {
  const rows = all.filter(({ row }) => row)
  const column = (pick: (tally: Tally) => number) => Float64Array.from(rows, ({ row }) => pick(row!))
  const totals: Board['totals'] = {
    length: rows.length,
    key: i => rows[i]!.key,
    sums: [column(({ counts }) => counts[0]), column(({ counts }) => counts[1])],
    latest: [column(({ latest }) => latest[0]), column(({ latest }) => latest[1])],
  }
  const overrides = all.flatMap(({ key, row, override }) =>
    override ? [[key, { row, tally: override }] as const] : [],
  )
  return { totals, overrides: new Map(overrides), compareKeys: compareIds }
}

/** Keys with a value above zero, sorted by it in full. */
function sorted(all: readonly Entry[], window: 0 | 1, value: (tally: Tally) => number): string[] {
  return all
    .flatMap(({ key, row, override }) => ((override ?? row) ? [{ key, tally: (override ?? row) as Tally }] : []))
    .filter(({ tally }) => value(tally) > 0)
    .sort((a, b) => {
      const [x, y] = [a.tally, b.tally]
      if (value(x) !== value(y)) return value(y) - value(x)
      if (x.latest[window] !== y.latest[window]) return y.latest[window] > x.latest[window] ? 1 : -1
      return Number(a.key) - Number(b.key)
    })
    .map(({ key }) => key)
}

describe('a ranking', () => {
  it('is what sorting everything gives', () => {
    const growth = (count: number, before: number) => count - before
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 8 }), fc.boolean(), (all, limit, isGrowth) => {
        const rate = isGrowth ? growth : (count: number) => count
        const keys = bestOf(boardOf(all), rate, limit).map(({ key }) => key)
        assert.deepEqual(keys, sorted(all, 0, ({ counts }) => rate(...counts)).slice(0, limit))
      }),
      { numRuns: 1000 },
    )
  })

  it('knows the ranks in the window before', () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 8 }), (all, limit) => {
        const board = boardOf(all)
        const ranked = bestOf(board, count => count, limit)
        const order = sorted(all, 1, ({ counts }) => counts[1])
        const expected = ranked.map(({ key }) => (order.includes(key) ? order.indexOf(key) + 1 : null))
        assert.deepEqual(previousRanks(board, ranked), expected)
      }),
      { numRuns: 1000 },
    )
  })
})
