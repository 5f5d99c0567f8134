/** A bounded collection against a list of its documents in the order of their arrival. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openTempStore } from '../../../test/support/temp-store.ts'

const MAX = 5
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h')

type Step = { put: string[] } | { add: string; spared: string[] } | { remove: string } | { removeAll: true }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ put: fc.array(id, { maxLength: 8 }) }),
  fc.record({ add: id, spared: fc.array(id, { maxLength: 3 }) }),
  fc.record({ remove: id }),
  fc.constant({ removeAll: true as const }),
)

/** The ids after the step, the oldest first. */
function after(ids: readonly string[], step: Step): string[] {
  if ('removeAll' in step) return []
  if ('remove' in step) return ids.filter(each => each !== step.remove)
  if ('add' in step && ids.includes(step.add)) return [...ids]
  const added = 'put' in step ? step.put.filter((each, i) => step.put.lastIndexOf(each) === i) : [step.add]
  const all = [...ids.filter(each => !added.includes(each)), ...added]
  const spared = 'add' in step ? step.spared : []
  const leaving = all.filter(each => !spared.includes(each)).slice(0, Math.max(0, all.length - MAX))
  return all.filter(each => !leaving.includes(each))
}

test('a collection never has more documents than its bound', async () => {
  const { documents } = openTempStore()
  let collections = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async steps => {
      const collection = `collection-${++collections}`
      const document = (each: string) => ({ id: each, group: 'all', value: each })
      let expected: string[] = []
      for (const each of steps) {
        expected = after(expected, each)
        if ('put' in each) await documents.put(collection, each.put.map(document), MAX)
        else if ('add' in each) await documents.add(collection, document(each.add), MAX, each.spared)
        else await documents.remove(collection, 'remove' in each ? { ids: [each.remove] } : {})
        const found = await documents.list(collection, { limit: 100 })
        assert.deepEqual(found.map(({ id: of }) => of).reverse(), expected)
      }
    }),
    { numRuns: 60 },
  )
})
