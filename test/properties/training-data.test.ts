/** What models are trained from, read from a real store, against a plain scan of the same events. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ITEM_KINDS, type ItemKind } from '../../src/recommendations/item-kind.ts'
import type { SparseRows, TrainingData } from '../../src/recommendations/model/training-data.ts'
import { ALL_TIME } from '../../src/recommendations/training/read-training-data.ts'
import type { Figures } from '../../src/storage/figures.ts'
import { trainingDataIn } from '../support/models-of-figures.ts'
import { NaiveTraining, type NaiveTrainingData } from '../support/naive-training.ts'
import { withEvents } from '../support/query-store.ts'
import { catalogueFacts, instants, randomEvents } from '../support/random-events.ts'

/** The entries of each row, by what their columns are called. */
function rowsOf({ starts, columns, values }: SparseRows, names: readonly string[]): Map<string, number>[] {
  return Array.from({ length: starts.length - 1 }, (_, row) => {
    const own = columns.subarray(starts[row], starts[row + 1])
    assert.deepEqual(
      [...own],
      [...new Set(own)].sort((a, b) => a - b),
      'columns ascend',
    )
    return new Map([...own].map((column, i) => [names[column]!, values[starts[row]! + i]!]))
  })
}

/** Weights as texts, as the single-precision numbers that they are kept as. */
const written = (row: ReadonlyMap<string, number>): string =>
  [...row]
    .map(([name, value]) => `${name} ${Math.fround(value)}`)
    .sort()
    .join('; ')

function compare(data: TrainingData, naive: NaiveTrainingData): void {
  assert.deepEqual(data.ids, naive.ids)
  assert.deepEqual(data.artists, naive.artists)
  for (const [i, plays] of naive.popularity.entries()) {
    assert.ok(
      Math.abs(data.popularity[i]! - plays) <= 1e-6 * plays + 1e-9,
      `${data.ids[i]}: ${data.popularity[i]}, ${plays}`,
    )
  }
  assert.deepEqual(rowsOf(data.listeners, data.ids).map(written).sort(), naive.listeners.map(written).sort())
  assert.deepEqual(rowsOf(data.genres.items, data.genres.names).map(written), naive.genres.map(written))
}

test('training data equals a plain scan of the events, and is the same in whatever order they arrived', async () => {
  const shuffled = randomEvents(60).chain(events =>
    fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length })),
  )
  const facts = fc.oneof(fc.constant(new Map()), catalogueFacts)
  const property = fc.asyncProperty(
    shuffled,
    facts,
    fc.oneof(fc.constant(ALL_TIME.to), instants),
    async ([events, otherOrder], facts, before) => {
      const naive = new NaiveTraining(events, facts)
      const read: Map<ItemKind, TrainingData>[] = []
      const check = async (figures: Figures) => {
        const all = await trainingDataIn(figures, before)
        for (const kind of ITEM_KINDS) compare(all.get(kind)!, naive.data(kind, before))
        read.push(all)
      }
      await withEvents(events, 3, check, facts)
      await withEvents(otherOrder, 1, check, facts)
      assert.deepEqual(read[0], read[1])
    },
  )
  await fc.assert(property, { numRuns: 40, interruptAfterTimeLimit: 5_000 })
})
