/** The threads of the service: starting them, connecting them, ending them. */
import { MessageChannel, type MessagePort, type Transferable, Worker } from 'node:worker_threads'
import pTimeout from 'p-timeout'
import type { Config } from '../settings/config.ts'
import { type Documents, StoreUnavailable } from '../storage/storage.ts'
import { Caller, serve } from './calls.ts'
import type { FiguresWorker, FiguresWorkerOwner } from './figures-worker.ts'
import { FiguresWorkerClient } from './figures-worker-client.ts'
import type { FiguresWorkerData } from './figures-worker-entry.ts'
import { Watchdog } from './watchdog.ts'
import type { WriteWorker, WriteWorkerOwner } from './write-worker.ts'
import { WriteWorkerClient } from './write-worker-client.ts'
import type { WriteWorkerData } from './write-worker-entry.ts'

/** Smaller heaps than Node's default, for little is kept; but what a batch makes should die young. */
const HEAPS = {
  write: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 },
  figures: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 320 },
}

/** A start that takes longer is complete later: the service is not ready meanwhile, but can say so. */
const START_LIMIT_MS = 5_000

export interface ServiceThreads {
  writer: WriteWorkerClient
  figures: FiguresWorkerClient
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
  /** So many dead letters were removed because there were too many. */
  onLettersDropped: (count: number) => void
  /** Takes lines for the log on why the service is not ready yet, and on what fails while it stops. */
  announce: (line: string) => void
}

/** @throws StoreInUse where another process has the data directory */
export async function startThreads(config: Config, events: ThreadEvents): Promise<ServiceThreads> {
  const threads = new Threads(events)
  const watchdog = new Watchdog(events.onFailure)
  // The two workers call each other without a way over this thread.
  const { port1: figuresPort, port2: writerPort } = new MessageChannel()
  const writer = startWriter(threads, config, figuresPort, events)
  // The store is there once it answers.
  await writer.status()
  watchdog.watch('write', () => writer.status())
  const figures = startFigures(threads, config, writerPort, events)
  watchdog.watch('figures', () => figures.status())
  const started = figures.start()
  started.catch(error => threads.fail(error))
  await pTimeout(
    started.then(() => figures.complete()),
    { milliseconds: START_LIMIT_MS, fallback: () => {} },
  )
  return {
    writer,
    figures,
    documents: writer,
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

function startWriter(
  threads: Threads,
  { dataDir, mongo, deadLetterMax }: Config,
  figuresPort: MessagePort,
  { onLettersDropped }: ThreadEvents,
): WriteWorkerClient {
  const data: WriteWorkerData = { dataDir, mongo, deadLetterMax, figuresPort }
  const owner: WriteWorkerOwner = { onLettersDropped }
  return new WriteWorkerClient(threads.start<WriteWorker>('write', data, [figuresPort], owner))
}

function startFigures(
  threads: Threads,
  { dataDir, mongo, figures, defaultCurrency, chartPlaysPerListener }: Config,
  writerPort: MessagePort,
  { onCounted, announce }: ThreadEvents,
): FiguresWorkerClient {
  const data: FiguresWorkerData = {
    location: { dataDir, mongo },
    settings: figures,
    defaultCurrency,
    chartPlaysPerListener,
    writerPort,
  }
  const owner: FiguresWorkerOwner = { onCounted, announce }
  return new FiguresWorkerClient(threads.start<FiguresWorker>('figures', data, [writerPort], owner))
}

class Threads {
  readonly #onFailure: ThreadEvents['onFailure']
  readonly #announce: ThreadEvents['announce']
  #workers: Worker[] = []
  #state: 'working' | 'ending' | 'terminated' = 'working'

  constructor({ onFailure, announce }: ThreadEvents) {
    this.#onFailure = onFailure
    this.#announce = announce
  }

  /** Starts `<name>-worker-entry.ts`. `owner`: what the thread may call of this one. */
  start<Offered>(
    name: keyof typeof HEAPS,
    workerData: unknown,
    transferList: Transferable[],
    owner: object,
  ): Caller<Offered> {
    const entry = new URL(`./${name}-worker-entry.ts`, import.meta.url)
    const worker = new Worker(entry, { workerData, transferList, resourceLimits: HEAPS[name] })
    this.#workers.push(worker)
    const caller = new Caller<Offered>(worker)
    serve(worker, owner)
    let hasEnded = false
    const end = (error: Error) => {
      // An end by an error is followed by an exit.
      if (!hasEnded) caller.lose(this.#onEnd(name, error))
      hasEnded = true
    }
    worker.on('error', error => end(error instanceof Error ? error : new Error(String(error))))
    worker.on('exit', code => end(new Error(`a thread ended with code ${code}`)))
    return caller
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

  /** The error of all calls to a thread that has ended. */
  #onEnd(name: string, error: Error): Error {
    if (this.fail(error)) return error
    if (this.#state === 'ending') this.#announce(`the ${name} thread ended while the service stopped: ${error.message}`)
    return new StoreUnavailable('the service is shutting down', { cause: error })
  }
}
