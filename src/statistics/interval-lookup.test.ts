import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { answerOf } from '../../test/support/query-store.ts'
import { JOIN_INTERVALS, lookupOf } from './interval-lookup.ts'

const lengths = fc.array(
  fc.record({ gap: fc.constantFrom(0, 0, 0, 1, 7), length: fc.constantFrom(0, 1, 2, 3, 60, 10_000) }),
  { maxLength: 30 },
)

test('each instant finds the interval that contains it, and no other', async () => {
  await answerOf([], async reads => {
    const property = fc.asyncProperty(fc.integer({ min: -100_000, max: 100_000 }), lengths, async (start, lengths) => {
      let end = start
      const intervals = lengths.map(({ gap, length }) => {
        const from = end + gap
        end = from + length
        return { from, to: end }
      })
      const near = intervals.flatMap(({ from, to }) => [from - 1, from, from + 1, to - 1, to, to + 30])
      const instants = [...new Set([start - 20_000, ...near])]
      const rows = await reads.rows<{ instant: number; position: number }>(
        `SELECT instant, position FROM (SELECT unnest($instants::BIGINT[]) AS instant) ${JOIN_INTERVALS}`,
        { instants: JSON.stringify(instants), ...lookupOf(intervals) },
      )
      const expected = instants.flatMap(instant =>
        intervals.flatMap(({ from, to }, position) => (instant >= from && instant < to ? [[instant, position]] : [])),
      )
      const found = rows.map(({ instant, position }) => [instant, position] as const)
      const byInstant = (a: readonly number[], b: readonly number[]) => a[0]! - b[0]!
      assert.deepEqual(found.toSorted(byInstant), expected.toSorted(byInstant))
    })
    await fc.assert(property, { numRuns: 200, interruptAfterTimeLimit: 10_000 })
  })
})
