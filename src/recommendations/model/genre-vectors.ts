/**
 * Each item's genres as a vector of length 1: log(1 + events) · log(items with genres / items with this genre), so that a rare
 * genre says more than one that most items have. A genre of all items says nothing, and is left out.
 */
import type { ItemGenres, SparseRows } from './training-data.ts'

export function genreVectors({ names, items }: ItemGenres): ItemGenres {
  const rarity = rarityOf(items, names.length)
  const starts = new Int32Array(items.starts.length)
  const columns = new Int32Array(items.columns.length)
  const values = new Float32Array(items.values.length)
  let end = 0
  for (let item = 0; item + 1 < items.starts.length; item++) {
    const begin = end
    let squares = 0
    for (let at = items.starts[item]!; at < items.starts[item + 1]!; at++) {
      const genre = items.columns[at]!
      const value = Math.log1p(items.values[at]!) * rarity[genre]!
      if (value === 0) continue
      columns[end] = genre
      values[end++] = value
      squares += value * value
    }
    const length = Math.sqrt(squares)
    for (let at = begin; at < end; at++) values[at]! /= length
    starts[item + 1] = end
  }
  return { names, items: { starts, columns: columns.slice(0, end), values: values.slice(0, end) } }
}

function rarityOf({ starts, columns }: SparseRows, genreCount: number): Float64Array {
  const itemsOf = new Float64Array(genreCount)
  for (const genre of columns) itemsOf[genre]!++
  let withGenres = 0
  for (let item = 0; item + 1 < starts.length; item++) if (starts[item + 1]! > starts[item]!) withGenres++
  return itemsOf.map(items => (items === 0 ? 0 : Math.log(withGenres / items)))
}
