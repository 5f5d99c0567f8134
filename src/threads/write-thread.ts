/** The write thread: holds the only writing connection; appends what the main thread sends, writes the projector's rounds. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { Lag } from '../projections/lag.ts'
import { TABLES } from '../projections/registry.ts'
import { openStorage, type StoreLocation } from '../storage/open-storage.ts'
import type { AppendOutcome, Documents, Round } from '../storage/storage.ts'
import { type EntryColumns, fromColumns } from './entry-columns.ts'
import type { ForOwner, ForProjector, ForWriter } from './project-link.ts'
import { connect, type Remote } from './remote.ts'
import { WriteGuard } from './write-guard.ts'

const storage = openStorage(workerData as StoreLocation, TABLES)
const { documents } = storage
const checkpoint = await storage.snapshot(reads => reads.checkpoint())
const lag = new Lag(Date.now, checkpoint, await storage.lastSeq())
const guard = new WriteGuard(() => documents.put('probe', [{ id: 'probe', group: 'probe', value: '' }], 1))
let projector: Remote<ForWriter> | undefined
let owner: Remote<ForOwner> | undefined

/** What the project thread calls. */
const forProjector: ForProjector = {
  lastSeq: () => storage.lastSeq(),
  async apply(round: Round): Promise<void> {
    try {
      await guard.run(() => storage.apply(round))
      lag.applied(round.upTo)
      owner?.projected()
    } catch (error) {
      lag.release()
      throw error
    }
  },
}

const functions = {
  /** Connects the project thread. */
  connectProjector(port: MessagePort): void {
    projector = connect<ForWriter>(port, forProjector).remote
  },
  async append(columns: EntryColumns): Promise<AppendOutcome[]> {
    if (guard.fault === undefined) await lag.room()
    const outcomes = await guard.run(() => storage.append(fromColumns(columns)))
    const lastSeq = await storage.lastSeq()
    lag.appended(lastSeq)
    projector?.appended(lastSeq)
    return outcomes
  },
  status: () => ({ lag: { events: lag.events, ms: lag.ms }, fault: guard.fault }),
  putDocuments: (...args: Parameters<Documents['put']>) => guard.run(() => documents.put(...args)),
  addDocument: (...args: Parameters<Documents['add']>) => guard.run(() => documents.add(...args)),
  swapDocument: (...args: Parameters<Documents['swap']>) => guard.run(() => documents.swap(...args)),
  getDocument: (...args: Parameters<Documents['get']>) => documents.get(...args),
  listDocuments: (...args: Parameters<Documents['list']>) => documents.list(...args),
  countDocuments: (...args: Parameters<Documents['counts']>) => documents.counts(...args),
  removeDocuments: (...args: Parameters<Documents['remove']>) => guard.run(() => documents.remove(...args)),
  async close(): Promise<void> {
    guard.stop()
    await storage.close()
  },
}

export type WriteThread = typeof functions

if (parentPort) owner = connect<ForOwner>(parentPort, functions).remote
