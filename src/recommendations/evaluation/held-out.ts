/** How well a model foretells what it has not seen: listeners' first hearings after the moment up to which it knows. */
import { bestItems } from '../lists/best-items.ts'
import type { Model } from '../model/model.ts'
import type { HistoryItem } from '../model/score.ts'
import { rowCount } from '../model/sparse-rows.ts'
import type { TrainingData } from '../model/training-data.ts'
import { coverageAt, listenersAt, mean, ndcgAt, recallAt } from './metrics.ts'
import { servedList } from './served-list.ts'

/** Of more listeners, so many are tested, at equal distances. */
const MOST_LISTENERS = 2_000
const LONGEST_LIST = 20

export interface ListFigures {
  /** See `metrics.ts`. The first two are means over the listeners. */
  ndcgAt10: number
  recallAt20: number
  coverageAt10: number
  /** How many listeners a recommended item has, on average. */
  listenersAt10: number
}

export interface HeldOutFigures {
  /** How many listeners it was tested on. */
  listeners: number
  model: ListFigures
  /** The same for lists of the most popular items: of the most decayed plays. */
  popularity: ListFigures
}

/**
 * The lists that the model gives for what listeners had before, held against what they heard first after it; null where nobody
 * heard anything new. What the model does not know at all is not asked for.
 * @param model trained from `before` alone.
 * @param after row r is the listener of row r of `before`; items are those of its own ids.
 */
export function heldOutFigures(model: Model, before: TrainingData, after: TrainingData): HeldOutFigures | null {
  const cases = heldOutCases(model, before, after)
  if (cases.length === 0) return null
  const byModel = cases.map(listener => servedList(model, listener, { limit: LONGEST_LIST, isExploring: false }))
  const byPopularity = cases.map(({ known }) => bestItems(model.popularity, item => known.has(item), LONGEST_LIST))
  return {
    listeners: cases.length,
    model: figuresOf(byModel, cases, model),
    popularity: figuresOf(byPopularity, cases, model),
  }
}

/** What a listener had before, and what came after it, by the model's numbers. */
interface HeldOutCase {
  history: HistoryItem[]
  known: Set<number>
  /** Not empty. */
  wanted: Set<number>
}

/** At most MOST_LISTENERS of those who heard something new, at equal distances: the cases of all would take very much memory. */
function heldOutCases(model: Model, before: TrainingData, after: TrainingData): HeldOutCase[] {
  const itemOf = { before: numbersIn(model, before), after: numbersIn(model, after) }
  const caseOf = (row: number): HeldOutCase => {
    const history = historyOf(before, row, itemOf.before)
    const known = new Set(history.map(({ item }) => item))
    const heard = historyOf(after, row, itemOf.after).map(({ item }) => item)
    return { history, known, wanted: new Set(heard.filter(item => !known.has(item))) }
  }
  const rows: number[] = []
  for (let row = 0; row < rowCount(before.listeners); row++) {
    const { history, wanted } = caseOf(row)
    if (history.length > 0 && wanted.size > 0) rows.push(row)
  }
  return atEqualDistances(rows, MOST_LISTENERS).map(caseOf)
}

/** By the number of an item in the data, its number in the model; -1 where the model does not know it. */
function numbersIn({ ids }: Model, data: TrainingData): Int32Array {
  const numbers = new Map(ids.map((id, item) => [id, item]))
  return Int32Array.from(data.ids, id => numbers.get(id) ?? -1)
}

/** What a listener has of the items that the model knows. */
function historyOf({ listeners: { starts, columns, values } }: TrainingData, row: number, itemOf: Int32Array) {
  const history: HistoryItem[] = []
  for (let at = starts[row]!; at < starts[row + 1]!; at++) {
    const item = itemOf[columns[at]!]!
    if (item >= 0) history.push({ item, weight: values[at]! })
  }
  return history
}

function atEqualDistances<T>(values: readonly T[], most: number): T[] {
  const count = Math.min(most, values.length)
  return Array.from({ length: count }, (_, i) => values[Math.floor((i * values.length) / count)]!)
}

function figuresOf(lists: number[][], cases: readonly HeldOutCase[], model: Model): ListFigures {
  return {
    ndcgAt10: mean(lists.map((list, i) => ndcgAt(10, list, cases[i]!.wanted))),
    recallAt20: mean(lists.map((list, i) => recallAt(20, list, cases[i]!.wanted))),
    coverageAt10: coverageAt(10, lists, model.ids.length),
    listenersAt10: listenersAt(10, lists, model.listeners),
  }
}
