/** A trained model of one kind of items: all that is needed to recommend to listeners whom it has never seen. */
import type { ItemKind } from '../item-kind.ts'
import type { ItemGenres, SparseRows } from './training-data.ts'

/** Items are numbered from 0 in the order of their ids. */
export interface Model {
  kind: ItemKind
  ids: readonly string[]
  /** The artist of each item, of an artist itself; null where none is known. */
  artists: readonly (string | null)[]
  /** How many numbers a vector has. */
  dimensions: number
  /** The vector of each item, one after the other. */
  factors: Float32Array
  /** What folding in a listener begins with (`factorisation.ts`): d rows of d numbers, symmetric. */
  gram: Float64Array
  /** The nearest items of each item, with the strength of their link, above 0. */
  neighbours: SparseRows
  /** Each row of `items` has length 1 (Euclidean), or is empty. */
  genres: ItemGenres
  /** The decayed plays of each item. */
  popularity: Float32Array
  /** How many listeners each item has. */
  listeners: Int32Array
  /** 1 where the item's artist is among the most played tenth of artists. */
  isMostPlayed: Uint8Array
}

/** The models of one training. Which kinds it has depends on what there was to learn from. */
export interface ModelSet {
  info: ModelInfo
  models: ReadonlyMap<ItemKind, Model>
}

export interface ModelInfo {
  /** Made of the content: the same facts give the same version. */
  version: string
  /** ISO 8601, UTC. */
  trainedAt: string
  /** The last entry of the log that it is trained from. */
  seq: number
  /** How long the training took, in milliseconds. */
  tookMs: number
  kinds: KindInfo[]
}

/** What one of its models was trained from. */
export interface KindInfo {
  kind: ItemKind
  listeners: number
  items: number
  /** How many pairs of a listener and an item. */
  pairs: number
  dimensions: number
}
