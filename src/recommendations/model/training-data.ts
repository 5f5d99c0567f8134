/** What a model is trained from: a function of the facts, the same in whatever order events arrived. */
import type { ItemKind } from '../item-kind.ts'

/**
 * A sparse matrix by rows: row `r` has the entries from `starts[r]` up to but without `starts[r + 1]`, in ascending columns.
 * Example: rows (0, 2) and (5) with the values 1, 3 and 2 are starts 0, 2, 3; columns 0, 2, 5; values 1, 3, 2.
 */
export interface SparseRows {
  starts: Int32Array
  columns: Int32Array
  values: Float32Array
}

/** Of one kind of items. Items are numbered from 0 in the order of their ids. */
export interface TrainingData {
  kind: ItemKind
  ids: readonly string[]
  /** The artist of each item, of an artist itself; null where none is known. */
  artists: readonly (string | null)[]
  /** A row for each listener, a column for each item; the values are weights (`item-weight.ts`) divided by their mean in the row. */
  listeners: SparseRows
  genres: ItemGenres
  /** The decayed plays of each item. */
  popularity: Float32Array
}

/** The genres that events and the catalogue name with items. */
export interface ItemGenres {
  /** Folded. */
  names: readonly string[]
  /** A row for each item, a column for each of `names`. In training data, a value is a number of events. */
  items: SparseRows
}
