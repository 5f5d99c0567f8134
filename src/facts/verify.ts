/** `verify`: recomputes the projections from the log beside the live ones, and reports every difference. */
import type { KeepSetAside } from '../events/set-aside.ts'
import type { Cell, LogReader, Reads, Seq, Storage, TableSpec } from '../storage/storage.ts'
import { projectRounds } from './projector.ts'

export interface Difference {
  table: string
  cell: Omit<Cell, 'value'>
  /** Undefined where there is no such cell. */
  live: number | undefined
  recomputed: number | undefined
}

/**
 * Compares the state that `live` sees with the log up to its checkpoint: its own, or the one that several instances share.
 * `scratch` is an empty store, which is filled. The service may run meanwhile. `onSetAside` hears of what neither can
 * contain.
 */
export async function* verify(
  live: Reads,
  log: LogReader,
  scratch: Storage,
  tables: readonly TableSpec[],
  onSetAside: KeepSetAside,
  onProgress: (done: Seq, all: Seq) => void,
): AsyncGenerator<Difference> {
  const all = await live.checkpoint()
  const events = { keepSetAside: onSetAside, onApplied: (done: Seq) => onProgress(done, all) }
  await projectRounds(log, scratch, 0, all, events)
  for (const { name } of tables) {
    yield* await scratch.snapshot(async recomputed => differences(name, live.scan(name), recomputed.scan(name)))
  }
}

/** Both scans are in the same order, so that one pass over both finds all. */
async function* differences(
  table: string,
  live: AsyncIterable<Cell>,
  recomputed: AsyncIterable<Cell>,
): AsyncGenerator<Difference> {
  const left = live[Symbol.asyncIterator]()
  const right = recomputed[Symbol.asyncIterator]()
  let a = (await left.next()).value as Cell | undefined
  let b = (await right.next()).value as Cell | undefined
  while (a || b) {
    const order = compareCells(a, b)
    const { value: _value, ...cell } = (order <= 0 ? a : b) as Cell
    const values = { live: order <= 0 ? a?.value : undefined, recomputed: order >= 0 ? b?.value : undefined }
    if (values.live !== values.recomputed) yield { table, cell, ...values }
    if (order <= 0) a = (await left.next()).value as Cell | undefined
    if (order >= 0) b = (await right.next()).value as Cell | undefined
  }
}

const LEVELS = ['quarter', 'month', 'all']

function compareCells(a: Cell | undefined, b: Cell | undefined): number {
  if (!a || !b) return a ? -1 : 1
  if (a.level !== b.level) return LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level)
  if (a.bucket !== b.bucket) return a.bucket - b.bucket
  if (a.key !== b.key) return a.key < b.key ? -1 : 1
  return a.field < b.field ? -1 : a.field > b.field ? 1 : 0
}
