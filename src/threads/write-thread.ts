/** The write thread: holds the only writing connection, appends what the main thread sends, and runs the projector. */
import { parentPort, workerData } from 'node:worker_threads'
import { Projecting } from '../projections/projecting.ts'
import { TABLES } from '../projections/registry.ts'
import { openStorage, type StoreLocation } from '../storage/open-storage.ts'
import { type AppendOutcome, type Documents, StoreUnavailable } from '../storage/storage.ts'
import { type EntryColumns, fromColumns } from './entry-columns.ts'
import { offer } from './remote.ts'
import { WriteGuard } from './write-guard.ts'

const storage = openStorage(workerData as StoreLocation, TABLES)
const { documents } = storage
const guard = new WriteGuard(() => documents.put('probe', [{ id: 'probe', group: 'probe', value: '' }], 1))
const projecting = await Projecting.start({ storage, clock: Date.now, onFault: fault => guard.note(fault) })

const functions = {
  async append(columns: EntryColumns): Promise<AppendOutcome[]> {
    const outcomes = await guard.run(() => storage.append(fromColumns(columns)))
    projecting.appended(await storage.lastSeq())
    return outcomes
  },
  status: () => ({ lag: projecting.lag(), fault: guard.fault }),
  putDocuments: (...args: Parameters<Documents['put']>) => guard.run(() => documents.put(...args)),
  getDocument: (...args: Parameters<Documents['get']>) => documents.get(...args),
  listDocuments: (...args: Parameters<Documents['list']>) => documents.list(...args),
  countDocuments: (...args: Parameters<Documents['counts']>) => documents.counts(...args),
  removeDocuments: (...args: Parameters<Documents['remove']>) => guard.run(() => documents.remove(...args)),
  /** Projects what is left and closes the store. What can't be projected now will be at the next start. */
  async close(): Promise<void> {
    guard.stop()
    try {
      await projecting.finish()
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    }
    await storage.close()
  },
}

export type WriteThread = typeof functions

if (parentPort) offer(parentPort, functions)
