/** The write thread: holds the only writing connection, appends what the main thread sends, and runs the projector. */
import { parentPort, workerData } from 'node:worker_threads'
import { Projecting } from '../projections/projecting.ts'
import { TABLES } from '../projections/registry.ts'
import { openStorage, type StoreLocation } from '../storage/open-storage.ts'
import type { AppendOutcome, Documents } from '../storage/storage.ts'
import { type EntryColumns, fromColumns } from './entry-columns.ts'
import { offer } from './remote.ts'

const storage = openStorage(workerData as StoreLocation, TABLES)
const { documents } = storage
const projecting = await Projecting.start({ storage, clock: Date.now, onFault: noteFault })
let lastFault: string | undefined

function noteFault(error: unknown): void {
  lastFault = error instanceof Error ? error.message : String(error)
}

const functions = {
  async append(columns: EntryColumns): Promise<AppendOutcome[]> {
    try {
      const outcomes = await storage.append(fromColumns(columns))
      lastFault = undefined
      projecting.appended(await storage.lastSeq())
      return outcomes
    } catch (error) {
      noteFault(error)
      throw error
    }
  },
  status: () => ({ lag: projecting.lag(), fault: lastFault }),
  putDocuments: (...args: Parameters<Documents['put']>) => documents.put(...args),
  getDocument: (...args: Parameters<Documents['get']>) => documents.get(...args),
  listDocuments: (...args: Parameters<Documents['list']>) => documents.list(...args),
  countDocuments: (...args: Parameters<Documents['counts']>) => documents.counts(...args),
  removeDocuments: (...args: Parameters<Documents['remove']>) => documents.remove(...args),
  /** Projects what is left and closes the store. */
  async close(): Promise<void> {
    await projecting.finish()
    await storage.close()
  },
}

export type WriteThread = typeof functions

if (parentPort) offer(parentPort, functions)
