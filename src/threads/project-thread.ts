/** The project thread: folds the log and makes rounds ready; the write thread writes them. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { Projecting } from '../projections/projecting.ts'
import { TABLES } from '../projections/registry.ts'
import { openFolding, openReader, type StoreLocation } from '../storage/open-storage.ts'
import { type Seq, StoreUnavailable } from '../storage/storage.ts'
import type { ForProjector, ForWriter } from './project-link.ts'
import { connect } from './remote.ts'

const location = workerData as StoreLocation
const folding = openFolding(location, TABLES)
let projecting: Projecting | undefined

/** What the write thread calls. */
const forWriter: ForWriter = {
  appended: lastSeq => projecting?.appended(lastSeq),
}

const functions = {
  /** Connects the write thread, and begins. */
  async connectWriter(port: MessagePort): Promise<void> {
    const { remote: writer } = connect<ForProjector>(port, forWriter)
    const { rounds } = folding
    const readLog: typeof folding.readLog = (after, limit) => folding.readLog(after, limit)
    const store = { readLog, rounds, lastSeq: writer.lastSeq, apply: writer.apply }
    projecting = new Projecting(store, await checkpointOf(location), writer.keepSetAside)
    projecting.appended(await writer.lastSeq())
  },
  /** Projects what is left and stops. What can't be projected now will be at the next start. */
  async finish(): Promise<void> {
    try {
      await projecting?.finish()
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    }
    await folding.close()
  },
}

async function checkpointOf(store: StoreLocation): Promise<Seq> {
  const reader = openReader(store, TABLES)
  const checkpoint = await reader.snapshot(reads => reads.checkpoint())
  await reader.close()
  return checkpoint
}

export type ProjectThread = typeof functions

if (parentPort) connect(parentPort, functions)
