/** The write thread: holds the only writing connection, appends what the main thread sends, and runs the projector. */
import { parentPort, workerData } from 'node:worker_threads'
import { Projecting } from '../projections/projecting.ts'
import { TABLES } from '../projections/registry.ts'
import { openStorage, type StoreLocation } from '../storage/open-storage.ts'
import { type AppendOutcome, type Documents, type LogEntry, StoreUnavailable } from '../storage/storage.ts'
import { type EntryColumns, fromColumns } from './entry-columns.ts'
import { offer } from './remote.ts'
import { WriteGuard } from './write-guard.ts'

const storage = openStorage(workerData as StoreLocation, TABLES)
const { documents } = storage
const guard = new WriteGuard(() => documents.put('probe', [{ id: 'probe', group: 'probe', value: '' }], 1))
const projecting = await Projecting.start({ storage, clock: Date.now, onFault: fault => guard.note(fault) })

interface WaitingEntries {
  entries: LogEntry[]
  resolve: (outcomes: AppendOutcome[]) => void
  reject: (error: unknown) => void
}

let waiting: WaitingEntries[] = []

/** Writes all that has arrived in one commit. */
async function appendWaiting(): Promise<void> {
  await projecting.room()
  const all = waiting
  waiting = []
  try {
    const outcomes = await guard.run(() => storage.append(all.flatMap(({ entries }) => entries)))
    let from = 0
    for (const { entries, resolve } of all) {
      resolve(outcomes.slice(from, from + entries.length))
      from += entries.length
    }
    projecting.appended(await storage.lastSeq())
  } catch (error) {
    for (const { reject } of all) reject(error)
  }
}

const functions = {
  append(columns: EntryColumns): Promise<AppendOutcome[]> {
    return new Promise((resolve, reject) => {
      waiting.push({ entries: fromColumns(columns), resolve, reject })
      if (waiting.length === 1) setImmediate(appendWaiting)
    })
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
