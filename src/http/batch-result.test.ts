import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fitResults, type ListedResult, MAX_RESULT_BYTES, ResultBudget } from './batch-result.ts'

const results = (count: number, id: string, message: string): ListedResult[] =>
  Array.from({ length: count }, (_, index) => ({ index, id, status: 'rejected', code: 'unknown_event_type', message }))

const bytesOf = (listed: readonly ListedResult[]) => Buffer.byteLength(JSON.stringify(listed))

test('results of every length fit into a megabyte, and none is left out', () => {
  const text = fc.string({ unit: 'binary', maxLength: 256 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), text, text, (count, id, message) => {
      const { results: fitting, cut } = fitResults(results(count, id, message))
      assert.deepEqual(
        fitting.map(({ index }) => index),
        [...Array(count).keys()],
      )
      assert.ok(bytesOf(fitting) <= MAX_RESULT_BYTES + 2)
      assert.equal(cut, bytesOf(results(count, id, message)) > MAX_RESULT_BYTES + 1 ? true : undefined)
    }),
    { numRuns: 50 },
  )
})

test('leaves out the last messages first, and no part of a UUID', () => {
  const id = crypto.randomUUID()
  const { results: fitting } = fitResults(results(9_000, id, 'm'.repeat(50)))
  assert.ok(fitting.every(result => result.id === id && result.code !== undefined))
  assert.ok(fitting[0]?.message && !fitting.at(-1)?.message)
})

test('results that are written one by one fit too', () => {
  for (const [id, message] of [
    ['\u0001'.repeat(256), 'm'],
    ['€'.repeat(256), '€'.repeat(600)],
    ['id', 'short'],
  ] as const) {
    const budget = new ResultBudget(6_000)
    const written = results(6_000, id, message).map(result => budget.fit(result))
    assert.ok(bytesOf(written) <= MAX_RESULT_BYTES)
    assert.equal(budget.cut, id !== 'id')
  }
})
