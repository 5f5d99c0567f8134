/** The write thread: holds the only writing connection to the log and the documents. */

import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { creditEntry } from '../attribution/credited-entry.ts'
import { Lag } from '../facts/lag.ts'
import { extraWeightOf } from '../facts/weight.ts'
import { DeadLetters } from '../ingestion/dead-letters.ts'
import type { LoggedAs } from '../ingestion/replay.ts'
import { openStorage, type StoreLocation } from '../opening/open-storage.ts'
import { CATALOGUE_RECORDS, COLLECTIONS, PROBE } from '../storage/collections.ts'
import type { AppendOutcome, Documents, LogEntry } from '../storage/storage.ts'
import { type EntryColumns, fromColumns } from './entry-columns.ts'
import type { ForFigures, ForWriter, OfWriter } from './links.ts'
import { LogFollower } from './log-follower.ts'
import { connect, type Remote } from './remote.ts'
import { WriteGuard } from './write-guard.ts'

export interface WriteThreadSettings extends StoreLocation {
  deadLetterMax: number
}

const { deadLetterMax, ...location } = workerData as WriteThreadSettings
const storage = await openStorage(location, COLLECTIONS)
const { documents } = storage
const lag = new Lag(() => performance.now())
const guard = new WriteGuard(async () => {
  // What others wrote comes first: it makes the connection where there was none yet.
  await storage.pull?.()
  await documents.put(PROBE, [{ id: PROBE, group: PROBE, value: '' }], 1)
})
const deadLetters = new DeadLetters(documents, {
  max: deadLetterMax,
  onDropped: count => owner?.lettersDropped(count),
})
let figures: Remote<ForWriter> | undefined
let owner: Remote<OfWriter> | undefined
/** Where the store is shared. */
const pulling = storage.pull && new LogFollower(pullOnce)

async function pullOnce(): Promise<boolean> {
  await lag.room()
  let extra = 0
  const onTaken = (entries: readonly LogEntry[]) => {
    extra += extraWeightOf(entries)
  }
  const hasMore = await guard.run(() => storage.pull!(onTaken))
  figures?.recordsChanged()
  await logHasGrown(extra)
  return hasMore
}

/** To be called where it may have. `extra`: what the new entries weigh beyond 1 each, as far as is known. */
async function logHasGrown(extra = 0): Promise<void> {
  const lastSeq = await storage.lastSeq()
  lag.appended(lastSeq, extra)
  figures?.appended(lastSeq)
}

/** Runs a write, and tells the figures where it is one that they take in. */
async function writeDocuments<T>(collection: string, write: () => Promise<T>): Promise<T> {
  const result = await guard.run(write)
  if (collection === CATALOGUE_RECORDS) figures?.recordsChanged()
  return result
}

/** What the figures thread calls. */
const forFigures: ForFigures = {
  async lastSeqOfAll() {
    await pulling?.caughtUp
    return storage.lastSeq()
  },
  counted: seq => lag.counted(seq),
  held: () => lag.release(),
  keepSetAside: found => guard.run(() => deadLetters.keepSetAside(found, Date.now())),
}

const functions = {
  /** Connects the figures thread. */
  async connectFigures(port: MessagePort): Promise<void> {
    figures = connect<ForWriter>(port, forFigures).remote
    await logHasGrown()
    pulling?.start()
  },
  async append(columns: EntryColumns): Promise<AppendOutcome[]> {
    if (guard.fault === undefined) await lag.room()
    const entries = fromColumns(columns)
    const outcomes = await guard.run(() => storage.append(entries))
    await logHasGrown(extraWeightOf(entries.filter((_, i) => outcomes[i] === 'accepted')))
    return outcomes
  },
  async loggedAs(id: string): Promise<LoggedAs> {
    const entry = await guard.run(() => storage.find(id))
    if (entry === null) return 'nothing'
    return creditEntry(entry).ok ? 'counted' : 'set aside'
  },
  status: () => ({ lag: { events: lag.events, ms: lag.ms }, fault: guard.fault }),
  putDocuments: (...args: Parameters<Documents['put']>) => writeDocuments(args[0], () => documents.put(...args)),
  addDocument: (...args: Parameters<Documents['add']>) => writeDocuments(args[0], () => documents.add(...args)),
  swapDocument: (...args: Parameters<Documents['swap']>) => guard.run(() => documents.swap(...args)),
  getDocument: (...args: Parameters<Documents['get']>) => documents.get(...args),
  listDocuments: (...args: Parameters<Documents['list']>) => documents.list(...args),
  countDocuments: (...args: Parameters<Documents['counts']>) => documents.counts(...args),
  removeDocuments: (...args: Parameters<Documents['remove']>) => guard.run(() => documents.remove(...args)),
  async close(): Promise<void> {
    guard.stop()
    await pulling?.stop()
    await storage.close()
  },
}

export type WriteThread = typeof functions

if (parentPort) owner = connect<OfWriter>(parentPort, functions).remote
