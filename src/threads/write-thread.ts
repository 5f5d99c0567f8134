/** The write thread: holds the only writing connection, appends what the main thread sends, and runs the projector. */
import { parentPort, workerData } from 'node:worker_threads'
import { Projecting } from '../projections/projecting.ts'
import { TABLES } from '../projections/registry.ts'
import { openStorage, type StoreLocation } from '../storage/open-storage.ts'
import type { AppendOutcome, Documents } from '../storage/storage.ts'
import { type EntryColumns, fromColumns } from './entry-columns.ts'
import { offer } from './remote.ts'

/** While the store fails, it is tried as often: nobody may send anything before it is known to work again. */
const PROBE_MS = 1_000

let lastFault: string | undefined
let probing: NodeJS.Timeout | undefined
const storage = openStorage(workerData as StoreLocation, TABLES)
const { documents } = storage
const projecting = await Projecting.start({ storage, clock: Date.now, onFault: noteFault })

function noteFault(error: unknown): void {
  lastFault = error instanceof Error ? error.message : String(error)
  probing ??= setInterval(probe, PROBE_MS)
}

function noteRecovery(): void {
  lastFault = undefined
  clearInterval(probing)
  probing = undefined
}

async function probe(): Promise<void> {
  try {
    await documents.put('probe', [{ id: 'probe', group: 'probe', value: '' }], 1)
    noteRecovery()
  } catch (error) {
    noteFault(error)
  }
}

const functions = {
  async append(columns: EntryColumns): Promise<AppendOutcome[]> {
    try {
      const outcomes = await storage.append(fromColumns(columns))
      if (lastFault !== undefined) noteRecovery()
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
    noteRecovery()
    await projecting.finish()
    await storage.close()
  },
}

export type WriteThread = typeof functions

if (parentPort) offer(parentPort, functions)
