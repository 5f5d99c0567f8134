/** What the write thread and the project thread ask of each other. */
import type { Round, Seq } from '../storage/storage.ts'

export type ForProjector = {
  lastSeq(): Promise<Seq>
  /** As `Storage.apply`. */
  apply(round: Round): Promise<void>
}

export type ForWriter = {
  /** The log has grown to `lastSeq`. */
  appended(lastSeq: Seq): void
}

/** What the write thread tells its owner. */
export type ForOwner = {
  /** Events were counted. */
  projected(): void
}
