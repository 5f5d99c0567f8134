/** The threads of the service: starting them, connecting them, ending them. */
import { setTimeout as wait } from 'node:timers/promises'
import { MessageChannel, type ResourceLimits, Worker } from 'node:worker_threads'
import type { Config } from '../settings/config.ts'
import { type Documents, StoreUnavailable } from '../storage/storage.ts'
import type { FiguresThread, FiguresThreadSettings } from './figures-worker.ts'
import type { OfFigures, OfWriter } from './links.ts'
import { callThread, type Offer, type Remote } from './remote.ts'
import { Watchdog } from './watchdog.ts'
import type { WriteThread, WriteThreadSettings } from './write-worker.ts'

/** Smaller heaps than Node's default, for little is kept; but what a batch makes should die young. */
const HEAPS = {
  write: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 },
  figures: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 320 },
}

/** A start that takes longer is complete later: the service is not ready meanwhile, but can say so. */
const START_PATIENCE_MS = 5_000

export interface ServiceThreads {
  writer: Remote<WriteThread>
  figures: Remote<FiguresThread>
  /** The documents of the store, through the thread that writes them. */
  documents: Documents
  /** Projects what is left, and ends all threads. */
  close(): Promise<void>
}

export interface ThreadEvents {
  /** A thread has ended by itself, or does not answer any more: nothing works then. */
  onFailure: (error: Error) => void
  /** Events were counted, or the catalogue's answers taken in. */
  onCounted: () => void
  /** So many dead letters left because there were too many. */
  onLettersDropped: (count: number) => void
  /** Takes lines for the log on why the service is not ready yet, and on what fails while it stops. */
  announce: (line: string) => void
}

/** @throws StoreInUse where another process has the data directory */
export async function startThreads(
  { dataDir, mongo, figures: figuresSettings, defaultCurrency, deadLetterMax }: Config,
  { onFailure, onCounted, onLettersDropped, announce }: ThreadEvents,
): Promise<ServiceThreads> {
  const threads = new Threads(onFailure, announce)
  const watchdog = new Watchdog(onFailure)
  const location = { dataDir, mongo }
  const writerSettings: WriteThreadSettings = { ...location, deadLetterMax }
  const ofWriter: OfWriter = { lettersDropped: onLettersDropped }
  const writer = threads.start<WriteThread>('write', './write-worker.ts', writerSettings, HEAPS.write, ofWriter)
  // The store is there once it answers.
  await writer.status()
  watchdog.watch('write', writer.status)
  const settings: FiguresThreadSettings = { location, figures: figuresSettings, defaultCurrency }
  const ofFigures: OfFigures = { counted: onCounted, announce }
  const figures = threads.start<FiguresThread>('figures', './figures-worker.ts', settings, HEAPS.figures, ofFigures)
  watchdog.watch('figures', figures.status)
  const connected = connectThreads(writer, figures)
  connected.catch(error => threads.fail(error))
  await within(
    START_PATIENCE_MS,
    connected.then(() => figures.complete()),
  )
  return {
    writer,
    figures,
    documents: remoteDocuments(writer),
    async close() {
      watchdog.stop()
      threads.expectEnd()
      try {
        await figures.close()
      } finally {
        await writer.close()
      }
      await threads.end()
    },
  }
}

/** What the one appends, the other counts, without a way over this thread. */
async function connectThreads(writer: Remote<WriteThread>, figures: Remote<FiguresThread>): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  await writer.connectFigures(port1)
  await figures.connectWriter(port2)
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  const timer = new AbortController()
  await Promise.race([work, wait(ms, undefined, { signal: timer.signal })])
  timer.abort()
}

class Threads {
  #workers: Worker[] = []
  #state: 'working' | 'ending' | 'terminated' = 'working'
  #onFailure: ThreadEvents['onFailure']
  #announce: ThreadEvents['announce']

  constructor(onFailure: ThreadEvents['onFailure'], announce: ThreadEvents['announce']) {
    this.#onFailure = onFailure
    this.#announce = announce
  }

  /** `offered`: what the thread may call of its owner. */
  start<T extends Offer>(
    name: string,
    file: string,
    workerData: unknown,
    resourceLimits: ResourceLimits,
    offered: Offer = {},
  ): Remote<T> {
    const worker = new Worker(new URL(file, import.meta.url), { workerData, resourceLimits })
    this.#workers.push(worker)
    const onEnd = (error: Error) => {
      if (this.fail(error)) return error
      if (this.#state === 'ending')
        this.#announce(`the ${name} thread ended while the service stopped: ${error.message}`)
      return new StoreUnavailable('the service is shutting down', { cause: error })
    }
    return callThread<T>(worker, onEnd, offered)
  }

  /** Says whether it is a failure: what works no more while the service stops is none. */
  fail(error: Error): boolean {
    if (this.#state !== 'working') return false
    this.#onFailure(error)
    return true
  }

  expectEnd(): void {
    this.#state = 'ending'
  }

  async end(): Promise<void> {
    this.#state = 'terminated'
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
