/** Makes training data of what `read-training-data.ts` wrote: the same for the same events, in whatever order they arrived. */
import { compareIds } from '../../identity/entity-ref.ts'
import type { ItemKind } from '../item-kind.ts'
import { divideByMean } from '../model/sparse-rows.ts'
import type { ItemGenres, SparseRows, TrainingData } from '../model/training-data.ts'
import type { ArrayFileReader } from './array-file.ts'
import { orderByContent, rowsInOrder, sortRows } from './row-order.ts'

export interface ReadTrainingData {
  data: TrainingData
  /** The number of each row's listener in the figures. */
  listenerOf: Int32Array
}

/**
 * The training data of one kind: a row for each of these listeners, empty where the file has none of theirs; by default for all
 * listeners of the file.
 */
export async function trainingDataOf(
  file: ArrayFileReader,
  kind: ItemKind,
  listeners?: Int32Array,
): Promise<ReadTrainingData> {
  const ids = await file.texts(`${kind} ids`)
  const artists = await file.texts(`${kind} artists`)
  const plays = await file.numbers(`${kind} plays`, 'Float32Array')
  // The positions in the file, in the order of ids, and the other way round.
  const order = Int32Array.from(ids.keys()).sort((a, b) => compareIds(ids[a]!, ids[b]!))
  const places = new Int32Array(order.length)
  for (const [place, position] of order.entries()) places[position] = place
  const { listenerOf, rows } = await listenerRows(file, kind, places, listeners)
  const data = {
    kind,
    ids: Array.from(order, position => ids[position]!),
    artists: Array.from(order, position => artists[position]! || null),
    popularity: plays.map((_, place) => plays[order[place]!]!),
    listeners: rows,
    genres: await genresOf(file, kind, places),
  }
  return { data, listenerOf }
}

async function listenerRows(file: ArrayFileReader, kind: ItemKind, places: Int32Array, wanted?: Int32Array) {
  const found = await rowsOfFile(file, kind, places)
  const order = wanted ? rowsOfListeners(found.listenerOf, wanted) : orderByContent(found.rows)
  const rows = rowsInOrder(found.rows, order)
  divideByMean(rows)
  return { listenerOf: wanted ?? order.map(row => found.listenerOf[row]!), rows }
}

/** The row of each listener; -1 where there is none. */
function rowsOfListeners(listenerOf: readonly number[], wanted: Int32Array): Int32Array {
  const rowOf = new Map(listenerOf.map((listener, row) => [listener, row]))
  return wanted.map(listener => rowOf.get(listener) ?? -1)
}

/** A row for each listener, in the order of the file. */
interface RowsOfFile {
  listenerOf: number[]
  rows: SparseRows
}

/**
 * The file has pairs part by part, where those of one listener are all in one part. Listeners have no order of their own but
 * that of arrival, so that their rows are to be ordered by what is in them.
 */
async function rowsOfFile(file: ArrayFileReader, kind: ItemKind, places: Int32Array): Promise<RowsOfFile> {
  const count = file.lengthOf(`${kind} pair items`)
  const rows: SparseRows = {
    starts: new Int32Array(0),
    columns: new Int32Array(count),
    values: new Float32Array(count),
  }
  const starts = [0]
  const listenerOf: number[] = []
  const items = file.pieces(`${kind} pair items`, 'Int32Array')
  const weights = file.pieces(`${kind} pair weights`, 'Float32Array')
  let at = 0
  for await (const listeners of file.pieces(`${kind} pair listeners`, 'Int32Array')) {
    const itemsOfPart = (await items.next()).value as Int32Array
    const weightsOfPart = (await weights.next()).value as Float32Array
    const rowOf = new Map<number, number>()
    for (const listener of listeners) rowOf.set(listener, (rowOf.get(listener) ?? 0) + 1)
    // From now on: where the next pair of each listener goes.
    for (const [listener, pairs] of rowOf) {
      rowOf.set(listener, at)
      at += pairs
      starts.push(at)
      listenerOf.push(listener)
    }
    for (const [i, listener] of listeners.entries()) {
      const place = rowOf.get(listener)!
      rows.columns[place] = places[itemsOfPart[i]!]!
      rows.values[place] = weightsOfPart[i]!
      rowOf.set(listener, place + 1)
    }
  }
  rows.starts = Int32Array.from(starts)
  sortRows(rows)
  return { listenerOf, rows }
}

/** The genres of items, in the order of their names. */
async function genresOf(file: ArrayFileReader, kind: ItemKind, places: Int32Array): Promise<ItemGenres> {
  const texts = await file.texts('genre names')
  const nameOf = new Map(
    [...(await file.numbers('genre numbers', 'Int32Array'))].map((number, i) => [number, texts[i]!]),
  )
  const items = await file.numbers(`${kind} genre items`, 'Int32Array')
  const numbers = await file.numbers(`${kind} genre numbers`, 'Int32Array')
  const events = await file.numbers(`${kind} genre events`, 'Float32Array')
  const names = [...new Set(numbers)].map(number => nameOf.get(number)!).sort(compareIds)
  const columnOf = new Map(names.map((name, column) => [name, column]))
  const starts = new Int32Array(places.length + 1)
  for (const item of items) starts[places[item]! + 1]!++
  for (let place = 0; place < places.length; place++) starts[place + 1]! += starts[place]!
  const next = starts.slice()
  const rows: SparseRows = { starts, columns: new Int32Array(items.length), values: new Float32Array(items.length) }
  for (const [i, item] of items.entries()) {
    const at = next[places[item]!]!++
    rows.columns[at] = columnOf.get(nameOf.get(numbers[i]!)!)!
    rows.values[at] = events[i]!
  }
  sortRows(rows)
  return { names, items: rows }
}
