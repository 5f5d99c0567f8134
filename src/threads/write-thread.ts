/** The write thread: holds the only writing connection; appends what the main thread sends, writes the projector's rounds. */
import { setTimeout as wait } from 'node:timers/promises'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { renewEdges } from '../content/renew-edges.ts'
import { creditEntry } from '../events/credited-entry.ts'
import { DeadLetters, type LoggedAs } from '../events/dead-letters.ts'
import { Lag } from '../projections/lag.ts'
import { openStorage, type StoreLocation } from '../storage/open-storage.ts'
import type { AppendOutcome, Documents, Round } from '../storage/storage.ts'
import { LAYOUT } from '../store-layout.ts'
import { type EntryColumns, fromColumns } from './entry-columns.ts'
import type { ForOwner, ForProjector, ForWriter } from './project-link.ts'
import { Pulling } from './pulling.ts'
import { connect, type Remote } from './remote.ts'
import { PROBE, WriteGuard } from './write-guard.ts'

const CATCHING_UP_MS = 20

export interface WriteThreadSettings extends StoreLocation {
  deadLetterMax: number
}

const { deadLetterMax, ...location } = workerData as WriteThreadSettings
const storage = await openStorage(location, LAYOUT)
const { documents } = storage
const checkpoint = await storage.snapshot(reads => reads.checkpoint())
const lag = new Lag(Date.now, checkpoint, await storage.lastSeq())
const guard = new WriteGuard(async () => {
  // What others wrote comes first: it makes the connection where there was none yet.
  await storage.pull?.()
  await documents.put(PROBE, [{ id: PROBE, group: PROBE, value: '' }], 1)
})
const deadLetters = new DeadLetters(documents, {
  max: deadLetterMax,
  onDropped: count => owner?.lettersDropped(count),
})
let projector: Remote<ForWriter> | undefined
let owner: Remote<ForOwner> | undefined
/** Where the store is shared. */
const pulling = storage.pull && new Pulling(pullOnce)

async function pullOnce(): Promise<boolean> {
  await lag.room()
  const hasMore = await guard.run(() => storage.pull!())
  await logHasGrown()
  return hasMore
}

/** To be called where it may have. */
async function logHasGrown(): Promise<void> {
  const lastSeq = await storage.lastSeq()
  lag.appended(lastSeq)
  projector?.appended(lastSeq)
}

/** What the project thread calls. */
const forProjector: ForProjector = {
  lastSeq: () => storage.lastSeq(),
  async apply(round: Round): Promise<void> {
    try {
      const write = async () => {
        if (round.after === 0) await renewEdges(storage)
        await storage.apply(round)
      }
      // A replica is this instance's own: it is counted on while the shared log is away.
      await (pulling ? guard.attempt(write) : guard.run(write))
      lag.applied(round.upTo)
      owner?.projected()
    } catch (error) {
      lag.release()
      throw error
    }
  },
  keepSetAside: found => guard.run(() => deadLetters.keepSetAside(found, Date.now())),
}

const functions = {
  /** Connects the project thread. */
  connectProjector(port: MessagePort): void {
    projector = connect<ForWriter>(port, forProjector).remote
    pulling?.start()
  },
  async append(columns: EntryColumns): Promise<AppendOutcome[]> {
    if (guard.fault === undefined) await lag.room()
    const outcomes = await guard.run(() => storage.append(fromColumns(columns)))
    await logHasGrown()
    return outcomes
  },
  /** Resolves when the figures contain what all instances had appended at some time since the start. */
  async caughtUp(): Promise<void> {
    await pulling?.caughtUp
    const upTo = await storage.lastSeq()
    while ((await storage.lastSeq()) - lag.events < upTo) await wait(CATCHING_UP_MS)
  },
  async loggedAs(id: string): Promise<LoggedAs> {
    const entry = await guard.run(() => storage.find(id))
    if (entry === null) return 'nothing'
    return creditEntry(entry).ok ? 'counted' : 'set aside'
  },
  /** How many of the events are counted, and whether all are counted again because the store was outdated. */
  async progress() {
    const all = await storage.lastSeq()
    return { wasOutdated: storage.wasOutdated, counted: all - lag.events, all }
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
    await pulling?.stop()
    await storage.close()
  },
}

export type WriteThread = typeof functions

if (parentPort) owner = connect<ForOwner>(parentPort, functions).remote
