/** Sums of money, however large, against sums of BigInts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openTempFigures } from '../../test/support/temp-store.ts'
import { majorUnits } from '../events/money.ts'
import { artistRef } from '../identity/entity-ref.ts'
import type { EventFacts } from '../storage/figures.ts'
import type { Interval } from '../storage/storage.ts'
import { ofOwner, rangeTotals, seriesTotals, shownKpis, totalsOfTwoRanges } from './kpi-totals.ts'

const DAYS = 4
const LARGEST = Number.MAX_SAFE_INTEGER

interface Line {
  day: number
  currency: string
  amount: number
}

const lines = fc.array(
  fc.record({
    day: fc.nat({ max: DAYS - 1 }),
    currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
    amount: fc.oneof(fc.integer({ min: LARGEST - 1000, max: LARGEST }), fc.integer({ min: -LARGEST, max: LARGEST })),
  }),
  { minLength: 1, maxLength: 40 },
)

const within =
  ({ from, to }: Interval) =>
  ({ day }: Line) =>
    day >= from && day < to

/** What the lines of each currency come to. */
function naiveSums(of: readonly Line[]): Record<string, bigint> {
  const sums: Record<string, bigint> = {}
  for (const { currency, amount } of of) sums[currency] = (sums[currency] ?? 0n) + BigInt(amount)
  return sums
}

/** The decimal with as many places as the currency has, cut by hand. */
function naiveMajor(minor: bigint, currency: string): string {
  const decimals = { EUR: 2, JPY: 0, KWD: 3 }[currency]!
  const digits = String(minor).padStart(decimals + 1, '0')
  const [whole, fraction] = [digits.slice(0, digits.length - decimals), digits.slice(digits.length - decimals)]
  return fraction === '' ? whole : `${whole}.${fraction}`.replace(/\.?0+$/, '')
}

test('money is summed to the last minor unit in a range, in two of them and in a series', async () => {
  const { figures } = await openTempFigures()
  const property = fc.asyncProperty(lines, async told => {
    const before = figures.checkpoint.seq
    const key = artistRef(String(before))
    const event = ({ day, currency, amount }: Line, i: number): EventFacts => ({
      seq: before + 1 + i,
      facts: [{ instant: day, measure: 'purchases', counts: 1, key, part: 0, amount, currency }],
      associations: [],
    })
    const slices = async function* () {
      yield told.map(event)
    }
    await figures.apply(slices(), { seq: before + told.length, eventId: key })
    const all = { from: 0, to: DAYS }
    const half = [
      { from: 0, to: 2 },
      { from: 2, to: DAYS },
    ] as const
    const points = Array.from({ length: DAYS }, (_, day) => ({ from: day, to: day + 1 }))
    await figures.ask(async reads => {
      const subject = ofOwner(reads.idsOf([key]).get(key)!)
      const check = ({ revenue }: { revenue: Map<string, bigint> }, range: Interval) =>
        assert.deepEqual({ ...Object.fromEntries(revenue) }, naiveSums(told.filter(within(range))))
      const range = await rangeTotals(reads, subject, all)
      check(range, all)
      const two = await totalsOfTwoRanges(reads, subject, ...half)
      check(two.before, half[0])
      check(two.range, half[1])
      for (const [day, point] of (await seriesTotals(reads, subject, points)).entries()) check(point, points[day]!)
      const shown = Object.entries(naiveSums(told)).filter(([, minor]) => minor > 0n)
      assert.deepEqual(
        Object.fromEntries(Object.entries(shownKpis(range, 'EUR').revenueByCurrency).map(([c, m]) => [c, String(m)])),
        Object.fromEntries(shown.map(([currency, minor]) => [currency, naiveMajor(minor, currency)])),
      )
    })
  })
  await fc.assert(property, { numRuns: 60 })
})

test('an amount is a number as long as a double has all of its digits', () => {
  assert.equal(majorUnits(999n, 'EUR'), 9.99)
  assert.equal(majorUnits(999_999_999_999_999n, 'EUR'), 9999999999999.99)
  assert.equal(majorUnits(9_007_199_254_740_993n, 'EUR'), '90071992547409.93')
  assert.equal(majorUnits(-9_007_199_254_740_990n, 'EUR'), '-90071992547409.9')
  assert.equal(majorUnits(9_007_199_254_740_993n, 'JPY'), '9007199254740993')
  assert.equal(majorUnits(100_000_000_000_000_000n, 'KWD'), '100000000000000')
})
