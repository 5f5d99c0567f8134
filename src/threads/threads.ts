/** The threads of the service: starting them, connecting them, ending them. */
import { setTimeout as wait } from 'node:timers/promises'
import { MessageChannel, type ResourceLimits, Worker } from 'node:worker_threads'
import type { StoreLocation } from '../storage/open-storage.ts'
import { type Documents, StoreUnavailable } from '../storage/storage.ts'
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
const CATCHING_UP = 'the service is taking in the shared log'

export interface ServiceThreads {
  writer: Remote<WriteThread>
  /** Answers what is quick. */
  figures: Remote<QueryThread>
  /** Answers what reads much. */
  rankings: Remote<QueryThread>
  /** The documents of the store, through the thread that writes them. */
  documents: Documents
  /** Whether the figures contain what all instances had appended at the start; until then, no question is answered. */
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
}

/** @throws StoreInUse where another process has the data directory */
export async function startThreads(
  location: StoreLocation,
  { defaultCurrency, deadLetterMax }: { defaultCurrency: string; deadLetterMax: number },
  { onFailure, onProjected, onLettersDropped }: ThreadEvents,
): Promise<ServiceThreads> {
  const threads = new Threads(onFailure)
  const forWriter: ForOwner = { projected: onProjected, lettersDropped: onLettersDropped }
  const writerSettings: WriteThreadSettings = { ...location, deadLetterMax }
  const writer = threads.start<WriteThread>('./write-thread.ts', writerSettings, HEAPS.write, forWriter)
  await writer.status()
  const projector = threads.start<ProjectThread>('./project-thread.ts', location, HEAPS.project)
  await connectThreads(writer, projector)
  const caughtUp = new CaughtUp(writer.caughtUp())
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
      await Promise.all([figures.close(), rankings.close(), projector.finish()])
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

/** Answers nothing before the figures are complete: those of a replica that is still being filled would be wrong. */
class CaughtUp {
  isReached = false
  #reached: Promise<void>

  constructor(reached: Promise<void>) {
    this.#reached = reached.then(() => {
      this.isReached = true
    })
    // Where the thread has ended, its owner hears of that.
    this.#reached.catch(() => {})
  }

  /** Waits for it, but no longer. */
  async within(ms: number): Promise<void> {
    const timer = new AbortController()
    await Promise.race([this.#reached, wait(ms, undefined, { signal: timer.signal })])
    timer.abort()
  }

  /** The functions of the thread, refused until then. */
  first(thread: Remote<QueryThread>): Remote<QueryThread> {
    return new Proxy(thread, {
      get: (functions, name: keyof QueryThread) =>
        this.isReached || name === 'close' ? functions[name] : () => Promise.reject(new StoreUnavailable(CATCHING_UP)),
    })
  }
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
      if (!this.#ending) this.#onFailure(error)
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
