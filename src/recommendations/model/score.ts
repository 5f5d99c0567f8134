/**
 * How well each item suits a listener's present history, and how much of that is owed to each item of the history.
 *
 * Three parts are added, all of them sums over the history: the factorisation, in which the listener gets a vector by folding in
 * (Hu, Koren, Volinsky 2008, section 5); the nearest items, which say more where little is known; and the genres.
 */
import { rowSystem, unobservedWeights } from './factorisation.ts'
import { dot, solveCholesky } from './linear-algebra.ts'
import type { Model } from './model.ts'
import { dotOfRows, valueAt } from './sparse-rows.ts'

export interface HistoryItem {
  /** Its number in the model. */
  item: number
  /** Above 0 (`item-weight.ts`). */
  weight: number
}

export interface ItemScores {
  /** By item, at most 1; below 0 where the history speaks against an item. */
  scores: Float64Array
  /** The part of an item's score that each item of the history brings, in their order: they add up to the score. */
  sharesOf(item: number): Float64Array
  /** The part of an item's score that its genres bring. */
  genreShareOf(item: number): number
}

const GENRE_WEIGHT = 0.3
/** The weight of the nearest items: 1 for up to 3 items of history, and √(3/m) for m of them. */
const neighbourWeight = (historyItems: number): number => Math.min(1, Math.sqrt(3 / historyItems))

export function scoreItems(model: Model, history: readonly HistoryItem[]): ItemScores {
  const { dimensions, factors, neighbours, genres } = model
  if (history.length === 0) return nothing(model)
  const columns = Int32Array.from(history, ({ item }) => item)
  const mean = history.reduce((sum, { weight }) => sum + weight, 0) / history.length
  const weights = Float32Array.from(history, ({ weight }) => weight / mean)
  const items = model.ids.length

  const lower = new Float64Array(dimensions * dimensions)
  const listener = new Float64Array(dimensions)
  const zeros = unobservedWeights(model.listeners).reduce((sum, weight) => sum + weight, 0)
  rowSystem(lower, listener, { columns, values: weights, start: 0, end: columns.length }, factors, {
    gram: model.gram,
    scale: 1,
    zeros,
  })
  solveCholesky(lower, listener)

  const scores = new Float64Array(items)
  for (let item = 0; item < items; item++) scores[item] = dot(factors, item * dimensions, listener, dimensions)
  const near = new Float64Array(items)
  for (let i = 0; i < columns.length; i++) {
    const row = columns[i]!
    for (let at = neighbours.starts[row]!; at < neighbours.starts[row + 1]!; at++) {
      near[neighbours.columns[at]!]! += weights[i]! * neighbours.values[at]!
    }
  }
  const profile = new Float64Array(genres.names.length)
  for (let i = 0; i < columns.length; i++) {
    const row = columns[i]!
    for (let at = genres.items.starts[row]!; at < genres.items.starts[row + 1]!; at++) {
      profile[genres.items.columns[at]!]! += weights[i]! * genres.items.values[at]!
    }
  }

  const b = neighbourWeight(columns.length)
  const total = 1 + b + GENRE_WEIGHT
  const byVectors = 1 / total / (greatest(scores) || 1)
  const byNeighbours = b / total / (greatest(near) || 1)
  const byGenres = GENRE_WEIGHT / total / (Math.hypot(...profile) || 1)
  const genreShareOf = (item: number): number => {
    let sum = 0
    for (let at = genres.items.starts[item]!; at < genres.items.starts[item + 1]!; at++) {
      sum += genres.items.values[at]! * profile[genres.items.columns[at]!]!
    }
    return byGenres * sum
  }
  for (let item = 0; item < items; item++) {
    scores[item] = byVectors * scores[item]! + byNeighbours * near[item]! + genreShareOf(item)
  }

  return {
    scores,
    genreShareOf,
    sharesOf(item) {
      const pulled = Float64Array.from(factors.subarray(item * dimensions, (item + 1) * dimensions))
      solveCholesky(lower, pulled)
      return Float64Array.from(columns, (own, i) => {
        const vectors = dot(factors, own * dimensions, pulled, dimensions)
        const both = byVectors * vectors + byNeighbours * valueAt(neighbours, own, item)
        return weights[i]! * (both + byGenres * dotOfRows(genres.items, own, item))
      })
    },
  }
}

function nothing({ ids }: Model): ItemScores {
  return { scores: new Float64Array(ids.length), sharesOf: () => new Float64Array(0), genreShareOf: () => 0 }
}

function greatest(values: Float64Array): number {
  let most = 0
  for (const value of values) most = Math.max(most, Math.abs(value))
  return most
}
