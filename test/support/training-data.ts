/** Training data for tests. */
import { divideByMean } from '../../src/recommendations/model/sparse-rows.ts'
import type { TrainingData } from '../../src/recommendations/model/training-data.ts'

/** Each row has the items of one listener, the first of most weight; item i has the genres of all its divisors among 2, 3 and 5. */
export function trainingOf(rows: readonly (readonly number[])[], itemCount: number): TrainingData {
  const sorted = rows.map(row =>
    row.map((item, i) => ({ item, weight: 1 + row.length - i })).sort((a, b) => a.item - b.item),
  )
  const genres = Array.from({ length: itemCount }, (_, item) =>
    [2, 3, 5].flatMap((prime, at) => (item % prime ? [] : [at])),
  )
  const listeners = {
    starts: startsOf(sorted),
    columns: Int32Array.from(sorted.flat(), ({ item }) => item),
    values: Float32Array.from(sorted.flat(), ({ weight }) => weight),
  }
  divideByMean(listeners)
  const ids = Array.from({ length: itemCount }, (_, item) => String(item))
  return {
    kind: 'artist',
    ids,
    artists: ids,
    listeners,
    genres: {
      names: ['two', 'three', 'five'],
      items: {
        starts: startsOf(genres),
        columns: Int32Array.from(genres.flat()),
        values: Float32Array.from(genres.flat(), () => 2),
      },
    },
    popularity: Float32Array.from(ids, (_, item) => itemCount - item),
  }
}

function startsOf(rows: readonly (readonly unknown[])[]): Int32Array {
  const starts = new Int32Array(rows.length + 1)
  rows.forEach((row, i) => {
    starts[i + 1] = starts[i]! + row.length
  })
  return starts
}
