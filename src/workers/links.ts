/** What the threads ask of each other, and what they tell their owner. */
import type { KeepSetAside } from '../ingestion/set-aside.ts'
import type { Seq } from '../storage/storage.ts'

/** What the write thread does for the figures. */
export type ForFigures = {
  /** The last entry of the log once all that other instances had appended is taken in. */
  lastSeqOfAll(): Promise<Seq>
  /** The figures contain the log up to `seq`. */
  counted(seq: Seq): void
  /** The figures can't be written now: nobody should wait for them. */
  held(): void
  keepSetAside: KeepSetAside
}

/** What the figures thread hears from the write thread. */
export type ForWriter = {
  /** The log has grown to `lastSeq`. */
  appended(lastSeq: Seq): void
  /** The catalogue said something. */
  recordsChanged(): void
}

/** What the write thread tells its owner. */
export type OfWriter = {
  /** So many dead letters left because there were too many. */
  lettersDropped(count: number): void
}

/** What the figures thread tells its owner. */
export type OfFigures = {
  /** The figures contain more than before. */
  counted(): void
  /** A line for the log. */
  announce(line: string): void
}
