/** What a model is trained from, made of a data set as the service makes it of its facts. */
import type { PlayedItem } from '../../recommendations/evaluation/split.ts'
import { weightOfPlays } from '../../recommendations/item-weight.ts'
import { divideByMean } from '../../recommendations/model/sparse-rows.ts'
import type { ItemGenres, SparseRows, TrainingData } from '../../recommendations/model/training-data.ts'
import type { Tagging } from './data-set.ts'

/** `listeners` has what each listener played, in any order; those who played nothing are left out. Tags are the genres. */
export function trainingDataOf(
  artistIds: readonly string[],
  listeners: readonly (readonly PlayedItem[])[],
  taggings: readonly Tagging[],
): TrainingData {
  const weights = sparseRows(
    listeners
      .filter(played => played.length > 0)
      .map(played => new Map(played.map(({ item, plays }) => [item, weightOfPlays(plays)]))),
  )
  divideByMean(weights)
  const popularity = new Float32Array(artistIds.length)
  for (const { item, plays } of listeners.flat()) popularity[item]! += plays
  return {
    kind: 'artist',
    ids: artistIds,
    artists: artistIds,
    listeners: weights,
    genres: genresOf(artistIds.length, taggings),
    popularity,
  }
}

/** A tag of an artist counts as often as listeners gave it. */
function genresOf(artistCount: number, taggings: readonly Tagging[]): ItemGenres {
  const names = [...new Set(taggings.map(({ tag }) => tag))].sort()
  const numbers = new Map(names.map((name, number) => [name, number]))
  const rows = Array.from({ length: artistCount }, () => new Map<number, number>())
  for (const { artist, tag } of taggings) {
    const number = numbers.get(tag)!
    rows[artist]!.set(number, (rows[artist]!.get(number) ?? 0) + 1)
  }
  return { names, items: sparseRows(rows) }
}

/** Each map has the values of a row by column. */
function sparseRows(rows: readonly ReadonlyMap<number, number>[]): SparseRows {
  const entries = rows.map(row => [...row].sort(([a], [b]) => a - b))
  const starts = new Int32Array(rows.length + 1)
  for (const [row, { length }] of entries.entries()) starts[row + 1] = starts[row]! + length
  const all = entries.flat()
  return {
    starts,
    columns: Int32Array.from(all, ([column]) => column),
    values: Float32Array.from(all, ([, value]) => value),
  }
}
