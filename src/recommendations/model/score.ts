/**
 * How well each item suits a listener's present history, and how much of that is owed to each item of the history.
 *
 * Three parts are added, all of them sums over the history: the factorisation, in which the listener gets a vector by folding in
 * (Hu, Koren, Volinsky 2008, section 5); the nearest items, which say more where little is known; and the genres.
 */
import { FoldIn, type Ones } from './fold-in.ts'
import type { Model } from './model.ts'
import { dotOfRows, valueAt } from './sparse-rows.ts'
import type { ItemGenres, SparseRows } from './training-data.ts'

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

/** The factorisation weighs 1. */
const GENRE_WEIGHT = 0.3

/** The weight of the nearest items: 3 for a history of one item, and 0.1 for one of 30. They say more where little is known. */
const neighbourWeight = (historyItems: number): number => 3 / historyItems

/** Scores all items of the model, those of the history too. */
export function scoreItems(model: Model, history: readonly HistoryItem[]): ItemScores {
  if (history.length === 0) return nothing(model)
  const { neighbours, genres } = model
  const ones = onesOf(history)
  const folded = new FoldIn(model, ones)
  const scores = folded.scores()
  const near = nearness(neighbours, ones)
  const profile = genreProfile(genres, ones)

  // Each part is divided by its greatest value, and their sum by the greatest that it can be.
  const nearWeight = neighbourWeight(history.length)
  const total = 1 + nearWeight + GENRE_WEIGHT
  const perFolded = 1 / total / greatest(scores)
  const perNear = nearWeight / total / greatest(near)
  const perGenre = GENRE_WEIGHT / total / lengthOf(profile)
  const genreShareOf = (item: number) => perGenre * dotWith(profile, genres.items, item)
  for (let item = 0; item < scores.length; item++) {
    scores[item] = perFolded * scores[item]! + perNear * near[item]! + genreShareOf(item)
  }

  const sharesOf = (item: number) => {
    const vectorShares = folded.sharesOf(item)
    return Float64Array.from(ones.items, (own, i) => {
      const byLink = perNear * valueAt(neighbours, own, item) + perGenre * dotOfRows(genres.items, own, item)
      return perFolded * vectorShares[i]! + ones.weights[i]! * byLink
    })
  }
  return { scores, sharesOf, genreShareOf }
}

function nothing({ ids }: Model): ItemScores {
  return { scores: new Float64Array(ids.length), sharesOf: () => new Float64Array(0), genreShareOf: () => 0 }
}

function onesOf(history: readonly HistoryItem[]): Ones {
  const mean = history.reduce((sum, { weight }) => sum + weight, 0) / history.length
  return {
    items: Int32Array.from(history, ({ item }) => item),
    weights: Float32Array.from(history, ({ weight }) => weight / mean),
  }
}

/** By item: the sum of its links from the items of the history. */
function nearness({ starts, columns, values }: SparseRows, { items, weights }: Ones): Float64Array {
  const near = new Float64Array(starts.length - 1)
  items.forEach((own, i) => {
    for (let at = starts[own]!; at < starts[own + 1]!; at++) near[columns[at]!]! += weights[i]! * values[at]!
  })
  return near
}

/** By genre: the sum of the genre vectors of the history. */
function genreProfile(
  { names, items: { starts, columns, values } }: ItemGenres,
  { items, weights }: Ones,
): Float64Array {
  const profile = new Float64Array(names.length)
  items.forEach((own, i) => {
    for (let at = starts[own]!; at < starts[own + 1]!; at++) profile[columns[at]!]! += weights[i]! * values[at]!
  })
  return profile
}

function dotWith(vector: Float64Array, { starts, columns, values }: SparseRows, row: number): number {
  let sum = 0
  for (let at = starts[row]!; at < starts[row + 1]!; at++) sum += values[at]! * vector[columns[at]!]!
  return sum
}

/** The greatest absolute value; 1 where all are 0, so that one can divide by it. */
function greatest(values: Float64Array): number {
  let most = 0
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!)
    if (size > most) most = size
  }
  return most || 1
}

/** 1 where all values are 0. */
const lengthOf = (vector: Float64Array): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1
