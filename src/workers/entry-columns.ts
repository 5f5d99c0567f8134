/** Log entries on their way to the write thread, as columns: they are cloned several times faster than objects. */
import type { LogEntry } from '../storage/storage.ts'

export interface EntryColumns {
  ids: string[]
  timestamps: Float64Array
  contents: string[]
  decisions: string[]
}

export function toColumns(entries: readonly LogEntry[]): EntryColumns {
  return {
    ids: entries.map(entry => entry.id),
    timestamps: Float64Array.from(entries, entry => entry.timestamp),
    contents: entries.map(entry => entry.content),
    decisions: entries.map(entry => entry.decision),
  }
}

export function fromColumns({ ids, timestamps, contents, decisions }: EntryColumns): LogEntry[] {
  return ids.map((id, i) => ({
    id,
    timestamp: timestamps[i] as number,
    content: contents[i] as string,
    decision: decisions[i] as string,
  }))
}
