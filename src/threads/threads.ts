/** The threads of the service: starting them, connecting them, ending them. */
import { setTimeout as wait } from 'node:timers/promises'
import { MessageChannel, type ResourceLimits, Worker } from 'node:worker_threads'
import { unavailable } from '../errors.ts'
import type { StoreLocation } from '../storage/open-storage.ts'
import type { Documents } from '../storage/storage.ts'
import { CaughtUp } from './caught-up.ts'
import type { ForOwner } from './project-link.ts'
import type { ProjectThread } from './project-thread.ts'
import type { QueryThread } from './query-thread.ts'
import { callThread, type Offer, type Remote } from './remote.ts'
import type { WriteThread, WriteThreadSettings } from './write-thread.ts'

/** Smaller heaps than Node's default, for little is kept; but what a round makes should die young. */
const HEAPS = {
  write: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 },
  project: { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 256 },
  query: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 },
}

/** A start that takes longer is complete later: the service is not ready meanwhile, but can say so. */
const START_PATIENCE_MS = 5_000
/** Query threads change nothing: where they still answer what nobody waits for any more, they end in the middle of it. */
const READERS_MS = 500

export interface ServiceThreads {
  writer: Remote<WriteThread>
  /** Answers what is quick. */
  figures: Remote<QueryThread>
  /** Answers what reads much. */
  rankings: Remote<QueryThread>
  /** The documents of the store, through the thread that writes them. */
  documents: Documents
  /** Whether the figures contain all that had been appended at the start; until then, no question is answered. */
  isCaughtUp(): boolean
  /** Projects what is left, and ends all threads. */
  close(): Promise<void>
}

export interface ThreadEvents {
  /** A thread has ended by itself: nothing works then. */
  onFailure: (error: Error) => void
  /** Events were counted. */
  onProjected: () => void
  /** So many dead letters left because there were too many. */
  onLettersDropped: (count: number) => void
  /** Takes lines for the log on why the service is not ready yet. */
  announce: (line: string) => void
}

/** @throws StoreInUse where another process has the data directory */
export async function startThreads(
  location: StoreLocation,
  { defaultCurrency, deadLetterMax }: { defaultCurrency: string; deadLetterMax: number },
  { onFailure, onProjected, onLettersDropped, announce }: ThreadEvents,
): Promise<ServiceThreads> {
  const threads = new Threads(onFailure)
  const forWriter: ForOwner = { projected: onProjected, lettersDropped: onLettersDropped }
  const writerSettings: WriteThreadSettings = { ...location, deadLetterMax }
  const writer = threads.start<WriteThread>('./write-thread.ts', writerSettings, HEAPS.write, forWriter)
  const caughtUp = new CaughtUp(writer, announce)
  await caughtUp.tell()
  const projector = threads.start<ProjectThread>('./project-thread.ts', location, HEAPS.project)
  await connectThreads(writer, projector)
  const settings = { ...location, defaultCurrency }
  const figures = threads.start<QueryThread>('./query-thread.ts', settings, HEAPS.query)
  const rankings = threads.start<QueryThread>('./query-thread.ts', settings, HEAPS.query)
  await caughtUp.within(START_PATIENCE_MS)
  return {
    writer,
    figures: caughtUp.first(figures),
    rankings: caughtUp.first(rankings),
    documents: remoteDocuments(writer),
    isCaughtUp: () => caughtUp.isReached,
    async close() {
      threads.expectEnd()
      const readers = Promise.all([figures.close(), rankings.close()])
      await Promise.all([Promise.race([readers, wait(READERS_MS, undefined, { ref: false })]), projector.finish()])
      await writer.close()
      await threads.end()
    },
  }
}

/** Rounds go straight from the one to the other. */
async function connectThreads(writer: Remote<WriteThread>, projector: Remote<ProjectThread>): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  await writer.connectProjector(port1)
  await projector.connectWriter(port2)
}

class Threads {
  #workers: Worker[] = []
  #ending = false
  #onFailure: (error: Error) => void

  constructor(onFailure: (error: Error) => void) {
    this.#onFailure = onFailure
  }

  /** `offered`: what the thread may call of its owner. */
  start<T extends Offer>(
    file: string,
    workerData: unknown,
    resourceLimits: ResourceLimits,
    offered: Offer = {},
  ): Remote<T> {
    const worker = new Worker(new URL(file, import.meta.url), { workerData, resourceLimits })
    this.#workers.push(worker)
    const onEnd = (error: Error) => {
      if (this.#ending) return unavailable('the service is shutting down')
      this.#onFailure(error)
      return error
    }
    return callThread<T>(worker, onEnd, offered)
  }

  expectEnd(): void {
    this.#ending = true
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map(worker => worker.terminate()))
  }
}

function remoteDocuments(writer: Remote<WriteThread>): Documents {
  return {
    put: writer.putDocuments,
    add: writer.addDocument,
    swap: writer.swapDocument,
    get: writer.getDocument,
    list: writer.listDocuments,
    counts: writer.countDocuments,
    remove: writer.removeDocuments,
  }
}
