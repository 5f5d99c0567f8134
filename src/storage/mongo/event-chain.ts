/**
 * The shared event log: a chain of batches, each one document. A batch's `_id` is the position of its first event, so
 * the next batch has one `_id` only that it can have: of several instances that insert there at the same time, one does.
 * The unique `_id` is all that the protocol asks of MongoDB; `docs/adr/0006-shared-log.md` argues why it is exact.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Collection, Db } from 'mongodb'
import { type LogEntry, type Seq, type StoredEntry, StoreUnavailable } from '../storage.ts'
import { isDuplicateKey, operation, write } from './connection.ts'

export const CHAIN = 'event_log'

interface ChainEvent {
  id: string
  at: Date
  content: string
  ruling: string
}

interface Batch {
  /** Position of the first event; the others follow without a gap. */
  _id: Seq
  /** Tells an attempt to insert it from those of others. */
  token: string
  events: ChainEvent[]
}

/** An insert whose answer gets lost is repeated for this time. */
const RETRY_LIMIT_MS = 5_000
const RETRY_MS = 100
/** A batch that has just been inserted is visible when a majority has it, which takes about this time. */
const VISIBLE_MS = 5

export class EventChain {
  readonly #batches: Collection<Batch>

  constructor(db: Db) {
    this.#batches = db.collection<Batch>(CHAIN)
  }

  /**
   * Inserts a batch behind the event `after`, which must be the last one of a batch (or 0). True: it is in the chain,
   * durably. False: another batch has that position. An attempt whose answer gets lost is repeated under the same token, so
   * that it counts once. @throws StoreUnavailable: it is not known whether it was inserted; if so, `read` will find it
   */
  async insert(after: Seq, entries: readonly LogEntry[]): Promise<boolean> {
    const batch = { _id: after + 1, token: randomUUID(), events: entries.map(toChainEvent) }
    const deadline = performance.now() + RETRY_LIMIT_MS
    while (true) {
      try {
        await write(bounds => this.#batches.insertOne(batch, bounds))
        return true
      } catch (fault) {
        if (!(fault instanceof StoreUnavailable)) throw fault
        const isTaken = isDuplicateKey(fault)
        const token = isTaken ? await this.#tokenAt(batch._id) : undefined
        if (token !== undefined) return token === batch.token
        if (performance.now() > deadline) throw fault
        await wait(isTaken ? VISIBLE_MS : RETRY_MS)
      }
    }
  }

  /**
   * The entries behind `after`, batch by batch, at most `limit` and the rest of their batch. Only what follows without a
   * gap: on a sharded cluster, a batch may be seen before the one in front of it. @throws StoreUnavailable
   */
  async *read(after: Seq, limit: number): AsyncGenerator<StoredEntry[]> {
    const cursor = this.#batches
      .find({ _id: { $gt: after } })
      .sort({ _id: 1 })
      .batchSize(20)
    let next = after + 1
    try {
      while (next <= after + limit) {
        const batch = await operation(() => cursor.next())
        if (batch?._id !== next) return
        next += batch.events.length
        yield toEntries(batch)
      }
    } finally {
      await cursor.close().catch(() => {})
    }
  }

  /** The batch that the event at `seq` is in, or the last one where the log ends before it. @throws StoreUnavailable */
  async batchOf(seq: Seq): Promise<StoredEntry[]> {
    const [batch] = await operation(() =>
      this.#batches
        .find({ _id: { $lte: seq } })
        .sort({ _id: -1 })
        .limit(1)
        .toArray(),
    )
    return batch ? toEntries(batch) : []
  }

  /** The token of the batch of this `_id`; undefined where a majority has none. @throws StoreUnavailable */
  async #tokenAt(_id: Seq): Promise<string | undefined> {
    const batch = await operation(() => this.#batches.findOne({ _id }, { projection: { token: 1 } }))
    return batch?.token
  }
}

function toChainEvent({ id, timestamp, content, decision }: LogEntry): ChainEvent {
  return { id, at: new Date(timestamp), content, ruling: decision }
}

function toEntries({ _id, events }: Batch): StoredEntry[] {
  return events.map(({ id, at, content, ruling }, i) => ({
    seq: _id + i,
    id,
    timestamp: at.getTime(),
    content,
    decision: ruling,
  }))
}
