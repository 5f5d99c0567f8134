/** Why a model recommends an item: what of the listener's history brings most of its score. */
import type { Model } from '../model/model.ts'
import type { HistoryItem, ItemScores } from '../model/score.ts'
import { valueAt } from '../model/sparse-rows.ts'

export interface Explanation {
  /** `similar:<id>` with the item of the greatest share, or `genre:<genre>` where genres bring more than listening does. */
  reason: string
  /** What each item of the history brings; they add up to the score. */
  shares: Float64Array
}

export function explain(model: Model, history: readonly HistoryItem[], scores: ItemScores, item: number): Explanation {
  const shares = scores.sharesOf(item)
  const byGenres = scores.genreShareOf(item)
  if (byGenres > scores.scores[item]! - byGenres)
    return { reason: `genre:${strongestGenre(model, history, item)}`, shares }
  const strongest = history[indexOfGreatest(shares)]!
  return { reason: `similar:${model.ids[strongest.item]}`, shares }
}

/** The genre of the item that most of the history has; of equal ones, the first in the model. */
function strongestGenre({ genres }: Model, history: readonly HistoryItem[], item: number): string {
  const { starts, columns, values } = genres.items
  const own = columns.subarray(starts[item]!, starts[item + 1]!)
  const strengths = Float64Array.from(own, (genre, i) => {
    const ofHistory = history.map(({ item, weight }) => weight * valueAt(genres.items, item, genre))
    return values[starts[item]! + i]! * ofHistory.reduce((sum, strength) => sum + strength, 0)
  })
  return genres.names[own[indexOfGreatest(strengths)]!]!
}

/** Of equal values, the first one. */
function indexOfGreatest(values: Float64Array): number {
  let greatest = 0
  for (let i = 1; i < values.length; i++) if (values[i]! > values[greatest]!) greatest = i
  return greatest
}
