/** What the write thread and the project thread ask of each other. */
import type { KeepSetAside } from '../events/set-aside.ts'
import type { Round, Seq } from '../storage/storage.ts'

export type ForProjector = {
  lastSeq(): Promise<Seq>
  /** As `Storage.apply`. */
  apply(round: Round): Promise<void>
  keepSetAside: KeepSetAside
}

export type ForWriter = {
  /** The log has grown to `lastSeq`. */
  appended(lastSeq: Seq): void
}

/** What the write thread tells its owner. */
export type ForOwner = {
  /** Events were counted. */
  projected(): void
  /** So many dead letters left because there were too many. */
  lettersDropped(count: number): void
}
