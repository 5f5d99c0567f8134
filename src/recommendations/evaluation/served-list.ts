/** The list that the service makes of a model for a listener, as the numbers of its items. */
import { listByModel, MOST_HISTORY } from '../lists/model-list.ts'
import type { Model } from '../model/model.ts'
import type { HistoryItem } from '../model/score.ts'

export interface TestedListener {
  /** In any order. */
  history: readonly HistoryItem[]
  /** What is in no list. */
  known: ReadonlySet<number>
}

export function servedList(
  model: Model,
  { history, known }: TestedListener,
  rules: { limit: number; isExploring: boolean },
): number[] {
  const greatest = history.toSorted((a, b) => b.weight - a.weight || a.item - b.item).slice(0, MOST_HISTORY)
  const list = listByModel(model, { history: greatest, known, had: known }, { ...rules, diversity: 0 })
  return list.map(({ item }) => item)
}
