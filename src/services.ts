/** The wiring: settings → store, threads, clock. */
import { randomUUIDv7 } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { MessageChannel, type ResourceLimits, Worker } from 'node:worker_threads'
import type { AppServices, Health } from './app-services.ts'
import type { Config } from './config.ts'
import { DeadLetters } from './events/dead-letters.ts'
import { IngestionQueue } from './events/ingestion-queue.ts'
import { Intake } from './events/intake.ts'
import type { Documents } from './storage/storage.ts'
import { toColumns } from './threads/entry-columns.ts'
import type { ProjectThread } from './threads/project-thread.ts'
import type { QueryThread } from './threads/query-thread.ts'
import { callThread, type Remote } from './threads/remote.ts'
import type { WriteThread } from './threads/write-thread.ts'

/** A write thread that does not answer within this is reported as failing. */
const STATUS_PATIENCE_MS = 1_000
/** Smaller heaps than Node's default, for little is kept; but what a round makes should die young. */
const HEAPS = {
  write: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 },
  project: { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 256 },
  query: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 },
}

/**
 * Opens the store and starts the threads; ready when it resolves. `onFailure` hears of a thread that has ended by
 * itself: nothing works then, and the process should end.
 * @throws StoreInUse where another process has the data directory
 */
export async function startServices(config: Config, onFailure: (error: Error) => void): Promise<AppServices> {
  const clock = Date.now
  const location = { dataDir: config.dataDir }
  const threads = new Threads(onFailure)
  const writer = threads.start<WriteThread>('write-thread.ts', location, HEAPS.write)
  await writer.status()
  const projector = threads.start<ProjectThread>('project-thread.ts', location, HEAPS.project)
  await connectThreads(writer, projector)
  const settings = { ...location, defaultCurrency: config.defaultCurrency }
  const figures = threads.start<QueryThread>('query-thread.ts', settings, HEAPS.query)
  const rankings = threads.start<QueryThread>('query-thread.ts', settings, HEAPS.query)

  const queue = new IngestionQueue(entries => writer.append(toColumns(entries)))
  let dropped = 0
  const deadLetters = new DeadLetters(remoteDocuments(writer), {
    max: config.deadLetterMax,
    onDropped: count => {
      dropped += count
    },
  })
  const intake = new Intake({
    append: entries => queue.append(entries),
    deadLetters,
    clock,
    newId: randomUUIDv7,
    settings: { defaultCurrency: config.defaultCurrency, playMinSeconds: config.playMinMs / 1000 },
  })
  let state: Health['state'] = 'ready'
  let lastLag = { events: 0, ms: 0 }
  return {
    config,
    clock,
    intake,
    deadLetters,
    droppedLetters: () => dropped,
    questions: {
      artistKpis: question => figures.artistKpis(question, clock()),
      trending: question => rankings.trending(question, clock()),
      unattributed: page => rankings.unattributed(page),
    },
    async health() {
      const begun = performance.now()
      const answer = await Promise.race([writer.status(), wait(STATUS_PATIENCE_MS, undefined, { ref: false })])
      const ok = answer !== undefined && answer.fault === undefined
      // Without an answer the lag is not known: it is at least what it was, and what waits.
      const lag = answer?.lag ?? {
        events: Math.max(lastLag.events, queue.events),
        ms: Math.max(lastLag.ms, STATUS_PATIENCE_MS),
      }
      lastLag = lag
      return {
        storage: { ok, engine: 'sqlite', latencyMs: performance.now() - begun },
        projector: { lagEvents: lag.events, lagMs: lag.ms },
        queue: { events: queue.events, load: queue.load },
        ready: ok && state === 'ready',
        state,
      }
    },
    async close() {
      state = 'draining'
      await queue.close()
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

class Threads {
  #workers: Worker[] = []
  #ending = false
  #onFailure: (error: Error) => void

  constructor(onFailure: (error: Error) => void) {
    this.#onFailure = onFailure
  }

  start<T extends Record<string, (...args: never[]) => unknown>>(
    file: string,
    workerData: unknown,
    resourceLimits: ResourceLimits,
  ): Remote<T> {
    const worker = new Worker(new URL(`./threads/${file}`, import.meta.url), { workerData, resourceLimits })
    this.#workers.push(worker)
    return callThread<T>(worker, error => {
      if (!this.#ending) this.#onFailure(error)
    })
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
